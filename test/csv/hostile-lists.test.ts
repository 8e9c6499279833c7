import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { readOptions } from "../../shared/csv/read-options.ts";
import { judgedCsv } from "./judged-csv.ts";

const options = { snumber: "441234" };
const number = (row: number) => `4477009${String(row).padStart(5, "0")}`;
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Seconds of processor time that this thread takes for `work`. */
async function secondsOf<Result>(work: () => Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const before = process.threadCpuUsage();
  const result = await work();
  const { user, system } = process.threadCpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

describe("a list never takes long", () => {
  // Odd texts take up to twenty times as long as plain ones of the same length, on any machine; what this is there to find
  // takes thousands of times as long.
  const timesAllowed = 500;

  const signs = fc.constantFrom(
    ..."{{a}}x|{{a|b}}|{{|}}}}|{|[a]|<a>|_a|%a%|$a|#a |((a|*|a|~a~|\\n|a|é|\u0301|\u200d|👩\u200d|\u0600|🇬🇧|ア\u3099|Ã©|â‚¬|\t|\u00a0|=a|=\"|''|`a`|a@a.|www.|first_nmae |{frist_name} ".split(
      "|",
    ),
  );
  const unit = fc.array(signs, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));

  /** Seconds that lists take in which rows, cells or the campaign's own text repeat `text`, 60,000 characters in all. */
  const workOf = async (text: string, length: number): Promise<number> => {
    const rows = Array.from({ length: 60_000 / length }, (_, row) => `${number(row)},${cell(text + row)},Ann`);
    const own = `to,text,first_name\n${rows.join("\n")}\n`;
    const filled = `to,a,first_name\n${rows.join("\n")}\n`;
    const { seconds } = await secondsOf(async () => {
      await judgedCsv(own, { ...options, maxSegments: 255 });
      await judgedCsv(filled, { ...options, maxSegments: 255, message: "Hi {{a}}" });
      await judgedCsv(filled, { ...options, maxSegments: 255, message: text });
    });
    return seconds;
  };

  it("whatever a row's text, its cells or the campaign's text repeat", async () => {
    await fc.assert(
      fc.asyncProperty(unit, fc.constantFrom(1_000, 30_000), async (unit, length) => {
        const text = unit.repeat(Math.ceil(length / unit.length));
        const plain = await workOf("Hello Ann, ".repeat(Math.ceil(length / 11)), length);
        expect(await workOf(text, length)).toBeLessThan(timesAllowed * plain);
      }),
      { numRuns: 12 },
    );
  }, 300_000);

  it.each([
    ["a placeholder, many times", "{{a}}x".repeat(150_000)],
    ["braces that nothing closes", "}}}}x".repeat(150_000)],
    ["marks on one letter", `e${"\u0301".repeat(300_000)}`],
  ])("a row of %s is invalid at once", async (_, text) => {
    const { result, seconds } = await secondsOf(() =>
      judgedCsv(`to,text,a\n447700900001,${cell(text)},Ann\n447700900002,Hello,Ann\n`, options),
    );
    expect(result.rows.map(({ verdict }) => verdict.kind)).toEqual(["invalid", "send"]);
    expect(seconds).toBeLessThan(timesAllowed * (await workOf("Hello Ann, ".repeat(91), 1_000)));
  });
});

/** What the system counts processor time in may be ten milliseconds: less than that says nothing. */
const measured = (seconds: number) => Math.max(0.02, seconds);

