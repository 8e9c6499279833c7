import { once } from "node:events";
import { createServer } from "node:http";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { chromiumPath, launchChromium } from "../report/chromium.ts";
import { type ConsoleCloud, openTab, startConsoleCloud } from "./console-cloud.ts";

const executable = chromiumPath();
if (!executable) console.warn("There is no Chromium on this machine: other websites are not tried.");

/** A name that points to this machine, as anybody can have one. */
const elsewhere = "elsewhere.test";

/** Everything that a website can do without asking; `got` is what it could read, or what was shown or run for it. */
const intrude = `async ({ bases, paths }) => {
  const got = [];
  const attempt = async (how, act) => {
    const what = await act().catch(() => undefined);
    if (what !== undefined) got.push({ how, what });
  };
  const element = (name, attribute, url, told) => new Promise((resolve) => {
    const made = document.createElement(name);
    made.onload = () => resolve(told(made));
    made.onerror = () => resolve(undefined);
    made[attribute] = url;
    document.body.append(made);
  });
  const inside = (frame) => {
    try { return frame.contentDocument?.documentElement.textContent || undefined; } catch { return undefined; }
  };
  const form = (url, enctype) => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.name = "f" + Math.random();
    document.body.append(frame);
    const sent = document.createElement("form");
    Object.assign(sent, { method: "post", action: url, enctype, target: frame.name });
    sent.innerHTML = '<input name="intruder" value="intruder">';
    document.body.append(sent);
    frame.onload = () => { if (frame.contentWindow !== null && frame.src === "") resolve(inside(frame)); };
    sent.submit();
  });
  const requests = [
    {},
    { mode: "no-cors", credentials: "include" },
    { method: "POST", mode: "no-cors", body: "Action=SendMessage&MessageBody=intruder" },
    { method: "POST", body: '{"intruder":1}', headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.Scan" } },
    { method: "POST", body: "intruder", headers: { authorization: "Bearer intruder" } },
    { method: "PUT", body: "intruder" },
    { method: "DELETE" },
  ];
  for (const url of bases.flatMap((base) => paths.map((path) => base + path))) {
    for (const request of requests) {
      await attempt("fetch", async () => {
        const answer = await fetch(url, request);
        return answer.type === "opaque" ? undefined : answer.status + " " + (await answer.text());
      });
    }
    navigator.sendBeacon(url, "intruder");
    await attempt("image", () => element("img", "src", url, () => "shown"));
    await attempt("script", () => element("script", "src", url, () => "run"));
    await attempt("frame", () => element("iframe", "src", url, inside));
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
      await attempt("form", () => form(url, type));
    }
  }
  for (const base of bases) {
    await attempt("socket", () => new Promise((resolve) => {
      const socket = new WebSocket(base.replace("http", "ws"));
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve(undefined);
    }));
  }
  return got;
}`;

const Got = z.array(z.object({ how: z.string(), what: z.string() }));

describe.skipIf(!executable)("another website in the same browser", () => {
  let browser: Browser;
  let place: ConsoleCloud;

  beforeAll(async () => {
    browser = await launchChromium(
      executable ?? "",
      `--host-resolver-rules=MAP ${elsewhere} 127.0.0.1`,
      // What newer browsers keep from a website by themselves, others do not.
      "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests",
    );
    place = await startConsoleCloud();
  });
  afterAll(async () => {
    await browser?.close();
    await place?.[Symbol.asyncDispose]();
  });

  const port = () => new URL(place.cloud.endpoint).port;
  const bucket = () => place.cloud.outputs["BucketName"] ?? "";

  /** What a website at this address can get from the cloud, at its address or at one of its other names. */
  async function intruderAt(page: Page): Promise<z.infer<typeof Got>> {
    const bases = ["127.0.0.1", "localhost", elsewhere].map((host) => `http://${host}:${port()}`);
    const files = ["/console/", "/console/config.json", "/console/session", "/console/contents.json"];
    const paths = [...files, "/", `/${bucket()}?list-type=2`, `/${bucket()}/campaigns/intruder.csv`];
    return Got.parse(await page.evaluate(`(${intrude})(${JSON.stringify({ bases, paths })})`));
  }

  /** Everything of the cloud's that a caller could have changed, as text. */
  async function state(): Promise<string> {
    const { endpoint, region, credentials, outputs } = place.cloud;
    const client = { endpoint, region, credentials };
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const objects = await s3.send(new ListObjectsV2Command({ Bucket: bucket() }));
    const items = await new DynamoDBClient(client).send(new ScanCommand({ TableName: outputs["TableName"] ?? "" }));
    return JSON.stringify([objects.Contents, items.Items]);
  }

  it("reads nothing of console and cloud, and changes nothing, also while somebody is signed in", async () => {
    await using tab = await openTab(browser, place, "anna", ["uploader", "reader"]);
    // What is open in the same browser profile is open to all of its websites.
    const page = await tab.context.newPage();
    await using website = await startWebsite();
    await page.goto(`http://${elsewhere}:${website.port}/`);
    expect(await intruderAt(page)).toEqual([]);
    // It would have noticed: the same, done to its own site.
    const own = [`http://${elsewhere}:${website.port}`];
    const got = Got.parse(await page.evaluate(`(${intrude})(${JSON.stringify({ bases: own, paths: ["/"] })})`));
    expect(new Set(got.map(({ how }) => how))).toEqual(new Set(["fetch", "script", "frame", "form"]));
    expect(await state()).not.toContain("intruder");
  });

  it("gets nothing either when its own name, with the cloud's port, comes to point to this machine", async () => {
    await using tab = await openTab(browser, place, "anna", ["uploader", "reader"]);
    const page = await tab.context.newPage();
    const own = `http://${elsewhere}:${port()}`;
    // It was the website's own machine when its page was loaded.
    await page.route(`${own}/own-page`, (route) => route.fulfill({ contentType: "text/html", body: "<p>Hello" }));
    await page.goto(`${own}/own-page`);
    const got = await intruderAt(page);
    // As its own origin it may read the answers: refusals that say nothing.
    expect(got.length).toBeGreaterThan(20);
    for (const { how, what } of got) {
      expect(["fetch", "frame", "form"], what).toContain(how);
      expect(what).toMatch(how === "fetch" ? /^(400|403|421|501)( |$)/ : /./);
      expect(what).not.toMatch(/<html|ListBucketResult|accessKey|campaigns\/|nudges|region/i);
    }
    expect(await state()).not.toContain("intruder");
  });
});

/** A website of somebody else. */
async function startWebsite() {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<p>Hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
