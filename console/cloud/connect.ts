import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { Session } from "../../shared/console/session.ts";
import type { SignedIn } from "../sign-in/signed-in.ts";
import { type Cloud, CloudError } from "./cloud.ts";

/** Keys are renewed this long before they end, in milliseconds: an upload that has just begun is still let in. */
const earlyMs = 5 * 60_000;

/** The stack's services for somebody who is signed in. The SDK is loaded behind the page, which does not wait for it. */
export function connect(settings: ConsoleSettings, signedIn: SignedIn): Cloud {
  const { endpoint, region, bucket, table, nudges } = settings;
  const keys = createKeys(signedIn);
  const shared = { region, credentials: keys.present, ...(endpoint === undefined ? {} : { endpoint }) };
  const loadObjects = async () =>
    (await import("./aws-objects.ts")).createObjects({
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
  const objects = loadedOnce(loadObjects);
  const ledger = loadedOnce(async () =>
    (await import("./aws-ledger.ts")).createLedger(shared, table, nudges, keys.again),
  );
  // Most of what people do first needs it, but not to see where they are.
  requestAnimationFrame(() => setTimeout(() => void objects().catch(() => {})));
  return {
    objects: {
      text: (key) => keys.again(async () => (await objects()).text(key)),
      download: (key) => keys.again(async () => (await objects()).download(key)),
      store: (storing) => keys.again(async () => (await objects()).store(storing)),
      pages: async function* (prefix) {
        yield* (await objects()).pages(prefix);
      },
    },
    ledger,
  };
}

/** Loads something when it is first asked for, and again if that failed. */
function loadedOnce<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
  let loading: Promise<Loaded> | undefined;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new CloudError("offline", { cause });
    });
    return loading;
  };
}

/** Makes a call once more, with new keys, when the keys had ended and there are new ones. */
type WithNewKeys = <Result>(call: () => Promise<Result>) => Promise<Result>;

/** The SDK asks again for keys that end within five minutes; these it asks for each time, so that new ones are used at once. */
const askedAgainMs = 60_000;

/** Keeps the session's keys, renewed in time, or when they are refused. */
function createKeys(signedIn: SignedIn) {
  let { session } = signedIn;
  let renewing: Promise<Session | undefined> | undefined;
  const renew = async (): Promise<boolean> => {
    renewing ??= signedIn.renew().finally(() => {
      renewing = undefined;
    });
    const renewed = await renewing.catch(() => undefined);
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
    if (Date.now() > expiresAt - earlyMs && !(await renew()) && Date.now() > expiresAt) {
      throw new CloudError("signed-out", { cause: "The keys have ended." });
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
