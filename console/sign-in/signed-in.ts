import type { Session } from "../../shared/console/session.ts";

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
