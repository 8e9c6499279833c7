/**
 * Functions of more than sixty lines, with their length. Most are factories: what they return is many small functions
 * over the same state. A figure may only become smaller, and a line only go.
 */
export const longFunctions: Readonly<Record<string, number>> = {
  "infra/local/embedded-cloud.ts: startEmbeddedCloud": 70,
  "infra/local/enswitch-simulator/enswitch-simulator.ts: startEnswitchSimulator": 84,
  "infra/local/functions/event-sources.ts: startEventSource": 66,
  "infra/local/gateway/access-control.ts: createAccessControl": 61,
  "infra/local/s3/aws-chunked.ts: decodeAwsChunked": 69,
  "infra/local/s3/object-store.ts: openObjectStore": 69,
  "shared/account/throttle.ts: createThrottle": 74,
  "shared/aws/s3-bucket.ts: createS3Bucket": 68,
  "shared/csv/judge-row.ts: createRowJudge": 61,
  "shared/enswitch/connections.ts: createConnections": 80,
  "shared/enswitch/fire-call.ts: (unnamed)": 61,
  "shared/enswitch/fire-call.ts: createFireCall": 72,
  "shared/ports/output.ts: createOutput": 75,
  "shared/send/claim-and-fire.ts: createClaimAndFire": 68,
  "shared/send/consequences.ts: createConsequences": 94,
  "shared/send/fire-rows.ts: createFireRows": 75,
  "shared/send/judge-verdict.ts: judgeVerdict": 61,
  "shared/send/send-batch.ts: createSendBatch": 93,
  "shared/send/tally.ts: createTally": 61,
};
