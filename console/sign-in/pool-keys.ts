import * as z from "zod";
import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { Session } from "../../shared/console/session.ts";

/** Where people of a user pool sign in. */
export type Pool = Extract<ConsoleSettings["signIn"], { readonly kind: "pool" }>;

const Identity = z.object({ IdentityId: z.string().min(1) });
const Answered = z.object({
  Credentials: z.object({
    AccessKeyId: z.string().min(1),
    SecretKey: z.string().min(1),
    SessionToken: z.string().min(1),
    /** Seconds since 1970. */
    Expiration: z.number(),
  }),
});

/** The identity pool gave no keys: the token is not good any more, or the person is in no group. */
export class NoKeys extends Error {
  override readonly name = "NoKeys";
}

/**
 * Keys for somebody by an id token of the user pool, with the rights of the person's group. Throws a NoKeys when the pool gives
 * none, and what `fetch` throws when it cannot be reached.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
 */
export async function keysFor(
  { issuer, identityPoolId }: Pick<Pool, "issuer" | "identityPoolId">,
  idToken: string,
): Promise<Session["credentials"]> {
  // Logins are named by their issuer, without its scheme.
  const logins = { Logins: { [issuer.replace(/^https:\/\//, "")]: idToken } };
  const ask = (operation: string, body: object) => call(regionOf(identityPoolId), operation, { ...body, ...logins });
  const { IdentityId } = Identity.parse(await ask("GetId", { IdentityPoolId: identityPoolId }));
  const { Credentials } = Answered.parse(await ask("GetCredentialsForIdentity", { IdentityId }));
  return {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretKey,
    sessionToken: Credentials.SessionToken,
    expiresAt: Credentials.Expiration * 1000,
  };
}

/** An identity pool's id begins with its region. */
const regionOf = (identityPoolId: string): string => identityPoolId.split(":")[0] ?? "";

async function call(region: string, operation: string, body: object): Promise<unknown> {
  const answer = await fetch(`https://cognito-identity.${region}.amazonaws.com/`, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSCognitoIdentityService.${operation}` },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
  });
  if (answer.ok) return await answer.json();
  const problem = z.object({ __type: z.string() }).safeParse(await answer.json().catch(() => undefined));
  const what = problem.data?.__type.replace(/^.*#/u, "") ?? `HTTP ${answer.status}`;
  if (answer.status >= 500 || what === "TooManyRequestsException") throw new Error(`${operation}: ${what}`);
  throw new NoKeys(`${operation}: ${what}`);
}
