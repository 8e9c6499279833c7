import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildConsole } from "../console/build.ts";
import { contentsFile } from "../functions/built-page.ts";
import type { PageContents } from "../shared/console/publish-page.ts";
import { billSuffix, createBillOfMaterials } from "./bill-of-materials.ts";
import { createThirdPartyNotices, noticesFile } from "./third-party-notices.ts";

/**
 * Builds the console's page into a folder, which is made, with the notices of what others wrote, and beside its files the list of
 * them that the reporter reads, and the list of the packages in them.
 */
export async function buildPage(folder: string): Promise<void> {
  const notices = createThirdPartyNotices();
  const bill = createBillOfMaterials("the console's page");
  const built = await buildConsole(notices.plugin(), bill.plugin());
  const text = { path: noticesFile, contentType: "text/plain; charset=utf-8", body: Buffer.from(notices.text()) };
  const files = [text, ...built];
  const hash = createHash("sha256");
  for (const { path, body } of files) {
    hash.update(`${path}\0${body.length}\0`).update(body);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), body);
  }
  const contents: PageContents = {
    version: hash.digest("hex").slice(0, 16),
    files: files.map(({ path, contentType }) => ({ path, contentType })),
  };
  await writeFile(join(folder, contentsFile), JSON.stringify(contents));
  // Not one of the page's files: who runs it reads it here.
  await writeFile(join(folder, `page${billSuffix}`), bill.text());
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("Usage: node infra/build-page.ts FOLDER");
  await buildPage(folder);
}
