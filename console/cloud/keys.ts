import type { Session } from "../../shared/console/session.ts";
import type { SignedIn } from "../sign-in/signed-in.ts";
import { CloudError, type WithNewKeys } from "./cloud.ts";

/** Keys are renewed this long before they end, in milliseconds: an upload that has just begun is still let in. */
const earlyMs = 5 * 60_000;

/** The SDK asks again for keys that end within five minutes; these it asks for each time, so that new ones are used at once. */
const askedAgainMs = 60_000;

/** Keeps the session's keys, renewed in time, or when they are refused. */
export function createKeys(signedIn: SignedIn) {
  let { session } = signedIn;
  let renewing: Promise<Session | undefined> | undefined;
  /** Whether there are new keys. Throws a `CloudError` where whoever gives them cannot be reached: nobody is signed out for that. */
  const renew = async (): Promise<boolean> => {
    renewing ??= signedIn
      .renew()
      .catch((cause: unknown) => {
        throw new CloudError("offline", { cause });
      })
      .finally(() => {
        renewing = undefined;
      });
    const renewed = await renewing;
    const isNew = renewed !== undefined && renewed.credentials.accessKeyId !== session.credentials.accessKeyId;
    if (isNew) session = renewed;
    return isNew;
  };
  const again: WithNewKeys = async (call) => {
    const used = session.credentials.accessKeyId;
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CloudError) || error.trouble !== "signed-out") throw error;
      // Another call may have got new ones meanwhile.
      if (session.credentials.accessKeyId === used && !(await renew())) throw error;
      return call();
    }
  };
  const present = async () => {
    const { expiresAt = Number.POSITIVE_INFINITY } = session.credentials;
    if (Date.now() > expiresAt) {
      if (!(await renew())) throw new CloudError("signed-out", { cause: "The keys have ended." });
    } else if (Date.now() > expiresAt - earlyMs) {
      // Those that there are will do for now.
      await renew().catch(() => false);
    }
    const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      expiration: new Date(Date.now() + askedAgainMs),
    };
  };
  return { present, again };
}
