import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import * as z from "zod";
import { buildConsole, type PageFile } from "../../console/build.ts";
import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { contentSecurityPolicy, securityHeaders } from "../../shared/console/security-headers.ts";
import type { Session } from "../../shared/console/session.ts";
import { chromiumPath, launchChromium } from "../report/chromium.ts";
import type { Benchmark } from "./benchmark.ts";
import { decimal, median, whole } from "./figures.ts";

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
    const figures: number[] = [];
    for (let turn = 0; turn < (quick ? 1 : 9); turn++) {
      progress(`opening it, ${turn + 1}`);
      figures.push(await interactiveMs(browser, served.link));
    }
    const ms = median(figures);
    const [least, most] = [Math.min(...figures), Math.max(...figures)];
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
          what: "Console, what is loaded before it can be used",
          measured: `${decimal(kilobytes, 1)} KB compressed, ${first.length} files`,
          against: "the limit",
          aim: `≤ ${aims.kilobytes} KB`,
          met: kilobytes <= aims.kilobytes,
        },
      ],
      notes: [
        "The console is opened by a fresh link in a fresh profile of Chromium, whose own throttling makes the phone; it can be used once its first view is painted and the main thread answers. Other programs on the machine slow it down as much.",
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

async function interactiveMs(browser: Browser, link: string): Promise<number> {
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
  await debugging.send("Emulation.setCPUThrottlingRate", { rate: phone.slowdown });
  await page.goto(link);
  return await told.promise;
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
