import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { readJson } from "../../shared/read-json.ts";
import { handlerNames, toldToPage } from "../decided.ts";
import { ratesFor, sites } from "../rates.ts";
import { readSettings, type Settings } from "../settings.ts";
import type { SynthesisedStack } from "./embedded-cloud.ts";
import { preparedPage } from "./prepared-console.ts";
import { preparedFolder } from "./prepared-folder.ts";
import { withSettings } from "./template/with-settings.ts";

/** Stands for the endpoint in the template that is kept. */
const anyEndpoint = "https://endpoint-of-the-local-cloud.invalid";

const functions = fileURLToPath(new URL("../../functions/", import.meta.url));

const KeptStack = z.object({
  template: z.unknown(),
  /** The handler of each function, as its file in `functions/` is called, by logical id. */
  handlers: z.record(z.string(), z.enum(handlerNames)),
});
type KeptStack = z.infer<typeof KeptStack>;

/**
 * The stack with these settings, for one machine. It is synthesised once for the same sources and then kept,
 * because the CDK takes more than a second, and takes the settings of each start; its functions are the bundles, where
 * `prepareFunctions` has made them of the same sources, and otherwise the sources themselves. `endpoint` must be one that
 * `parseEndpoint` accepts. Throws an `Error` that says which settings are wrong.
 */
export async function preparedStack(context: {
  readonly endpoint: string;
  readonly [setting: string]: unknown;
}): Promise<SynthesisedStack> {
  const { settings, problems } = readSettings(context);
  if (problems.length > 0) throw new Error(problems.map(({ sentence }) => sentence).join("\n"));
  const folder = await preparedFolder();
  const { template, handlers } = await keptStack(folder, shapeOf(settings));
  const rates = ratesFor(settings.sendsPerSecond, sites.local);
  return {
    template: withSettings(template, handlers, { settings, rates, endpoint: settings.endpoint ?? anyEndpoint }),
    entries: Object.fromEntries(Object.entries(handlers).map(([id, name]) => [id, code(folder, name)])),
    console: { page: preparedPage(folder), sending: toldToPage({ settings }) },
  };
}

/** The file that `prepareFunctions` bundles a handler into. */
export const bundleOf = (folder: string, handler: string): string => join(folder, "functions", handler, "index.mjs");

function code(folder: string, handler: string): string {
  const bundle = bundleOf(folder, handler);
  return existsSync(bundle) ? bundle : join(functions, `${handler}.ts`);
}

/** What of the settings decides which rights and resources there are: a template is kept for each of these shapes. */
interface Shape {
  /** Whether any campaign may have to wait for approval. */
  readonly approval: boolean;
  /** Whether replies are read. */
  readonly optOut: boolean;
}

const shapeOf = ({ approval, optOut }: Settings): Shape => ({
  approval: approval !== "never",
  optOut: optOut !== undefined,
});

const shapes: readonly Shape[] = [true, false].flatMap((approval) =>
  [true, false].map((optOut) => ({ approval, optOut })),
);

/** Settings of a shape, for synthesis. */
const settingsOf = ({ approval, optOut }: Shape) => ({
  ...(approval ? { approval: "always" } : {}),
  ...(optOut ? { optOut: true, country: "GB" } : {}),
});

/** Makes the stacks of the present sources, for all settings, and keeps them in the folder. */
export async function prepareStacks(folder: string): Promise<void> {
  for (const shape of shapes) await keptStack(folder, shape);
}

/** The stack of the present sources in a shape; made, and kept in the folder, if it is not there. */
async function keptStack(folder: string, shape: Shape): Promise<KeptStack> {
  const file = join(
    folder,
    `stack-${shape.approval ? "with" : "without"}-approval-${shape.optOut ? "with" : "without"}-opt-outs.json`,
  );
  const kept = await readFile(file, "utf8").catch(() => "");
  if (kept !== "") return KeptStack.parse(readJson(kept));
  // The package comes with its stack, and without the CDK.
  const { synthesiseAside } = await import("./synthesise-aside.ts");
  const { template, entries } = await synthesiseAside({ ...settingsOf(shape), endpoint: anyEndpoint });
  const handlers = Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, basename(entry, ".ts")]));
  const stack = KeptStack.parse({ template, handlers });
  // Where it cannot be kept, for instance in an installation of somebody else's, it is made again each time.
  await keep(folder, file, JSON.stringify(stack)).catch(() => {});
  return stack;
}

/** Writes it as a whole: others may be starting too. */
async function keep(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const next = `${file}.${randomUUID()}`;
  await writeFile(next, text, { mode: 0o644 });
  await rename(next, file);
}
