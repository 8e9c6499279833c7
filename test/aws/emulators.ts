import { mkdtempDisposable } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import { bucketClientSettings, clientSettings } from "../../shared/aws/client-settings.ts";
import { close, listen } from "./loopback-server.ts";

const require = createRequire(import.meta.url);
const S3rver: new (
  options: object,
) => {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
  httpServer: Server;
} = require("@20minutes/s3rver");

/**
 * The emulator enciphers where a listing goes on with DES, which Node's OpenSSL no longer has: every listing of more
 * than 1,000 objects would fail. It gets AES under that name, with its 8 bytes of key and vector doubled.
 */
function lendCipher() {
  const crypto: typeof import("node:crypto") = require("node:crypto");
  const { createCipheriv, createDecipheriv } = crypto;
  const twice = (bytes: unknown) => (Buffer.isBuffer(bytes) ? Buffer.concat([bytes, bytes]) : null);
  Object.assign(crypto, {
    createCipheriv: (name: string, ...[key, vector, options]: Rest<typeof createCipheriv>) =>
      name === "des"
        ? createCipheriv("aes-128-cbc", twice(key) ?? "", twice(vector))
        : createCipheriv(name, key, vector, options),
    createDecipheriv: (name: string, ...[key, vector, options]: Rest<typeof createDecipheriv>) =>
      name === "des"
        ? createDecipheriv("aes-128-cbc", twice(key) ?? "", twice(vector))
        : createDecipheriv(name, key, vector, options),
  });
}
type Rest<F extends (first: string, ...rest: never) => unknown> = F extends (first: string, ...rest: infer R) => unknown
  ? R
  : never;
lendCipher();

const place = {
  region: "eu-west-1",
  credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
};

/** An S3 bucket without versions, on disk. */
export async function startBucket() {
  const directory = await mkdtempDisposable(join(tmpdir(), "bucket-"));
  const bucketName = "campaigns";
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory: directory.path,
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: bucketName, configs: [] }],
  });
  const { port } = await server.run();
  const client = bucketClient(`http://127.0.0.1:${port}`);
  return {
    client,
    bucketName,
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.httpServer.closeAllConnections();
      await server.close();
      await directory.remove();
    },
  };
}

/** An S3 client for an emulator. */
export const bucketClient = (endpoint: string, credentials = place.credentials) =>
  new S3Client({ ...bucketClientSettings, ...place, credentials, endpoint, forcePathStyle: true });

/** An SQS queue, in memory. */
export async function startQueue() {
  const server = await startFauxqs({ port: 0, logger: false });
  const { queueUrl } = server.createQueue("batches");
  const client = new SQSClient({ ...clientSettings, ...place, endpoint: server.address });
  return {
    client,
    queueUrl,
    empty: () => server.reset(),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.stop();
    },
  };
}

/** An HTTP server for what no emulator does, with `answer` called for every request. */
export async function startServer(answer: RequestListener) {
  const server = createServer(answer);
  const endpoint = await listen(server);
  return {
    settings: { ...clientSettings, ...place, endpoint },
    endpoint,
    async [Symbol.asyncDispose]() {
      await close(server);
    },
  };
}
