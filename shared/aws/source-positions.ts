import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** What a bundle's source map must have; Node reads the rest of it. */
const Payload = z.object({
  version: z.number(),
  sources: z.array(z.string()),
  names: z.array(z.string()),
  mappings: z.string(),
});

/** A position in a bundle, as it stands in a stack. */
const bundled = /(file:\/\/[^\s()]+\.mjs):(\d+):(\d+)/gu;

const maps = new Map<string, SourceMap | undefined>();

/**
 * A stack with positions in the source in place of positions in a bundle that has its source map beside it; other
 * positions stay. Node's own `--enable-source-maps` would read the map (tens of milliseconds of a whole processor, and tens
 * of MiB) at the first error of any kind, and every closed socket has one; here only what is logged costs that.
 */
export function sourcePositions(stack: string): string {
  return stack.replace(bundled, (position, file: string, line: string, column: string) => {
    const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
    return origin === undefined || !("fileName" in origin)
      ? position
      : `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(`${fileURLToPath(file)}.map`));
  return maps.get(file);
}

/** `undefined` without a readable map: a stack with the bundle's positions is better than none. */
function readMap(path: string): SourceMap | undefined {
  try {
    const map = Payload.parse(JSON.parse(readFileSync(path, "utf8")));
    return new SourceMap({ file: "", sourceRoot: "", sourcesContent: [], ...map });
  } catch {
    return undefined;
  }
}
