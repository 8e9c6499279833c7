import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { SignedIn } from "../sign-in/signed-in.ts";
import { type Cloud, CloudError } from "./cloud.ts";
import { createKeys } from "./keys.ts";
import { walkAgain } from "./walk-again.ts";

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
        const { pages } = await objects();
        yield* walkAgain(keys.again, () => pages(prefix));
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
