/**
 * Settings of every AWS client except S3's. An AWS call happens inside a lease or a function's time-out, so one that
 * hangs must fail soon enough to be tried again on another connection: at worst 4 × 3 s and a second of back-off.
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

/**
 * Settings of the S3 client. One request may carry 8 MiB over somebody's office line (2 minutes at half a megabit a
 * second), and a reader may let a body wait while it writes what it has: so only a minute of silence counts as hung.
 *
 * An endpoint given by `AWS_ENDPOINT_URL` is an emulator, which has no name for every bucket: the bucket goes into the path.
 */
export const bucketClientSettings = {
  ...clientSettings,
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 130_000,
    throwOnRequestTimeout: true,
    socketTimeout: 60_000,
  },
  forcePathStyle: (process.env["AWS_ENDPOINT_URL_S3"] ?? process.env["AWS_ENDPOINT_URL"]) !== undefined,
};
