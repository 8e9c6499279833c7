import { mkdir, mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RolldownPluginOption } from "rolldown";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { buildConsole } from "../../console/build.ts";
import { billSuffix, createBillOfMaterials } from "../../infra/bill-of-materials.ts";
import { buildPage } from "../../infra/build-page.ts";
import { bundle } from "../../infra/bundle.ts";
import { handlerNames } from "../../infra/decided.ts";
import { createThirdPartyNotices, noticesFile } from "../../infra/third-party-notices.ts";
import { compileCommandLine } from "../../packaging/build.ts";

const Bill = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string(),
  metadata: z.strictObject({
    lifecycles: z.array(z.unknown()),
    component: z.object({ name: z.literal("bulk-send"), version: z.string(), description: z.string() }),
  }),
  components: z
    .array(z.object({ group: z.string().optional(), name: z.string(), version: z.string(), purl: z.string() }))
    .optional(),
});

/** The names and versions of packages in a bill of materials. */
const inBill = (text: string) =>
  (Bill.parse(JSON.parse(text)).components ?? []).map(
    ({ group, name, version }) => `${group === undefined ? "" : `${group}/`}${name} ${version}`,
  );

/** The names and versions of packages in notices, each of which is above a licence's text. */
function inNotices(text: string): readonly string[] {
  const sections = text.slice(text.indexOf("\n\n") + 2).split(`\n${"-".repeat(80)}\n\n`);
  return sections.flatMap((section) => {
    const [names = "", ...licence] = section.split("\n\n");
    expect(licence.join("\n\n"), names).toMatch(/Permission|Redistribution|Apache License|^License: (MIT-0|0BSD)\n$/i);
    return names.split("\n").map((line) => line.replace(/ \([^()]*\)[^()]*$/, ""));
  });
}

/** The package that a source file belongs to, by its path alone; `undefined` for ours. */
async function packageOf(path: string): Promise<string | undefined> {
  const [folder, name] = /^.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path.replace(/^\0/, "")) ?? [];
  if (folder === undefined || name === undefined) return undefined;
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
  return `${name.replaceAll("\\", "/")} ${version}`;
}

async function packagesOf(paths: Iterable<string>): Promise<readonly string[]> {
  const found = await Promise.all([...paths].map(packageOf));
  return [...new Set(found.filter((name) => name !== undefined))].toSorted();
}

/** Sees which sources a bundle is made of. */
function createWitness() {
  const sources = new Set<string>();
  const passedOn = new Set<string>();
  const plugin: RolldownPluginOption = {
    name: "witness",
    generateBundle: (_options, files) => {
      for (const file of Object.values(files)) {
        if (file.type !== "chunk") continue;
        for (const [id, { renderedLength }] of Object.entries(file.modules)) {
          (renderedLength > 0 ? sources : passedOn).add(id);
        }
      }
    },
  };
  return {
    plugin,
    packages: () => packagesOf(sources),
    /** Packages of which nothing is left but that they handed on what is in others. */
    passedOn: () => packagesOf(passedOn),
  };
}

/** What of the notices is no package, but data that others collected. */
const collected = "libphonenumber, time zones of numbers, Copyright The Libphonenumber Authors";
const withoutCollected = (names: readonly string[]) => names.filter((name) => name !== collected).toSorted();

describe("notices and bills of materials name exactly the packages that are bundled", () => {
  test.each(handlerNames)("with the function %s", async (handler) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "packages-inside-"));
    const { path } = folder;
    await bundle(fileURLToPath(new URL(`../../functions/${handler}.ts`, import.meta.url)), path);
    const maps = (await readdir(path)).filter((name) => name.endsWith(".mjs.map"));
    const sources = await Promise.all(
      maps.map(async (name) => {
        const map: unknown = JSON.parse(await readFile(join(path, name), "utf8"));
        const of = z.object({ sources: z.array(z.string()) }).parse(map).sources;
        // They are as if the bundle lay at the project's root.
        const inside = await packagesOf(of.map((each) => fileURLToPath(new URL(`../../${each}`, import.meta.url))));
        const bill = await readFile(join(path, basename(name, ".mjs.map") + billSuffix), "utf8");
        expect(inBill(bill).toSorted()).toEqual(inside);
        return inside;
      }),
    );
    const all = [...new Set(sources.flat())].toSorted();
    expect(all.length).toBeGreaterThan(20);
    expect(withoutCollected(inNotices(await readFile(join(path, noticesFile), "utf8")))).toEqual(all);
  });

  test("with the console's page, whose bill of materials nobody is served", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "packages-inside-"));
    const { path } = folder;
    await buildPage(path);
    const witness = createWitness();
    await buildConsole(witness.plugin);
    const inside = await witness.packages();
    expect(inside.length).toBeGreaterThan(20);
    expect(inBill(await readFile(join(path, `page${billSuffix}`), "utf8")).toSorted()).toEqual(inside);
    expect(withoutCollected(inNotices(await readFile(join(path, noticesFile), "utf8")))).toEqual(inside);
    expect(await readFile(join(path, "contents.json"), "utf8")).not.toContain(billSuffix);
  });

  test("with the command line and the library", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "packages-inside-"));
    const [notices, bill, witness] = [createThirdPartyNotices(), createBillOfMaterials("all"), createWitness()];
    const dist = join(folder.path, "dist");
    await mkdir(dist);
    await compileCommandLine(dist, [notices.plugin(), bill.plugin(), witness.plugin]);
    const inside = await witness.packages();
    expect(inside.length).toBeGreaterThan(40);
    const passedOn = await witness.passedOn();
    const named = inBill(bill.text()).toSorted();
    expect(named.filter((name) => inside.includes(name) || !passedOn.includes(name))).toEqual(inside);
    expect(withoutCollected(inNotices(notices.text()))).toEqual(inside);
  });
});
