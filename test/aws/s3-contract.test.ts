import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { smallSynthesised } from "../infra/local/small-stack.ts";
import { bucketContract } from "../support/contracts/bucket.ts";
import { bucketClient, startBucket } from "./emulators.ts";

const resources = new AsyncDisposableStack();
let emulated: Bucket;
let embedded: Bucket;

beforeAll(async () => {
  const server = resources.use(await startBucket());
  emulated = createS3Bucket(server.client, server.bucketName);
  const directory = resources.use(await mkdtempDisposable(join(tmpdir(), "bulk-send-contract-")));
  const cloud = resources.use(
    await startEmbeddedCloud({ dataDir: directory.path, stack: smallSynthesised(), functions: false }),
  );
  const client = bucketClient(cloud.endpoint, cloud.credentials);
  resources.defer(() => client.destroy());
  embedded = createS3Bucket(client, cloud.outputs["BucketName"] ?? "");
});
afterAll(() => resources.disposeAsync());

bucketContract("S3", () => ({ bucket: emulated }), { versions: true, conditions: true });
bucketContract("the embedded cloud's S3", () => ({ bucket: embedded }));
