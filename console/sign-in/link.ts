import type { Session } from "../../shared/console/session.ts";
import type { SignIn } from "./signed-in.ts";

/** Where this tab remembers the link's secret, so that loading the page again does not sign out. */
const remembered = "bulk-send-link";

const noLink = "Open the link that bulk-send printed when it was started: it signs you in.";
const deadLink =
  "This link is no longer valid: it ends when bulk-send is stopped. Open the link that it printed when it was started last.";

/** Whether the address is a local cloud's link. */
export const isAtLink = (): boolean => (new URLSearchParams(location.hash.slice(1)).get("key") ?? "") !== "";

/** The secret of a local cloud's link, which is taken out of the address at once; `undefined` where there is none. */
export function takeLinkSecret(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given === null || given === "") return sessionStorage.getItem(remembered) ?? undefined;
  history.replaceState(null, "", `${location.pathname}#/`);
  sessionStorage.setItem(remembered, given);
  return given;
}

/** Nobody is signed in, with this secret or without any. */
export function refusedLink(secret: string | undefined): Extract<SignIn, { kind: "signed-out" }> {
  if (secret !== undefined) sessionStorage.removeItem(remembered);
  return { kind: "signed-out", why: secret === undefined ? noLink : deadLink };
}

/** Signs in with the secret of a local cloud's link. Throws when the cloud cannot be reached. */
export async function signInByLink(secret: string | undefined): Promise<SignIn> {
  const session = secret === undefined ? undefined : await askSession(secret);
  if (secret === undefined || session === undefined) return refusedLink(secret);
  return {
    kind: "signed-in",
    signedIn: {
      session,
      renew: () => askSession(secret),
      signOut: async () => sessionStorage.removeItem(remembered),
    },
  };
}

async function askSession(secret: string): Promise<Session | undefined> {
  const headers = { authorization: `Bearer ${secret}` };
  const [answer, { readSession }] = await Promise.all([
    fetch("session", { method: "POST", headers, cache: "no-store" }),
    import("../read-answers.ts"),
  ]);
  if (answer.status === 401) return undefined;
  if (!answer.ok) throw new Error(`session: ${answer.status}`);
  return readSession(await answer.json());
}
