import { createServer } from "node:http";
import * as z from "zod";
import { listen } from "../aws/loopback-server.ts";
import { defineServer } from "./own-process.ts";

const verdict = '{"responses":[{"code":"204","key":"","message":"OK"}]}';

const Latency = z.object({ min: z.number(), max: z.number() });

/** A phone system in a process of its own, which accepts every call after `min` to `max` milliseconds. */
export const startPhoneSystem = defineServer(
  import.meta.url,
  "phone system",
  { input: Latency, ready: z.object({ endpoint: z.string() }) },
  async ({ min, max }) => {
    const server = createServer((request, response) => {
      const answer = () => {
        response.writeHead(200, { "content-type": "application/json", "content-length": verdict.length });
        response.end(verdict);
      };
      request.resume();
      request.on("end", () => {
        if (max === 0) answer();
        else setTimeout(answer, min + Math.random() * (max - min));
      });
    });
    return { endpoint: `${await listen(server)}/api/json` };
  },
);
