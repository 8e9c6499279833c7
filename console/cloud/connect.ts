import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { Session } from "../../shared/console/session.ts";
import type { SignedIn } from "../sign-in/sign-in.ts";
import { type Cloud, CloudError } from "./cloud.ts";

/** Keys are renewed this long before they end, in milliseconds: an upload that has just begun is still let in. */
const earlyMs = 5 * 60_000;

/** The stack's services for somebody who is signed in. The SDK is loaded now, not with the page. */
export async function connect(settings: ConsoleSettings, signedIn: SignedIn): Promise<Cloud> {
  const { createObjects } = await import("./aws-objects.ts");
  const { endpoint, region, bucket, table, nudges } = settings;
  const shared = {
    region,
    credentials: createKeys(signedIn),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const objects = createObjects({
    settings: {
      ...shared,
      forcePathStyle: endpoint !== undefined,
      // A sum over a list would have the browser read it twice; TLS, or the loopback, keeps it whole.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    },
    bucket,
    tag: signedIn.session.tag,
  });
  let ledger: ReturnType<Cloud["ledger"]> | undefined;
  const loadLedger = async () => (await import("./aws-ledger.ts")).createLedger(shared, table, nudges);
  return {
    objects,
    ledger: () => {
      ledger ??= loadLedger();
      return ledger;
    },
  };
}

/** Gives the session's keys as the SDK asks for them, renewed in time. */
function createKeys(signedIn: SignedIn) {
  let { session } = signedIn;
  let renewing: Promise<Session | undefined> | undefined;
  return async () => {
    const { expiresAt = Number.POSITIVE_INFINITY } = session.credentials;
    if (Date.now() > expiresAt - earlyMs) {
      renewing ??= signedIn.renew().finally(() => {
        renewing = undefined;
      });
      const renewed = await renewing;
      if (renewed !== undefined) session = renewed;
      else if (Date.now() > expiresAt) throw new CloudError("signed-out", { cause: "The keys have ended." });
    }
    const { accessKeyId, secretAccessKey, sessionToken, expiresAt: until } = session.credentials;
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      // The SDK keeps what does not end.
      ...(until === undefined ? {} : { expiration: new Date(until) }),
    };
  };
}
