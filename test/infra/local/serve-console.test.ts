import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { createConsoleSessions, type Guest } from "../../../infra/local/console/console-sessions.ts";
import { serveConsole } from "../../../infra/local/console/serve-console.ts";

const endpoint = "http://127.0.0.1:4000";

const guest: Guest = {
  person: "ann",
  roles: ["uploader"],
  tag: undefined,
  newKey: () => ({ accessKeyId: "KEY", secretAccessKey: "secret" }),
};

/** What somebody gets who asks for a session through a connection that no list of the system has. */
async function askedByNobodyKnown(only?: "ownProcesses"): Promise<number> {
  const sessions = createConsoleSessions();
  const secret = "s".repeat(43);
  sessions.admit(guest, secret, only);
  const serve = serveConsole({
    page: { contents: async () => ({ version: "1", files: [] }), read: async function* () {} },
    settings: {
      ...{ stackName: "BulkSend", region: "eu-west-2", bucket: "bucket", table: "table", nudges: `${endpoint}/nudges` },
      signIn: { kind: "link" },
      sending: { sendsPerSecond: 10, simulated: true },
    },
    endpoint,
    sessions,
    onError: (error) => expect(error).toBeUndefined(),
  });
  const request = new IncomingMessage(new Socket());
  const headers = { host: new URL(endpoint).host, authorization: `Bearer ${secret}` };
  Object.assign(request, { method: "POST", url: "/console/session", headers });
  const response = new ServerResponse(request);
  serve(request, response);
  await expect.poll(() => response.writableEnded).toBe(true);
  return response.statusCode;
}

test("a link for this user's own processes is for nobody of whom the system does not say whose process it is", async () => {
  expect(await askedByNobodyKnown("ownProcesses")).toBe(401);
  expect(await askedByNobodyKnown()).toBe(200);
});
