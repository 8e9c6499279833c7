import { once } from "node:events";
import { createServer } from "node:http";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import * as z from "zod";
import { createAccessControl } from "../../../infra/local/gateway/access-control.ts";
import { createGateway } from "../../../infra/local/gateway/gateway.ts";
import { createUsageRecorder } from "../../../infra/local/gateway/usage.ts";
import { signedHeaders } from "./sign-request.ts";

const credentials = { accessKeyId: "OPERATOR", secretAccessKey: "secret" };

test.each([10, 70_000, 100_000, 1_000_000])(
  "a body of %i bytes that could not be written down is told with its reason, and ends nothing else",
  async (bytes) => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const errors: unknown[] = [];
    const gateway = createGateway({
      services: {
        s3: ({ request }) =>
          pipeline(request, new Writable({ write: (_chunk, _encoding, callback) => setImmediate(callback, full) })),
      },
      identityOf: () => ({ caller: { kind: "operator" }, secretAccessKey: credentials.secretAccessKey }),
      prove: () => "",
      turnOf: () => undefined,
      access: createAccessControl([]),
      usage: createUsageRecorder(),
      onError: (error) => errors.push(error),
    });
    const server = createServer(gateway).listen(0, "127.0.0.1");
    await using _closing = {
      [Symbol.asyncDispose]: async () => {
        server.close();
        server.closeAllConnections();
      },
    };
    await once(server, "listening");
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const host = `127.0.0.1:${port}`;
    const { host: _, ...headers } = signedHeaders(
      { credentials, region: "us-east-1" },
      { method: "PUT", host, target: "/b/k" },
    );
    const answered = fetch(`http://${host}/b/k`, { method: "PUT", headers, body: "x".repeat(bytes) }).catch(() => {});
    await expect.poll(() => errors).toEqual([full]);
    server.closeAllConnections();
    await answered;
  },
);
