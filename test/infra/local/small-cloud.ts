import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedCloudOptions, startEmbeddedCloud } from "../../../infra/local/embedded-cloud.ts";
import { smallSynthesised } from "./small-stack.ts";

/** A data directory that is removed at the end. */
export const dataDirectory = () => mkdtempDisposable(join(tmpdir(), "bulk-send-local-"));

/** What a client of the SDK needs to use a cloud as its operator. */
export const clientOf = ({ endpoint, region, credentials }: Awaited<ReturnType<typeof startEmbeddedCloud>>) => ({
  endpoint,
  region,
  credentials,
});

/** The services of the small stack, without its functions, on a data directory. */
export const startServicesOn = (dataDir: string) =>
  startEmbeddedCloud({ dataDir, stack: smallSynthesised(), functions: false });

/** A cloud with the small stack in a directory of its own; both go at the end. */
export async function startSmallCloud(
  changes: Parameters<typeof smallSynthesised>[0] = {},
  options: Partial<EmbeddedCloudOptions> = {},
) {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await dataDirectory());
  const log: string[] = [];
  const cloud = starting.use(
    await startEmbeddedCloud({
      dataDir: directory.path,
      stack: smallSynthesised(changes),
      onLog: (line) => log.push(line),
      graceMs: 100,
      ...options,
    }),
  );
  const running = starting.move();
  return { cloud, log, directory: directory.path, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
