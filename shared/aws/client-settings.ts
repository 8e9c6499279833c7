/**
 * Settings of a function's AWS clients, except for S3. An AWS call happens inside a lease or a function's time-out, so
 * one that hangs must fail soon enough to be tried again on another connection: at worst 4 × 3 s and a second of back-off.
 *
 * - connecting takes milliseconds inside a region: 1 s;
 * - DynamoDB, SQS, SNS and Secrets Manager answer within tens of milliseconds: 3 s to the answer's head, and 3 s of
 *   silence on the socket (which alone guards the answer's body). This is also what finds a kept-alive socket that
 *   died while the execution environment was frozen;
 * - `standard` and not `adaptive` retries: the latter hold calls back by a guess at the service's limits, and the
 *   moment of a call matters here.
 *
 * Sockets are kept alive, which is the SDK's default. Without `throwOnRequestTimeout` the SDK would only log a warning.
 */
export const clientSettings = {
  maxAttempts: 4,
  retryMode: "standard",
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    throwOnRequestTimeout: true,
    socketTimeout: 3_000,
  },
};

/** An endpoint given by the environment is an emulator, which has no host name for every bucket: the bucket goes into the path. */
const emulated = (process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"]) !== undefined;

/**
 * Settings of a function's S3 client: 10 s for a request that may carry 8 MiB, and 20 s of silence while a body is
 * read, because its reader may let it wait while it writes what it has.
 */
export const bucketClientSettings = {
  ...clientSettings,
  requestHandler: { ...clientSettings.requestHandler, requestTimeout: 10_000, socketTimeout: 20_000 },
  forcePathStyle: emulated,
};

/**
 * Settings of the command line's clients, S3's too: somebody's office line may be far away and needs 2 minutes for
 * 8 MiB at half a megabit a second. Nothing is leased meanwhile, so only a minute of silence counts as hung.
 */
export const officeClientSettings = {
  ...bucketClientSettings,
  requestHandler: {
    connectionTimeout: 5_000,
    requestTimeout: 150_000,
    throwOnRequestTimeout: true,
    socketTimeout: 60_000,
  },
};
