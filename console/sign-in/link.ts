import { Session } from "../../shared/console/session.ts";
import type { SignIn } from "./sign-in.ts";

/** Where this tab remembers the link's secret, so that reloading the page does not sign out. */
const remembered = "bulk-send-link";

const noLink =
  "Open the link that bulk-send printed when it was started: it signs you in. Whoever started it can send you back to it.";
const deadLink =
  "This link is no longer valid: it ends when bulk-send is stopped. Open the link that it printed when it was started last.";
const noAnswer = "bulk-send does not answer. If it was stopped, start it again and open the link that it prints.";

/** Signs in with the secret of a local cloud's link, which is taken out of the address at once. */
export async function signInByLink(): Promise<SignIn> {
  const secret = takeSecret();
  if (secret === undefined) return { kind: "signed-out", why: noLink };
  const asked = await askSession(secret);
  if (typeof asked === "string") {
    if (asked === deadLink) sessionStorage.removeItem(remembered);
    return { kind: "signed-out", why: asked };
  }
  return {
    kind: "signed-in",
    signedIn: {
      session: asked,
      renew: async () => {
        const again = await askSession(secret);
        return typeof again === "string" ? undefined : again;
      },
      signOut: async () => sessionStorage.removeItem(remembered),
    },
  };
}

function takeSecret(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get("key");
  if (given === null || given === "") return sessionStorage.getItem(remembered) ?? undefined;
  history.replaceState(null, "", `${location.pathname}#/`);
  sessionStorage.setItem(remembered, given);
  return given;
}

/** A session, or why there is none. */
async function askSession(secret: string): Promise<Session | string> {
  try {
    const answer = await fetch("session", {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      cache: "no-store",
    });
    if (answer.ok) return Session.parse(await answer.json());
    return answer.status === 401 ? deadLink : noAnswer;
  } catch {
    return noAnswer;
  }
}
