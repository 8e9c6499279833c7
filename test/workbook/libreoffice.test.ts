import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { readWorkbook } from "../../shared/workbook/read-workbook.ts";
import { installed, runProgram } from "../support/run-program.ts";
import { inMemory, row, workbook } from "../support/workbook.ts";

const found = await installed("soffice");

const title = "a workbook that LibreOffice saved is read as it was written";

it.skipIf(!found)(found ? title : `${title} (skipped: there is no soffice here)`, { timeout: 120_000 }, async () => {
  const rows = [
    row(1, ["phone", "name", "share", "due", "hidden"]),
    row(2, [447700900001, " Zoë 日本 😀", '<c r="C2" s="1"><v>0.2</v></c>', '<c r="D2" s="2"><v>46095</v></c>', "x"]),
    row(3, ["07700900002", 'two\nlines, "quoted"', '<c r="C3"><f>1+1</f><v>2</v></c>', undefined, "x"]),
    row(4, ["07700900003", "Bob"], 'hidden="1"'),
    row(5, ["07700900004", "<b> & co"]),
  ].join("");
  const before = '<cols><col min="5" max="5" width="9" hidden="1"/></cols>';
  const written = workbook(
    [
      { name: "Empty", rows: "" },
      { name: "May", rows, before },
    ],
    { formats: [9, "dd/mm/yyyy"] },
  );
  await using folder = await mkdtempDisposable(join(tmpdir(), "bulk-send-libreoffice-"));
  await writeFile(join(folder.path, "list.xlsx"), written);
  await runProgram("soffice", [
    "--headless",
    `-env:UserInstallation=${pathToFileURL(join(folder.path, "profile")).href}`,
    "--convert-to",
    "xlsx:Calc MS Excel 2007 XML",
    "--outdir",
    join(folder.path, "saved"),
    join(folder.path, "list.xlsx"),
  ]);
  const read = async (bytes: Uint8Array) => {
    const settings = { sheet: undefined, country: "GB", onNotice: () => {} };
    const events = await Array.fromAsync(readWorkbook(inMemory(bytes), settings));
    return events.flatMap((event) => {
      if (event.kind === "refused") throw new Error(event.reason);
      return event.kind === "rows" ? event.rows : [];
    });
  };
  const saved = await read(await readFile(join(folder.path, "saved", "list.xlsx")));
  expect(saved).toEqual(await read(written));
  expect(saved).toMatchObject([
    { line: 1, cells: ["phone", "name", "share", "due"] },
    { line: 2, cells: ["447700900001", " Zoë 日本 😀", "20%", "14/03/2026"] },
    { line: 3, cells: ["07700900002", 'two\nlines, "quoted"', "2"] },
    { line: 5, cells: ["07700900004", "<b> & co"] },
  ]);
});
