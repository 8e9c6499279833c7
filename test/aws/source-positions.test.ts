import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bundle } from "../../infra/bundle.ts";
import { loggedError } from "../../shared/aws/logged-error.ts";
import { sourcePositions } from "../../shared/aws/source-positions.ts";

test("a bundle's error is logged with positions in the source, though Node has not read the map", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-positions-"));
  const entry = join(directory.path, "thrower.ts");
  await writeFile(entry, "interface Nothing {}\n\nexport const run = (): Nothing => {\n  throw new Error('no');\n};\n");
  await bundle(entry, directory.path);
  const { run } = await import(pathToFileURL(join(directory.path, "index.mjs")).href);
  const caught = (() => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  })();
  expect(loggedError(caught).stack?.split("\n")[0]).toMatch(/thrower\.ts:4:\d+\)?$/u);
});

test("positions without a source map, and those that are no bundle's, stay as they are", () => {
  const stack = "    at a (file:///nowhere/index.mjs:1:2)\n    at node:internal/x:3:4";
  expect(sourcePositions(stack)).toBe(stack);
});
