// First, as what follows makes schemas.
import "../no-eval.ts";
import { ErrorResponse, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import * as z from "zod";
import { rolesIn } from "../../shared/console/groups.ts";
import type { Session } from "../../shared/console/session.ts";
import { keysFor, NoKeys, type Pool } from "./pool-keys.ts";
import type { SignIn } from "./signed-in.ts";

const pleaseSignIn = "Sign in to send lists and to see what became of them.";
const notIn = "That did not work, and you are not signed in. Try it again.";
const over = "You have been signed out, because it is a while ago that you signed in.";
const noAnswer = "The sign-in service cannot be reached. Check your connection, and try it again.";
const nothingAllowed =
  "You are signed in, but nobody has said what you may do here. Ask whoever looks after this system, and sign in again afterwards.";

/** What an id token says about somebody. */
const Claims = z.object({
  sub: z.string().min(1),
  email: z.string().min(1),
  "cognito:groups": z.array(z.string()).default([]),
});

/** What the page remembers while somebody is on the login pages. */
const Remembered = z.object({ hash: z.string() });

/**
 * Signs in with a user pool: on its login pages, from which people come back with a code that only this tab can redeem (PKCE).
 * Tokens are kept in this tab's memory of the session; keys are got with them, and are kept nowhere.
 */
export async function signInWithPool(pool: Pool): Promise<SignIn> {
  const manager = managerFor(pool);
  const start = () => manager.signinRedirect({ state: { hash: location.hash } satisfies z.infer<typeof Remembered> });
  const signOut = () => leave(pool, manager);
  try {
    const user = (await returned(manager)) ?? (await remembered(manager));
    if (user === undefined) return { kind: "signed-out", why: pleaseSignIn, start };
    const session = await sessionWith(pool, manager, user);
    if (session === undefined) return { kind: "signed-out", why: nothingAllowed, start: signOut };
    return { kind: "signed-in", signedIn: { session, renew: () => renew(pool, manager), signOut } };
  } catch (error) {
    if (error instanceof NoKeys) {
      await manager.removeUser();
      return { kind: "signed-out", why: over, start };
    }
    // What `fetch` throws without a connection.
    return { kind: "signed-out", why: error instanceof TypeError ? noAnswer : notIn, start };
  }
}

function managerFor({ issuer, clientId }: Pool): UserManager {
  const page = `${location.origin}${location.pathname}`;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: page,
    scope: "openid email",
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
    // The page renews when it needs keys, and not while it lies in the background.
    automaticSilentRenew: false,
    fetchRequestCredentials: "omit",
  });
}

/** Somebody who has just come back from the login pages; the code is taken out of the address at once. */
async function returned(manager: UserManager): Promise<User | undefined> {
  const address = new URL(location.href);
  if (!address.searchParams.has("state")) return undefined;
  history.replaceState(null, "", `${address.pathname}#/`);
  try {
    const user = await manager.signinRedirectCallback(address.href);
    const before = Remembered.safeParse(user.state).data?.hash ?? "";
    // Where they were before; the page follows its address.
    if (before !== "") location.replace(before);
    return user;
  } catch (error) {
    // An address that was opened again, from the history say, whose code is used up: who is signed in stays so.
    const known = await remembered(manager);
    if (known !== undefined) return known;
    throw error;
  }
}

/** Somebody who has signed in in this tab before. */
async function remembered(manager: UserManager): Promise<User | undefined> {
  const user = await manager.getUser();
  if (user === null) return undefined;
  return user.expired === true ? await refreshed(manager) : user;
}

/** The same person with new tokens; `undefined` when the pool asks for the password again. */
async function refreshed(manager: UserManager): Promise<User | undefined> {
  try {
    return (await manager.signinSilent()) ?? undefined;
  } catch (error) {
    if (!(error instanceof ErrorResponse)) throw error;
    await manager.removeUser();
    return undefined;
  }
}

/** As `sessionOf`, with new tokens where the pool does not take these: by this machine's clock they may not have ended yet. */
async function sessionWith(pool: Pool, manager: UserManager, user: User): Promise<Session | undefined> {
  try {
    return await sessionOf(pool, user);
  } catch (error) {
    if (!(error instanceof NoKeys)) throw error;
    const again = await refreshed(manager);
    if (again === undefined) throw error;
    return await sessionOf(pool, again);
  }
}

/** What somebody may do, and with which keys; `undefined` for who is in no group, to whom the pool gives none. */
async function sessionOf(pool: Pool, { profile, id_token: idToken = "" }: User): Promise<Session | undefined> {
  const { sub, email, "cognito:groups": groups } = Claims.parse(profile);
  const roles = [...rolesIn(groups)];
  if (roles.length === 0) return undefined;
  return { person: email, roles, tag: sub, credentials: await keysFor(pool, idToken) };
}

async function renew(pool: Pool, manager: UserManager): Promise<Session | undefined> {
  try {
    const user = await refreshed(manager);
    return user && (await sessionOf(pool, user));
  } catch (error) {
    if (error instanceof NoKeys) return undefined;
    throw error;
  }
}

/** Signs out here and on the login pages, which would otherwise let the next one in without a password. */
async function leave({ domain, clientId }: Pool, manager: UserManager): Promise<void> {
  // What cannot be revoked ends by itself.
  await manager.revokeTokens(["refresh_token"]).catch(() => {});
  await manager.removeUser();
  const page = `${location.origin}${location.pathname}`;
  location.assign(`https://${domain}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: page })}`);
}
