import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Browser, CDPSession } from "playwright-core";
import * as z from "zod";
import { buildConsole, type PageFile } from "../../console/build.ts";
import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { contentSecurityPolicy, securityHeaders } from "../../shared/console/security-headers.ts";
import type { Session } from "../../shared/console/session.ts";
import { chromiumPath, launchChromium } from "../report/chromium.ts";
import type { Benchmark } from "./benchmark.ts";
import { decimal, inTurn, median, whole } from "./figures.ts";

/** A slow phone: a quarter of this processor, and a connection of 9 Mbit/s whose answers take 60 ms. */
const phone = { slowdown: 4, latencyMs: 60, bytesPerSecond: 9_000_000 / 8 } as const;

/** How long the first view may take on it, in milliseconds, and its files compressed, in KB. */
const aims = { interactiveMs: 1_000, kilobytes: 250 } as const;

/** How long the console takes on a slow phone until somebody who has its link can do something, and how much is loaded for it. */
export const consolePage: Benchmark = {
  name: "console",
  run: async ({ quick, progress }) => {
    const executable = chromiumPath();
    if (executable === undefined) throw new Error("The console is measured in Chromium, which this machine lacks.");
    progress("building the page");
    const files = await buildConsole();
    await using served = await servePage(files);
    await using browser = await launchChromium(executable);
    progress("opening it");
    const { ones: waits, others: work } = await inTurn(
      quick ? 1 : 9,
      async () => (await open(browser, served.link, "on a phone")).usableMs,
      async () => (await open(browser, served.link, "counting work")).workMs,
    );
    const ms = median(waits);
    const [least, most] = [Math.min(...waits), Math.max(...waits)];
    const html = Buffer.from(files.at(-1)?.body ?? []).toString();
    const first = files.filter(({ path }) => path === "index.html" || html.includes(path));
    const kilobytes = first.reduce((sum, { body }) => sum + gzipSync(body).length, 0) / 1000;
    return {
      findings: [
        {
          what: "Console on a slow phone, until it can be used",
          measured: `${whole(ms)} ms (${whole(least)} to ${whole(most)})`,
          against: `a ${phone.slowdown}th of this processor, 9 Mbit/s, answers after ${phone.latencyMs} ms`,
          aim: `≤ ${whole(aims.interactiveMs)} ms`,
          met: ms <= aims.interactiveMs,
        },
        {
          what: "Console, processor time of its first view",
          measured: `${whole(median(work))} ms of the main thread`,
          against: "this processor, not slowed down",
          aim: "reported",
        },
        {
          what: "Console, what is loaded before it can be used",
          measured: `${decimal(kilobytes, 1)} KB compressed, ${first.length} files`,
          against: "the limit",
          aim: `≤ ${aims.kilobytes} KB`,
          met: kilobytes <= aims.kilobytes,
        },
      ],
      notes: [
        "The console is opened by a fresh link in a fresh profile of Chromium, whose own throttling makes the phone; it can be used once its first view is painted and the main thread answers. Other programs on the machine slow it down as well, so that on a busy one the processor time says more.",
      ],
    };
  },
};

/** Runs in the page before anything else: notes when what only somebody who is signed in sees is painted, and the thread is free. */
const watchForFirstView = `new MutationObserver((_, observer) => {
  if (document.querySelector("header .person button") === null) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => globalThis.canBeUsed(performance.now())));
}).observe(document, { childList: true, subtree: true });`;

/** Opens the page in a fresh profile: how long until it can be used, and the processor time that its main thread took by then. */
async function open(browser: Browser, link: string, how: "on a phone" | "counting work") {
  await using context = await browser.newContext();
  const page = await context.newPage();
  const told = Promise.withResolvers<number>();
  await page.exposeFunction("canBeUsed", told.resolve);
  await page.addInitScript(watchForFirstView);
  const debugging = await context.newCDPSession(page);
  await debugging.send("Network.enable");
  await debugging.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: phone.latencyMs,
    downloadThroughput: phone.bytesPerSecond,
    uploadThroughput: phone.bytesPerSecond,
  });
  // What throttles the thread uses it up itself, so that its work is not counted meanwhile.
  if (how === "on a phone") await debugging.send("Emulation.setCPUThrottlingRate", { rate: phone.slowdown });
  else await debugging.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await taskSeconds(debugging);
  await page.goto(link, { waitUntil: "commit" });
  const usableMs = await told.promise;
  return { usableMs, workMs: ((await taskSeconds(debugging)) - before) * 1000 };
}

async function taskSeconds(debugging: CDPSession): Promise<number> {
  const { metrics } = await debugging.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

/** Serves the page with its headers, compressed as CloudFront does it, to somebody whose stack has no campaign yet. */
async function servePage(files: readonly PageFile[]): Promise<AsyncDisposable & { readonly link: string }> {
  const answers = new Map(
    files.map(({ path, contentType, body }) => [path, { contentType, body: brotliCompressSync(body) }]),
  );
  const server = createServer((request, response) => {
    request.resume();
    const name = (request.url ?? "").split("?", 1)[0]?.replace("/console/", "") ?? "";
    const file = answers.get(name === "" ? "index.html" : name);
    for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
    if (file !== undefined) {
      response.writeHead(200, { "content-type": file.contentType, "content-encoding": "br" }).end(file.body);
      return;
    }
    const told = name === "config.json" ? settingsFor(originOf(server)) : name === "session" ? session : undefined;
    if (told !== undefined) response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(told));
    else response.writeHead(200, { "content-type": "application/xml" }).end("<ListBucketResult></ListBucketResult>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    link: `${originOf(server)}/console/#key=secret`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const headers = { "content-security-policy": contentSecurityPolicy([]), ...securityHeaders };

function originOf(server: Server): string {
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}`;
}

const settingsFor = (endpoint: string): ConsoleSettings => ({
  version: "1",
  stackName: "BulkSend",
  region: "eu-west-1",
  bucket: "campaigns",
  table: "ledger",
  nudges: `${endpoint}/queue`,
  signIn: { kind: "link" },
  endpoint,
  sending: { sendsPerSecond: 10, simulated: true },
});

const session: Session = {
  person: "anna",
  roles: ["uploader", "reader"],
  credentials: { accessKeyId: "key", secretAccessKey: "secret" },
};
