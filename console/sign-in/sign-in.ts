import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { Session } from "../../shared/console/session.ts";
import { signInByLink } from "./link.ts";

/** Somebody who is signed in. */
export interface SignedIn {
  readonly session: Session;
  /** Keys in place of those that end; `undefined` when the person has to sign in again. */
  renew(): Promise<Session | undefined>;
  signOut(): Promise<void>;
}

/** Whether somebody is signed in. */
export type SignIn =
  | { readonly kind: "signed-in"; readonly signedIn: SignedIn }
  /** `why` says in a sentence or two what to do; where a button does it, `start` is what it does. */
  | { readonly kind: "signed-out"; readonly why: string; readonly start?: () => Promise<void> };

/** Signs in as the stack's settings say; `secret` is that of a local cloud's link. */
export async function signIn({ signIn: way }: ConsoleSettings, secret: string | undefined): Promise<SignIn> {
  switch (way.kind) {
    case "link":
      return await signInByLink(secret);
    case "pool":
      // Loaded where it is needed: this machine has no pool.
      return (await import("./pool.ts")).signInWithPool(way);
    default:
      return way satisfies never;
  }
}
