import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { SignIn } from "./signed-in.ts";

/** Loaded where it is needed: a local cloud has no pool. */
const loadPool = () => import("./pool.ts");

/** Begins to load what signing in needs, before it is known which way it goes. */
export function prepareToSignIn(secret: string | undefined): void {
  // If it cannot be loaded, signing in says so.
  if (secret === undefined) loadPool().catch(() => {});
}

/** Signs in as the stack's settings say; `byLink` is what a local cloud says to its link's secret. */
export async function signIn({ signIn: way }: ConsoleSettings, byLink: Promise<SignIn>): Promise<SignIn> {
  switch (way.kind) {
    case "link":
      return await byLink;
    case "pool":
      return (await loadPool()).signInWithPool(way);
    default:
      return way satisfies never;
  }
}
