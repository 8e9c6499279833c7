import fc from "fast-check";
import { expect, test } from "vitest";
import { createCsvReader } from "../../shared/csv/read-records.ts";

interface Layout {
  readonly delimiter: string;
  readonly ending: string;
  readonly encoding: "utf-8" | "utf-8 with BOM" | "utf-16le" | "utf-16be" | "windows-1252" | "windows-1252, stated";
  readonly quoteAll: boolean;
  readonly lastEnding: boolean;
  readonly hint: boolean;
}

const layouts: fc.Arbitrary<Layout> = fc.record({
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  ending: fc.constantFrom("\r\n", "\n", "\r"),
  encoding: fc.constantFrom("utf-8", "utf-8 with BOM", "utf-16le", "utf-16be", "windows-1252", "windows-1252, stated"),
  quoteAll: fc.boolean(),
  lastEnding: fc.boolean(),
  hint: fc.boolean(),
});

/** Letters of Windows-1252 whose bytes cannot pass for UTF-8, since they are no continuation bytes. */
const ansi = [..."abc ,;|\t\"'\n\r=+0123{}éüñßÅø"];
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ansi, "€", "—", "\u00a0", "😀", "Ł", "漢", "\ufeff") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
);

const table = (layout: Layout) => {
  const unit = layout.encoding.startsWith("windows") ? fc.constantFrom(...ansi) : anything;
  const cell = fc
    .array(unit, { maxLength: 12 })
    .map((units) => units.join("").replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/g, ""));
  const row = fc.integer({ min: 2, max: 5 }).chain((width) => fc.array(cell, { minLength: width, maxLength: width }));
  return fc.array(
    row.filter((cells) => cells.some((text) => text.trim() !== "")),
    { maxLength: 12 },
  );
};

