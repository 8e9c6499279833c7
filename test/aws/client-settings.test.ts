import type { ServerResponse } from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { startServer } from "./emulators.ts";

describe("a call that hangs", () => {
  const answer = JSON.stringify({ Item: { pk: { S: "p" }, sk: { S: "s" }, state: { S: "open" } } });
  test.concurrent.each<[string, (response: ServerResponse) => void]>([
    ["before it is answered", () => {}],
    ["in the middle of its answer", (response) => response.writeHead(200).write(answer.slice(0, 20))],
    ["because its connection dies", (response) => response.destroy()],
    ["in a service that is overloaded", (response) => response.writeHead(503).end("{}")],
  ])("%s is made again within seconds", async (_name, hang) => {
    let requests = 0;
    await using server = await startServer((_request, response) => {
      if (++requests === 1) hang(response);
      else response.end(answer);
    });
    const client = new DynamoDBClient(server.settings);
    const begun = performance.now();
    const found = await createDynamoTable(client, "t").get({ pk: "p", sk: "s" }, { consistent: true });
    expect(found).toEqual({ state: "open" });
    expect(requests).toBe(2);
    // The SDK itself would wait for ever.
    expect(performance.now() - begun).toBeLessThan(30_000);
    client.destroy();
  });
});

describe("the bucket goes into the path", () => {
  afterEach(() => vi.unstubAllEnvs());
  test.each([
    [undefined, undefined, false],
    ["http://127.0.0.1:4566", undefined, true],
    [undefined, "http://127.0.0.1:4566", true],
  ])("with the endpoints %s and %s: %s", async (all, s3, expected) => {
    vi.resetModules();
    vi.stubEnv("AWS_ENDPOINT_URL", all);
    vi.stubEnv("AWS_ENDPOINT_URL_S3", s3);
    const settings = await import("../../shared/aws/client-settings.ts");
    expect(settings.bucketClientSettings.forcePathStyle).toBe(expected);
    expect(settings.officeClientSettings.forcePathStyle).toBe(expected);
  });
});