describe("a cell never takes long, whatever it repeats", () => {
  const window = { from: "00:00", to: "23:59", timezone: "recipient" };
  const lists: Readonly<Record<string, { readonly list: (cell: string) => string; readonly options: Options }>> = {
    "a number's": { list: (text) => `to,a\n${text},Ann\n`, options: { country: "GB" } },
    "a number's without a country": { list: (text) => `to,a\n${text},Ann\n`, options: {} },
    "a time zone's": { list: (text) => `to,timezone\n447700900001,${text}\n`, options: { window } },
    "one that may say that somebody opted out": {
      list: (text) => `to,opted_out,tags\n447700900001,${text},${text}\n`,
      options: {},
    },
    "one of several values": {
      list: (text) => `to,a\n447700900001,${text}\n`,
      options: { skipWhere: { column: "a", is: ["yes"] } },
    },
  };
  const signs = [" ", "\t", "\n", "_", '"', "}}", "1 ", "(", "-", "/", ",", "; ", "a ", "00", "#"];
  const around = (text: string) => [`4${text}x`, `07700 900001 ${text} home`, `"${text}x`, `(${text}1`];

  it.each(Object.entries(lists))(
    "%s",
    async (_, { list, options: own }) => {
      const workOf = async (text: string) => {
        const { seconds } = await secondsOf(async () => {
          for (const each of around(text)) await judgedCsv(list(cell(each)), { ...options, message: "Hi", ...own });
        });
        return seconds;
      };
      await workOf("1".repeat(100_000));
      const plain = measured(await workOf("1".repeat(100_000)));
      for (const sign of signs) {
        expect({ sign, times: (await workOf(sign.repeat(100_000 / sign.length))) / plain }).toEqual({
          sign,
          times: expect.toSatisfy((times: number) => times < 100),
        });
      }
    },
    300_000,
  );

  it.each(["П", "a", "a1", "か"])("one of a text that is the word %s, many times", async (word) => {
    const workOf = async (text: string) => {
      const csv = `to,text,first_name\n447700900001,${cell(text)},Ann\n`;
      return (await secondsOf(() => judgedCsv(csv, { ...options, maxSegments: 255 }))).seconds;
    };
    const words = "Добрый день ".repeat(3_000);
    await workOf(words);
    expect(await workOf(`(${word.repeat(36_000 / word.length)}x`)).toBeLessThan(100 * measured(await workOf(words)));
  });
});

describe("a list never takes much memory", () => {
  it("a text that grows beyond every bound when it is filled in is invalid", async () => {
    const { rows } = await judgedCsv(`to,a\n447700900001,${cell("x".repeat(900_000))}\n447700900002,Ann\n`, {
      ...options,
      message: "{{a}} ".repeat(bounds.placeholders),
      maxSegments: 255,
    });
    expect(rows.map(({ verdict }) => verdict.kind)).toEqual(["invalid", "send"]);
  });

  it("a row of more than 32 KiB is invalid, because 25 rows make a message", async () => {
    const { rows } = await judgedCsv(
      `to,text\n447700900001,${cell("x".repeat(32_000))}\n447700900002,${cell("x".repeat(33_000))}\n`,
      { ...options, maxSegments: 255 },
    );
    expect(rows.map(({ verdict }) => verdict.kind)).toEqual(["send", "invalid"]);
  });

  it("what is said about a row is short, whatever its columns are called", async () => {
    const name = "n".repeat(bounds.columnName);
    const { rows } = await judgedCsv(`to,${name}\n447700900001,\n`, { ...options, message: `Hi {{${name}}}` });
    const [{ verdict } = { verdict: undefined }] = rows;
    expect(verdict?.kind).toBe("invalid");
    expect(verdict?.kind === "invalid" && verdict.detail.length).toBeLessThanOrEqual(bounds.detail);
  });

  it.each([
    [
      "a column's name of 380 KB",
      `to,${"n".repeat(380_000)}\n447700900001,\n`,
      /name of column 2 .* more than 1,000 char/u,
    ],
    ["20,000 columns", `to,${"a,".repeat(20_000)}\n447700900001\n`, /more than 16,384 cells/u],
  ])("%s is refused", async (_, csv, reason) => {
    const { last } = await judgedCsv(csv, { ...options, message: "Hi" });
    expect(last).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
  });
});

