import { CloudError, type Trouble } from "./cloud.ts";

/** What the services say when keys have ended, or are those of a cloud that was restarted meanwhile. */
const endedKeys = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "TokenRefreshRequired",
  "InvalidAccessKeyId",
  "InvalidToken",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "SessionOver",
]);

/** Throws what a call throws as a `CloudError`. */
export async function translated<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    throw cause instanceof CloudError ? cause : new CloudError(troubleOf(cause), { cause });
  }
}

/** The same for a walk. */
export async function* translatedAll<Item>(walk: () => AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* walk();
  } catch (cause) {
    throw cause instanceof CloudError ? cause : new CloudError(troubleOf(cause), { cause });
  }
}

function troubleOf(cause: unknown): Trouble {
  if (!(cause instanceof Error)) return "failed";
  if (endedKeys.has(cause.name)) return "signed-out";
  const status = statusOf(cause);
  if (status === 401) return "signed-out";
  if (status === 403 || cause.name === "AccessDenied" || cause.name === "AccessDeniedException") return "not-allowed";
  // Without an answer there is no status: `fetch` throws a TypeError, the upload's handler an error of this name.
  if (status === undefined && (cause instanceof TypeError || offline.has(cause.name))) return "offline";
  return status !== undefined && status >= 500 ? "offline" : "failed";
}

const offline = new Set(["ConnectionLost", "TimeoutError", "NetworkError"]);

/** The status of the answer; `undefined` when there was none. */
export function statusOf(cause: unknown): number | undefined {
  if (typeof cause !== "object" || cause === null || !("$metadata" in cause)) return undefined;
  const metadata = cause.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