function written(rows: readonly (readonly string[])[], layout: Layout): Buffer {
  const special = new RegExp(`["\\r\\n${layout.delimiter === "|" ? "\\|" : layout.delimiter}]`);
  const lines = rows.map((cells) =>
    cells
      .map((cell) => (layout.quoteAll || special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(layout.delimiter),
  );
  const hint = layout.hint ? `sep=${layout.delimiter}${layout.ending}` : "";
  const text = hint + lines.join(layout.ending) + (layout.lastEnding ? layout.ending : "");
  switch (layout.encoding) {
    case "utf-8":
      return Buffer.from(text);
    case "utf-8 with BOM":
      return Buffer.from(`\ufeff${text}`);
    case "utf-16le":
      return Buffer.from(`\ufeff${text}`, "utf16le");
    case "utf-16be":
      return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
    case "windows-1252":
    case "windows-1252, stated":
      return Buffer.from(text, "latin1");
    default:
      return layout.encoding satisfies never;
  }
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]) {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function cellsOf(source: AsyncIterable<Uint8Array>, stated: string | undefined) {
  const reader = createCsvReader(source, { stated, isKnown: (name) => ["cnumber", "message"].includes(name) });
  const rows: (readonly string[])[] = [];
  for await (const event of reader.events) {
    switch (event.kind) {
      case "header":
        rows.push(event.record.cells);
        break;
      case "records":
        rows.push(...event.records.map(({ cells }) => cells));
        break;
      case "refused":
        throw new Error(event.reason);
      default:
        event satisfies never;
    }
  }
  return rows;
}

const unlessDoubted = (cells: readonly (readonly string[])[]) => (error: Error) => {
  expect(error.message).toMatch(/^This file is (?:not UTF-8, |damaged: )/);
  return cells;
};

test("any table in any dialect and encoding, cut anywhere, comes back as the same cells", async () => {
  const input = layouts.chain((layout) =>
    fc.record({
      layout: fc.constant(layout),
      rows: table(layout),
      sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(input, async ({ layout, rows, sizes }) => {
      const all = [["cnumber", "message", "x"], ...rows];
      const bytes = written(all, layout);
      const stated = layout.encoding === "windows-1252, stated" ? "windows-1252" : undefined;
      const cells = cellsOf(cut(bytes, sizes), stated);
      // Letters by chance can look like another encoding; nothing is sent then.
      const guessed = layout.encoding === "windows-1252";
      expect(await (guessed ? cells.catch(unlessDoubted(all)) : cells)).toEqual(all);
    }),
    { numRuns: 400 },
  );
});

test("blanks beside a cell's quotation marks belong to none of the cells", async () => {
  const layout = {
    quoteAll: true,
    lastEnding: true,
    hint: false,
    delimiter: ",",
    ending: "\n",
    encoding: "utf-8",
  } as const;
  const blank = fc.string({ unit: fc.constantFrom(" ", "\t", "\u00a0"), maxLength: 2 });
  const input = fc.record({ rows: table(layout), before: blank, behind: blank, size: fc.integer({ min: 1, max: 40 }) });
  await fc.assert(
    fc.asyncProperty(input, async ({ rows, before, behind, size }) => {
      // Behind a blank a mark does not open a cell, so that a delimiter or line break ends it: that row is in doubt.
      const meant = before === "" ? rows : rows.map((cells) => cells.map((cell) => cell.replace(/[,\r\n]/g, "")));
      const rest = meant.filter((cells) => cells.some((cell) => cell.trim() !== ""));
      const quoted = (cell: string) => `${before}"${cell.replaceAll('"', '""')}"${behind}`;
      const lines = rest.map((cells) => `${cells.map(quoted).join(",")}\n`);
      const bytes = Buffer.from(`cnumber,message,x\n${lines.join("")}`);
      expect(await cellsOf(cut(bytes, [size]), undefined)).toEqual([["cnumber", "message", "x"], ...rest]);
    }),
  );
});

test("characters and line ends on the border of two pieces of a long file come back whole", async () => {
  const layout = { quoteAll: false, lastEnding: true, hint: false, delimiter: ",", ending: "\r\n" };
  const input = fc.record({
    encoding: fc.constantFrom<Layout["encoding"]>("utf-8", "utf-8 with BOM", "utf-16le", "utf-16be", "windows-1252"),
    filling: fc.integer({ min: 0, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ encoding, filling }) => {
      const names = encoding === "windows-1252" ? "Zoë" : "é€😀漢";
      const unit = encoding.startsWith("utf-16") ? 2 : 1;
      const start = Math.floor((64 * 1024 - 60) / unit) + filling;
      const all = [
        ["cnumber", "message"],
        ["1", "x".repeat(start - 20)],
        ...Array.from({ length: 20 }, (_, at) => [String(at), `${names}"${names}\r\n${names}`]),
      ];
      expect(await cellsOf(cut(written(all, { ...layout, encoding }), [65_536]), undefined)).toEqual(all);
    }),
    { numRuns: 60 },
  );
});

test("a quotation mark that is never closed is found before it fills the memory", async () => {
  let given = 0;
  async function* endless() {
    yield Buffer.from('cnumber,message\n1,"Hello\n');
    for (;;) {
      given += 65_536;
      yield Buffer.from("2,Bye for now\n".repeat(4681));
    }
  }
  await expect(cellsOf(endless(), undefined)).rejects.toThrow(
    "The row that begins in line 2 is longer than 1 MiB, more than",
  );
  expect(given).toBeLessThan(2 * 1024 * 1024);
});

test.each(["", '""'])(
  "a line of empty cells that never ends is found before it fills the memory: %j",
  async (empty) => {
    let given = 0;
    async function* endless() {
      yield Buffer.from("cnumber,message\n1,Hello\n2,Bye");
      for (;;) {
        given++;
        yield Buffer.from(`,${empty}`.repeat(32_768));
      }
    }
    await expect(cellsOf(endless(), undefined)).rejects.toThrow(
      "The row that begins in line 3 has more than 16,384 cells, more than any list has columns",
    );
    expect(given).toBeLessThan(8);
  },
);

test.each(["\n", ""])(
  "a row has as many empty cells at its end as a sheet has columns, and no more (%j)",
  async (end) => {
    const rowOf = (cells: number) => `1,Hello${",".repeat(cells - 2)}`;
    const read = (cells: number) => eventsOf(Buffer.from(`phone,name\n${rowOf(cells)}${end}`));
    expect((await read(16_384)).slice(1)).toEqual([false, ["1", "Hello", ...Array(16_382).fill("")]]);
    expect((await read(16_385)).slice(1)).toEqual([expect.stringContaining("line 2 has more than 16,384 cells")]);
  },
);

test("a file is not read further than it is asked for", async () => {
  let given = 0;
  async function* source() {
    yield Buffer.from("cnumber,message\n");
    for (;;) {
      given++;
      yield Buffer.from("1,Hello\n".repeat(8192));
    }
  }
  const reader = createCsvReader(source(), { stated: undefined, isKnown: () => true });
  for await (const event of reader.events) {
    if (event.kind === "records") break;
  }
  expect(given).toBeLessThan(4);
});

/** What is read of a file that says nothing of itself: its cells, whether control characters may be in them, and why it is refused. */
async function eventsOf(...chunks: readonly Uint8Array[]) {
  const source = (async function* () {
    yield* chunks;
  })();
  const seen: unknown[] = [];
  for await (const event of createCsvReader(source, { stated: undefined, isKnown: () => true }).events) {
    if (event.kind === "header") seen.push(event.record.cells);
    else if (event.kind === "records") seen.push(event.suspect, ...event.records.map(({ cells }) => cells));
    else seen.push(event.reason);
  }
  return seen;
}

test.each(["ﻀ", "忿", "滿", "ｿ", "ｎ"])(
  "a name that begins with bytes of a byte order mark is none: %s",
  async (sign) => {
    expect(await eventsOf(Buffer.from(`${sign},phone\na,1`))).toEqual([[sign, "phone"], false, ["a", "1"]]);
  },
);

test("what a program writes behind the end of a text is no part of it, and in the middle it is", async () => {
  const header = ["phone", "name"];
  for (const ending of ["", "\0", "\x1a", "\x1a\0\0", "\0".repeat(1024 * 1024)]) {
    for (const before of ["1,Ann", "1,Ann\n"]) {
      const bytes = Buffer.from(`phone,name\n${before}${ending}`);
      expect(await eventsOf(bytes), ending.slice(0, 5)).toEqual([header, expect.any(Boolean), ["1", "Ann"]]);
    }
  }
  // The first piece, of 64 KiB, ends where the ending begins to look like one.
  const filling = "x".repeat(64 * 1024 - "phone,name\n1,?".length);
  for (const sign of ["\0", "\x1a", "\0\x1a"]) {
    const text = `phone,name\n1,${filling}`.slice(0, 64 * 1024 - sign.length);
    const seen = await eventsOf(Buffer.from(`${text}${sign}y\n2,Bob\n`));
    expect(seen.slice(0, 3)).toEqual([header, true, ["1", `${text.slice("phone,name\n1,".length)}${sign}y`]]);
  }
});

test("many zeros in the middle of a text make its ending no part of it either", async () => {
  const zeros = "\0".repeat(600 * 1024);
  const seen = await eventsOf(Buffer.from(`phone,name\n1,Ann${zeros}Bob\0`));
  expect(seen).toEqual([["phone", "name"], true, ["1", `Ann${zeros}Bob`]]);
});

test("more than a mebibyte of zeros is no ending, but a row that is too long", async () => {
  const seen = await eventsOf(Buffer.from(`phone,name\n1,Ann${"\0".repeat(1024 * 1024 + 1)}`));
  expect(seen.at(-1)).toContain("The row that begins in line 2 is longer than 1 MiB");
});

test("bytes that are damaged are told where what comes before them looks like an ending, too", async () => {
  for (const before of ["", "\0", "\x1a"]) {
    const bytes = Buffer.concat([
      Buffer.from(`phone,name\n1,Zoë\n2,Ann${before}`),
      Buffer.of(0xff),
      Buffer.from("\n3,Bob\n"),
    ]);
    expect((await eventsOf(bytes)).at(-1)).toContain("The row that begins in line 3 has bytes that are not UTF-8");
  }
});

test("rows are suspect while control characters may be in them, and no longer", async () => {
  const row = `1,${"x".repeat(1000)}\n`;
  const plain = Buffer.from(`phone,name\n${row.repeat(200)}1,Ann`);
  const flags = async (bytes: Uint8Array) => (await eventsOf(bytes)).filter((seen) => typeof seen === "boolean");
  expect(await flags(plain)).toEqual([false, false, false, false, false]);
  // Rows of the second piece may have begun in the first.
  expect(await flags(Buffer.from(plain.toString().replace("1,x", "1,\x01")))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
