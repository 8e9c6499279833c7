import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { builtPageAssets, pageAssetsPath } from "./built-page-assets.ts";

it("page-assets.ts is what browser/ makes (node test/report/generate.ts writes it)", async () => {
  // Compared as a whole: nobody wants to read the difference of two minified scripts.
  const current = (await readFile(pageAssetsPath, "utf8")) === (await builtPageAssets());
  expect(current).toBe(true);
});

it("the scripts of the page are sound in a browser's types", async () => {
  const project = fileURLToPath(new URL("../../shared/report/page/browser", import.meta.url));
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  await expect(promisify(execFile)(process.execPath, [tsc, "--noEmit", "-p", project])).resolves.toMatchObject({
    stdout: "",
  });
});
