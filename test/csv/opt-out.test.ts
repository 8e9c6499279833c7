import { describe, expect, test } from "vitest";
import type { Options } from "../../shared/campaign/options.ts";
import { createOptOutNotice } from "../../shared/csv/opt-out.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";
import type { ListWarning } from "../../shared/plan/head.ts";

/** The lines (from 2) in which a column with this name says that somebody does not want to be written to. */
const noticed = (name: string, cells: readonly string[], skipped = false): readonly number[] =>
  warned(name, cells, skipped).flatMap(({ lines = [] }) => lines);

const warned = (name: string, cells: readonly string[], skipped = false): readonly ListWarning[] =>
  warnedOf(
    [name],
    cells.map((cell) => [cell]),
    skipped ? { column: name, is: ["1"] } : undefined,
  );

/** What is said of rows with these columns behind that of the numbers. */
function warnedOf(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  skipWhere?: Options["skipWhere"],
): readonly ListWarning[] {
  const warnings = createWarnings();
  const first = rows.map((cells, at) => ({ line: at + 2, cells: ["+447700900001", ...cells] }));
  const columns = [
    { name: "phone", meaning: { kind: "cnumber" } } as const,
    ...names.map((name) => ({ name, meaning: { kind: "variable" } }) as const),
  ];
  const at = skipWhere === undefined ? -1 : columns.findIndex(({ name }) => name === skipWhere.column);
  const notice = createOptOutNotice(columns, skipWhere, { skipped: at < 0 ? undefined : at, first }, warnings);
  for (const { cells, line } of first) notice?.(cells, line);
  return warnings.all();
}

describe("a column that says who does not want to be written to is noticed", () => {
  test.each([
    ["Opted out", ["yes", "no", "", "maybe", "2024-05-01", "0000-00-00", "null", "active"], [2, 5, 6]],
    ["Unsubscribed at", ["3 May 2024", "", "45000", "1900-01-00"], [2, 4]],
    ["dnc", ["x", "0"], [2]],
    ["STOP", ["x", "Main Street", "2024-05-01", "no"], [2, 4]],
    ["Deceased", ["2019", "Smith"], [2]],
    ["No consent", ["yes", "no"], [2]],
    ["SMS consent", ["yes", "no", "", "declined", "weekly"], [3, 4, 5]],
    ["SMS consent", ["", "", "yes", ""], [2, 5]],
    ["SMS consent", ["", ""], []],
    ["SMS consent", ["yes", " "], [3]],
    ["Consent timestamp", ["2024-05-01", ""], []],
    ["Consent source", ["never contact", "web"], [2]],
    ["Newsletter", ["yes", "no", "0"], [3, 4]],
    ["Newsletter", ["weekly", "no", "0", "unsubscribed", "blocked"], [3, 5, 6]],
    ["Status", ["active", "unsubscribed", "blocked", "Do not contact", "Opt-out: no", "letters only"], [3, 4, 5, 7]],
    ["Tags", ["vip;opted-out", "vip, stop", "bus stop", "unsub", "vip;unsubscribed: no"], [2, 3, 5]],
    [
      "Notes",
      ["Asked on 3 May: do not text", "Reply STOP to opt out", "no longer wants SMS", "see you", "Stop!"],
      [2, 4, 6],
    ],
    ["Notes", ["deceased", "zmarł x", "zmarł wczoraj", "möchte keine SMS", "a demandé la suppression"], [2, 4, 5, 6]],
    ["Notes", ["text STOP to 80080 and we do not text back", "Blocked", "vip;opted-out"], [4]],
    ["Notes", [`do not text ${"x".repeat(588)}`, `do not text ${"x".repeat(589)}`], [2]],
    ["Opt-out URL", ["https://example.com", "yes"], []],
    ["Stop text", ["Reply STOP to end"], []],
    ["Email opt out", ["yes"], []],
    ["Email/SMS opt out", ["yes"], [2]],
    ["City", ["Stopham", "Out", "Unsubscribe Lane"], []],
    ["Opted out", ["✓", "✗"], [2]],
    ["STOP", ["45000", "45000.5", "4500", "3/5/24"], [2, 3, 5]],
    ["Newsletter consent", ["yes", "no"], [3]],
    ["OK to text", ["yes", "no"], [3]],
    ["SMS consent", ["suppressed"], [2]],
    ["Marketing channel", ["SMS", "post only"], [3]],
    ["Remark", ["unsubscribed", "in stock"], [2]],
    ["Newsletter", ["weekly", "suppressed", "vip;suppressed", "no longer wants SMS"], [3, 4, 5]],
    ["Status", ["active", "suppressed", "vip;suppressed", "no longer wants SMS"], [3, 4, 5]],
    ["Newsletter", ["yes", " ", "0"], [4]],
    [`Newsletter abonn${"e".repeat(45)}`, ["no"], [2]],
    [`Newsletter abonn${"e".repeat(46)}`, ["no"], []],
  ])("%s: %j in the lines %j", (name, cells, lines) => {
    expect(noticed(name, cells)).toEqual(lines);
  });

  test("where the options leave its rows out, only of what they do not leave out", () => {
    expect(noticed("Opted out", ["maybe", "yes", "2024-05-01"], true)).toEqual([3, 4]);
    expect(noticed("SMS consent", ["yes", "", "no"], true)).toEqual([4]);
  });

  test("empty cells before the first consent are counted, each of them, and the first is shown", () => {
    expect(warned("SMS consent", ["", "", "", "yes", "yes", "", "no"])).toMatchObject([{ count: 5, lines: [2, 7, 8] }]);
  });
});

