import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import {
  type EnswitchSimulatorOptions,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { writeCredentials } from "../../shared/aws/secret.ts";
import type { Role } from "../../shared/console/session.ts";

const axe = readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** Words of the machinery, which nobody who uses the page should have to know. */
const jargon = /\b(ledger|batch|batches|splitter|reporter|bucket|undefined|NaN|null|sendBefore|sendAfter)\b/iu;

/** A stack with its console and a simulated Enswitch. */
export async function startConsoleCloud(
  settings: { readonly [setting: string]: unknown } = {},
  simulated: EnswitchSimulatorOptions = {},
) {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await mkdtempDisposable(join(tmpdir(), "console-"))).path;
  const simulator = starting.use(await startEnswitchSimulator({ latencyMs: { min: 5, max: 20 }, ...simulated }));
  const known = { sendsPerSecond: 50, snumber: "442079460000", country: "GB", ...settings };
  const cloud = starting.use(
    await startEmbeddedCloud({
      dataDir: directory,
      stack: preparedStack({ endpoint: simulator.endpoint, ...known }),
    }),
  );
  const { console: page } = cloud;
  if (page === undefined) throw new Error("The cloud has no console.");
  const { endpoint, region, credentials } = cloud;
  await writeCredentials(
    new SecretsManagerClient({ endpoint, region, credentials }),
    cloud.outputs["SecretArn"] ?? "",
    simulatorAccount,
  );
  const running = starting.move();
  return { cloud, simulator, console: page, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
export type ConsoleCloud = Awaited<ReturnType<typeof startConsoleCloud>>;

/** Somebody's tab. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser logged, and every dialog and error: nothing of it is expected. */
  readonly said: readonly string[];
  /** Checks what holds of every view: nothing jargon, no fault of accessibility, no scrolling sideways. */
  check(): Promise<void>;
}

/** Opens the page in a browser of its own for somebody with these roles. */
export async function openTab(
  browser: Browser,
  { console: served }: ConsoleCloud,
  person: string,
  roles: readonly Role[],
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({ acceptDownloads: true, bypassCSP: false, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("dialog", (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(served.linkFor(person, roles));
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  expect(page.url()).not.toContain("key");
  return {
    page,
    context,
    said,
    check: async () => {
      // In the page's own world a content security policy would not let it in, so it is put in by the debugger.
      if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(await axe);
      const faults: unknown = await page.evaluate(
        `axe.run().then(({ violations }) => violations
          .map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) => html + failureSummary).join(" | ")))`,
      );
      expect(faults).toEqual([]);
      expect(await page.locator("body").innerText()).not.toMatch(jargon);
      const sideways = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(sideways).toBeLessThanOrEqual(0);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Chooses a file in the page, as somebody would who has it on disk. */
export const choose = (page: Page, name: string, content: string | Uint8Array) =>
  page
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });

/** Keeps a picture of the page where `CONSOLE_PICTURES` says. */
export async function picture(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  const folder = process.env["CONSOLE_PICTURES"];
  if (folder === undefined) return;
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
