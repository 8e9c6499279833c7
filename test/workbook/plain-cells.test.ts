import fc from "fast-check";
import { expect, test } from "vitest";
import { localFormats } from "../../shared/workbook/local-formats.ts";
import { readSheet } from "../../shared/workbook/read-sheet.ts";
import { readSharedStrings } from "../../shared/workbook/shared-strings.ts";
import { createTextStore } from "../../shared/workbook/text-store.ts";

const strings = createTextStore();
for (const text of ["Ann", "Ben"]) strings.add(text);
const formats = { strings, styles: [], date1904: false, local: localFormats("GB") };

async function* chunksOf(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

/** A sheet's rows and what was noticed, or that it was refused. */
async function rowsOf(sheet: string, size: number) {
  const noticed: unknown[] = [];
  try {
    const read = await Array.fromAsync(
      readSheet(chunksOf(sheet, size), {
        formats,
        merges: [],
        onNotice: (notice) => noticed.push(notice),
        work: { marks: 0 },
      }),
    );
    return { rows: read.flat(), noticed };
  } catch (error) {
    return String(error);
  }
}

const pieces = fc.constantFrom(
  '<c r="A1"><v>1</v></c>',
  '<c r="B1" t="s"><v>1</v></c>',
  '<c r="C1" s="0" t="s"><v>0</v></c>',
  '<c r="D1" s="0"><v>4.47700900001E11</v></c>',
  '<c r="E1" t="s"><v>7</v></c>',
  '<c r="F1" t="n"><v>-0.5</v></c>',
  '<c r="G1"><f>A1</f><v>2</v></c>',
  '<c r="H1"><f>A1</f></c>',
  '<c r="I1" t="b"><v>1</v></c>',
  "<c><v>3</v></c>",
  '<c r="XFD1"><v>9</v></c>',
  '<c r="J1" t="inlineStr"><is><t>Cleo</t></is></c>',
  '<c r="K1"><v></v></c>',
  '<c r="L1"><v>1',
  "</v></c>",
  '</row><row r="2">',
  "<x>",
);

test("cells that are read at once say what they would say piece by piece", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }), async (cells, size) => {
      const sheet = `<worksheet><sheetData><row r="1">${cells.join("")}</row></sheetData></worksheet>`;
      // Two blanks, which no program writes, are read piece by piece.
      const piecewise = await rowsOf(sheet.replaceAll("<c ", "<c  "), 1000);
      expect(await rowsOf(sheet, 1000)).toEqual(piecewise);
      expect(await rowsOf(sheet, size)).toEqual(piecewise);
    }),
    { numRuns: 2000 },
  );
});

test("shared texts that are read at once say what they would say piece by piece", async () => {
  const items = [
    "<si><t>Ann</t></si>",
    '<si><t xml:space="preserve"> a_x0041_\r\n</t></si>',
    "<si><t>a&amp;]</t></si>",
    "<si><t/></si>",
  ];
  const all = `<sst>${items.join("")}</sst>`;
  const read = async (text: string) => {
    const store = await readSharedStrings(chunksOf(text, 17));
    return items.map((_, at) => store.get(at));
  };
  expect(await read(all)).toEqual(["Ann", " aA\n", "a&]", ""]);
  expect(await read(all.replaceAll("<si>", "<si >"))).toEqual(["Ann", " aA\n", "a&]", ""]);
});