/** The end of what is said of a column: what to put into the options, or why none can be. */
const advised = (name: string, ...list: Parameters<typeof warnedOf>): string | undefined =>
  warnedOf(...list)
    .find(({ examples = [] }) => examples.some((example) => example.startsWith(`${name}: `)))
    ?.text.replace(/^Rows are sent to .* not want it\. /, "");

describe("what to do is advised", () => {
  const is = (column: string, ...is: readonly string[]) =>
    `To leave them out, put this into the options, with every value that means so: "skipWhere": ${JSON.stringify({ column, is })}.`;
  const isNot = (column: string, ...isNot: readonly string[]) =>
    `To leave out all who have something there, put this into the options: "skipWhere": ${JSON.stringify({ column, isNot })}.`;

  test.each([
    ["Opted out", ["2024-05-01", "x", "No"], isNot("Opted out", "", "no")],
    ["Opted out", ["moved away", "No"], isNot("Opted out", "", "no")],
    ["STOP", ["2024-05-01", "Main Street"], isNot("STOP", "", "no", "Main Street")],
    ["Tags", ["vip;unsub", "vip"], is("Tags", "unsub")],
    ["Tags", ["unsubscribed;vip"], is("Tags", "unsubscribed")],
    ["Tags", ["vip;opted-out;no sms"], is("Tags", "opted-out")],
    ["Remark", ["Do not contact, moved away"], is("Remark", "Do not contact, moved away")],
    ["Newsletter", ["no", "yes"], is("Newsletter", "no")],
    ["SMS consent", ["no", "yes"], is("SMS consent", "no", "false", "0")],
  ])("for %s, with %j", (name, cells, advice) => {
    expect(
      advised(
        name,
        [name],
        cells.map((cell) => [cell]),
      ),
    ).toBe(advice);
  });

  test("with the column's name as it is written without the blanks around it", () => {
    expect(warned(" Opted out ", ["yes"])).toMatchObject([
      {
        text: `Rows are sent to although the column "Opted out" seems to say that these people do not want it. ${is("Opted out", "yes", "true", "1")}`,
        examples: ['Opted out: "yes"'],
      },
    ]);
  });

  test("for the column that says so of most rows, empty cells included, where there are several", () => {
    const [names, rows] = [
      ["Opted out", "SMS consent"],
      [
        ["yes", "yes"],
        ["no", ""],
        ["no", ""],
        ["no", ""],
      ],
    ];
    expect(advised("SMS consent", names, rows)).toBe(is("SMS consent", "", "no", "false", "0"));
    expect(advised("Opted out", names, rows)).toContain('can name one column only, best "SMS consent"');
  });

  test("one column's advice is no other's where it does not leave the same rows out", () => {
    const rows = [
      ["no", ""],
      ["no", ""],
      ["yes", "yes"],
      ["yes", "yes"],
      ["yes", "yes"],
    ];
    const names = ["Opted out", "SMS consent"];
    expect(advised("SMS consent", names, rows)).toContain('can name one column only, best "Opted out"');
  });

  test("where the options leave out rows by a column that has nothing to do with it", () => {
    const skipWhere = { column: "Branch", is: ["Leeds"] };
    expect(advised("Opted out", ["Branch", "Opted out"], [["York", "yes"]], skipWhere)).toContain(
      '"skipWhere" in the options can name one column only, and names "Branch" already: delete the rows that say "yes" there,',
    );
  });

  test("by what stays, of fifty such columns, however many others there are", () => {
    const others = Array.from({ length: 60 }, (_, at) => `Column ${at}`);
    const cells = others.map(() => "x");
    expect(
      advised(
        "Opted out",
        [...others, "Opted out"],
        [
          [...cells, "2024-05-01"],
          [...cells, "none"],
        ],
      ),
    ).toBe(isNot("Opted out", "", "no", "none"));
    const marks = Array.from({ length: 51 }, (_, at) => `Opted out ${at}`);
    const of = (column: number) =>
      advised(`Opted out ${column}`, marks, [marks.map((_, at) => (at === column ? "2024-05-01" : "none"))]);
    expect([of(49), of(50)]).toEqual([
      isNot("Opted out 49", "", "no"),
      is("Opted out 50", "2024-05-01", "yes", "true", "1"),
    ]);
  });
});

test("fifty columns that say so are told, each with all of its rows", () => {
  const names = Array.from({ length: 51 }, (_, at) => `Opted out ${at}`);
  const yes = names.map(() => "yes");
  const told = warnedOf(names, [yes, yes]);
  expect(told).toHaveLength(50);
  expect(told.every(({ count }) => count === 2)).toBe(true);
});

test("cells that are missing at a row's end are empty", () => {
  expect(
    warnedOf(["City", "Newsletter", "SMS consent"], [["Leeds", "yes", "yes"], ["York"], ["Hull", "0"]]),
  ).toMatchObject([
    { count: 2, examples: ["SMS consent: (empty)"] },
    { count: 1, examples: ['Newsletter: "0"'] },
  ]);
});
