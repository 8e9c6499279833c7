import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { SynthesisedStack } from "./embedded-cloud.ts";
import { preparedFolder } from "./prepared-folder.ts";
import { synthesiseAside } from "./synthesise-aside.ts";

/** Stands for the endpoint, which is another at every start of the simulator, in a template that is kept. */
const anyEndpoint = "https://endpoint-of-the-local-cloud.invalid";

const functions = fileURLToPath(new URL("../../functions/", import.meta.url));

const KeptStack = z.object({
  template: z.unknown(),
  /** The handler of each function, as its file in `functions/` is called, by logical id. */
  handlers: z.record(z.string(), z.string()),
});
type KeptStack = z.infer<typeof KeptStack>;

/**
 * The stack with these settings, `endpoint` among them, as `synthesiseAside` makes it. It is made once for the same
 * sources and settings and then kept, because the CDK takes more than a second; its functions are the bundles, where
 * `prepareFunctions` has made them of the same sources, and otherwise the sources themselves. `endpoint` must be one that
 * `parseEndpoint` accepts. Throws an `Error` that says which settings are wrong.
 */
export async function preparedStack(settings: {
  readonly endpoint: string;
  readonly [setting: string]: unknown;
}): Promise<SynthesisedStack> {
  const { endpoint, ...others } = settings;
  const folder = await preparedFolder();
  const text = await keptStack(folder, others);
  const { template, handlers } = KeptStack.parse(JSON.parse(text.replaceAll(anyEndpoint, inJson(endpoint))));
  return {
    template,
    entries: Object.fromEntries(Object.entries(handlers).map(([id, name]) => [id, code(folder, name)])),
  };
}

/** The file that `prepareFunctions` bundles a handler into. */
export const bundleOf = (folder: string, handler: string): string => join(folder, "functions", handler, "index.mjs");

function code(folder: string, handler: string): string {
  const bundle = bundleOf(folder, handler);
  return existsSync(bundle) ? bundle : join(functions, `${handler}.ts`);
}

async function keptStack(folder: string, settings: { readonly [setting: string]: unknown }): Promise<string> {
  const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 32);
  const file = join(folder, `stack-${key}.json`);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return kept;
  const { template, entries } = await synthesiseAside({ ...settings, endpoint: anyEndpoint });
  const handlers = Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, basename(entry, ".ts")]));
  const text = JSON.stringify({ template, handlers } satisfies KeptStack);
  // Where it cannot be kept, for instance in an installation of somebody else's, it is made again each time.
  await keep(folder, file, text).catch(() => {});
  return text;
}

/** Writes it as a whole: others may be starting too. */
async function keep(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, text, { mode: 0o644 });
  await rename(next, file);
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