describe("parameters are no longer than a queue message can hold", () => {
  it.each([
    [{ customer: "1".repeat(240_000) }, /customer/u],
    [{ customer: "1".repeat(16) }, /customer/u],
    [{ snumber: "1".repeat(65) }, /"snumber" is longer than 64 characters/u],
    [{ maxSegments: 256 }, /"maxSegments" is too large: it must be at most 255/u],
    [{ message: "x".repeat(300_000) }, /larger than 256 KiB/u],
  ])("in the options %#", (given, reason) => {
    const read = readOptions(JSON.stringify(given));
    expect(read).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
    expect(read.kind === "refused" && read.reason.length).toBeLessThan(300);
  });

  it("a refusal names some of the options that nobody knows, not thousands", () => {
    const keys = Array.from({ length: 10_000 }, (_, at) => `"option${at}":1`);
    const read = readOptions(`{${keys.join(",")}}`);
    expect(read).toMatchObject({ kind: "refused", reason: expect.stringContaining('"option9", and 9,990 others.') });
    expect(read.kind === "refused" && read.reason.length).toBeLessThan(500);
    expect(readOptions(`{${keys.slice(0, 10).join(",")}}`)).toMatchObject({
      reason: expect.stringContaining('"option8", "option9".'),
    });
  });

  it.each([
    ["customer", "1".repeat(240_000)],
    ["customer", "1".repeat(16)],
    ["snumber", "1".repeat(240_000)],
    ["stype", "p".repeat(240_000)],
    ["to", "4".repeat(240_000)],
    ["filename1", "f".repeat(240_000)],
    ["attachment1", "f".repeat(240_000)],
  ])("in a cell for %s", async (column, value) => {
    const values: Readonly<Record<string, string>> = {
      to: number(1),
      text: "Hi",
      file1: "QUJD",
      filename1: "a",
      [column]: value,
    };
    const names = Object.keys(values);
    const csv = `${names.join(",")}\n${names.map((name) => values[name]).join(",")}\n`;
    const { rows } = await judgedCsv(csv, {
      ...options,
      columns: column === "customer" || column === "stype" ? { [column]: column } : {},
    });
    expect(rows.map(({ verdict }) => verdict.kind)).toEqual(["invalid"]);
  });
});

describe("names that JavaScript's objects know themselves", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
    "%s is a column's name like any other",
    async (name) => {
      const csv = `to,${name}\n447700900001,Ann\n`;
      const filled = await judgedCsv(csv, { ...options, message: `Hi {{${name}}}` });
      expect(filled.rows[0]?.verdict).toMatchObject({ kind: "send", send: { message: "Hi Ann" } });
      const named = await judgedCsv(csv, { ...options, columns: { message: name } });
      expect(named.rows[0]?.verdict).toMatchObject({ kind: "send", send: { message: "Ann" } });
    },
  );

  it.each([
    '{"__proto__":{"message":"Hi"}}',
    '{"constructor":"x"}',
    '{"toString":"x"}',
    '{"window":{"__proto__":{},"from":"09:00","to":"17:00","timezone":"UTC"}}',
  ])("%s is refused as an unknown option", (text) => {
    expect(readOptions(text)).toMatchObject({ kind: "refused", reason: expect.stringContaining("unknown key") });
  });

  it.each(["__proto__", "constructor", "toString"])("%s is no parameter in columns", async (name) => {
    const read = readOptions(`{"message":"Hi","columns":{"${name}":"to"}}`);
    if (read.kind !== "options") return expect(read.reason).toContain(name);
    const { last } = await judgedCsv("to,a\n447700900001,Ann\n", { ...options, ...read.options });
    expect(last).toMatchObject({ kind: "refused", reason: expect.stringContaining(`maps "${name}"`) });
  });
});

it("blank lines before the header are none", async () => {
  for (const blank of ["\n", "\r\n\r\n", " \n\t\n", ",,\n", "\ufeff\n"]) {
    const { rows, last } = await judgedCsv(`${blank}to,text\n447700900001,Hi\n`, options);
    expect({ blank, kinds: rows.map(({ verdict }) => verdict.kind), last: last.kind }).toEqual({
      blank,
      kinds: ["send"],
      last: "end",
    });
  }
});
