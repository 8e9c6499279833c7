import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { signInByLink } from "./link.ts";
import type { SignIn } from "./signed-in.ts";

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
