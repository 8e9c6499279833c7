import { execFile } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { bundle } from "../../infra/bundle.ts";
import { liveScript, pageScript, pageStyle, reportScript } from "../../shared/report/page/page-assets.ts";
import { row, workbook } from "../support/workbook.ts";

const inTheProject = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../${path}`, import.meta.url)));

/** What the bundle of this program exports when Node runs it, as JSON. */
async function bundled(program: string): Promise<unknown> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-bundle-"));
  const entry = join(directory.path, "entry.ts");
  await writeFile(entry, program);
  await bundle(entry, directory.path);
  const module = JSON.stringify(pathToFileURL(join(directory.path, "index.mjs")).href);
  const print = `import(${module}).then((exports) => console.log(JSON.stringify(exports)))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", print]);
  return JSON.parse(stdout);
}

describe("a function's bundle", () => {
  it("has the pages' style and scripts unchanged", async () => {
    const assets = await bundled(`export * from ${inTheProject("shared/report/page/page-assets.ts")};`);
    expect(assets).toEqual({ pageStyle, pageScript, reportScript, liveScript });
  });

  it("has Node's HTTP without what only WebSockets need, which takes as long to load as all the rest of it", async () => {
    const program = `
      import { createServer } from "node:http";
      const { request } = await import("node:http");
      export const used = [typeof createServer, typeof request];
      export const loaded = process.moduleLoadList.filter((name) => name.endsWith("/undici"));`;
    expect(await bundled(program)).toEqual({ used: ["function", "function"], loaded: [] });
  });

  it("judges numbers as the source does", async () => {
    const program = `
      import { createNumberReader } from ${inTheProject("shared/csv/phone-number.ts")};
      const reader = createNumberReader("e164", "GB");
      export const judged = ["07700 900123", "+1 212 555 0000", "+49 1"].map((number) => reader.read(number).kind);
      export const first = reader.read("07700 900123").cnumber;`;
    expect(await bundled(program)).toEqual({
      judged: ["destination", "destination", "invalid"],
      first: "+447700900123",
    });
  });

  it("reads workbooks as the source does, out of a file that is loaded only when one comes", async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-workbook-"));
    const file = join(directory.path, "list.xlsx");
    const rows = row(1, ["phone", "text"]) + row(2, [447700900001, '<c r="B2" s="1"><v>0.2</v></c>']);
    await writeFile(file, workbook([{ name: "List", rows }], { formats: ["0%"] }));
    const program = `
      import { readFileSync } from "node:fs";
      import { judgeCsv } from ${inTheProject("shared/csv/judge-csv.ts")};
      const bytes = readFileSync(${JSON.stringify(file)});
      const list = { size: bytes.length, read: async function* (start, end) { yield bytes.subarray(start, end); } };
      export const texts = [];
      for await (const event of judgeCsv(list, { options: { snumber: "1" }, defaults: {} })) {
        for (const { verdict } of event.rows ?? []) texts.push(verdict.send.message);
      }`;
    expect(await bundled(program)).toEqual({ texts: ["20%"] });
  });

  it("names the missing module when something loads one that was left out", async () => {
    const module = inTheProject("node_modules/undici/lib/llhttp/llhttp-wasm.js");
    expect(await bundled(`export const why = await import(${module}).catch((error) => error.message);`)).toEqual({
      why: "undici/lib/llhttp/llhttp-wasm.js is left out of the functions' bundles, as infra/bundle.ts says.",
    });
  });

  it("names the missing module when something calls one of which nothing is called", async () => {
    const module = inTheProject("node_modules/undici/lib/dispatcher/client-h2.js");
    const program = `import connect from ${module}; export let why; try { connect(); } catch (error) { why = error.message; }`;
    expect(await bundled(program)).toEqual({
      why: "undici/lib/dispatcher/client-h2.js is left out of the functions' bundles, as infra/bundle.ts says.",
    });
  });

  it("is not built when an import does not exist", async () => {
    const program = `export { missing } from ${inTheProject("shared/ports/clock.ts")};`;
    await expect(bundled(program)).rejects.toThrow("missing");
  });
});
