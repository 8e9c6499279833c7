import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { TLSSocket } from "node:tls";
import * as z from "zod";
import { listen } from "../aws/loopback-server.ts";
import { defineServer } from "./own-process.ts";

const verdict = '{"responses":[{"code":"204","key":"","message":"OK"}]}';

const Latency = z.object({ min: z.number(), max: z.number() });

/** Accepts every call after `min` to `max` milliseconds. */
const answering =
  ({ min, max }: z.infer<typeof Latency>): RequestListener =>
  (request, response) => {
    const answer = () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": verdict.length });
      response.end(verdict);
    };
    request.resume();
    request.on("end", () => {
      if (max === 0) answer();
      else setTimeout(answer, min + Math.random() * (max - min));
    });
  };

/** A phone system in a process of its own, which accepts every call after `min` to `max` milliseconds. */
export const startPhoneSystem = defineServer(
  import.meta.url,
  "phone system",
  { input: Latency, ready: z.object({ endpoint: z.string() }) },
  async (latency) => ({ endpoint: `${await listen(createServer(answering(latency)))}/api/json` }),
);

const tls = new URL("../enswitch/tls/", import.meta.url);

/** The certificate of the phone system behind TLS, which is also its authority. */
export const certificateFile = new URL("cert.pem", tls);

const Counts = z.object({ calls: z.number(), connections: z.number(), resumed: z.number() });

/** What a phone system behind TLS has seen so far. */
export const countsOf = async (counts: string) => Counts.parse(await (await fetch(counts)).json());

/** The same behind TLS; at `counts` it tells how many calls, connections and resumed TLS sessions there were. */
export const startTlsPhoneSystem = defineServer(
  import.meta.url,
  "phone system behind TLS",
  { input: Latency, ready: z.object({ endpoint: z.string(), counts: z.string() }) },
  async (latency) => {
    const counts = { calls: 0, connections: 0, resumed: 0 };
    const answer = answering(latency);
    const own = { key: readFileSync(new URL("key.pem", tls)), cert: readFileSync(certificateFile) };
    const server = createTlsServer(own, (request, response) => {
      counts.calls++;
      answer(request, response);
    });
    server.on("secureConnection", (socket) => {
      counts.connections++;
      if (socket instanceof TLSSocket && socket.isSessionReused()) counts.resumed++;
    });
    const plain = createServer((_request, response) => response.end(JSON.stringify(counts)));
    server.listen(0, "localhost");
    await once(server, "listening");
    const { port } = z.object({ port: z.number() }).parse(server.address());
    return { endpoint: `https://localhost:${port}/api/json`, counts: await listen(plain) };
  },
);
