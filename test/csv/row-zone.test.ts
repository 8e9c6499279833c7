import { describe, expect, test } from "vitest";
import type { Defaults, Options } from "../../shared/campaign/options.ts";
import { createNumberZones } from "../../shared/csv/number-zones.ts";
import { phoneZones } from "../../shared/csv/phone-zones.ts";
import { zoneNamed } from "../../shared/csv/zone-name.ts";
import { describeRow, judgedCsv } from "./judged-csv.ts";

const window = { from: "09:00", to: "20:00", timezone: "recipient" };

/** The zones of each row, or why it is not sent. */
async function zonesOf(
  csv: string,
  options: Options = {},
  at?: number,
  defaults: Defaults = {},
): Promise<readonly string[]> {
  const own = { message: "Hello", snumber: "1", window, ...options };
  const { rows, last } = await judgedCsv(csv, own, { at, defaults });
  if (last.kind === "refused") return [last.reason];
  return rows.map((row) =>
    row.verdict.kind === "send"
      ? (last.totals.zones?.[row.verdict.send.zone ?? -1]?.zones.join(" + ") ?? "none")
      : row.verdict.detail,
  );
}

describe("a recipient's zone", () => {
  test("is that of the column, however it is spelt", async () => {
    const csv =
      "to,Time Zone\n+447700900001,america/new_york\n+447700900002,America/Los Angeles\n+447700900003, Asia/Calcutta \n";
    expect(await zonesOf(csv)).toEqual(["America/New_York", "America/Los_Angeles", "Asia/Kolkata"]);
  });

  test.each([
    ["EST", /abbreviation.*America\/New_York: "EST"/],
    ["CET", /abbreviation.*Europe\/Berlin/],
    ["GMT", /abbreviation.*Europe\/London/],
    ["+02:00", /distance from UTC/],
    ["UTC+2", /distance from UTC/],
    ["GMT-5", /distance from UTC/],
    ["Etc/GMT+2", /two readings: to IANA it is UTC-2, and most who write it mean UTC\+2.*"Etc\/GMT\+2"/],
    ["etc/gmt-05", /to IANA it is UTC\+5, and most who write it mean UTC-5/],
    ["New York", /perhaps America\/New_York/],
    ["Europe/Belrin", /perhaps Europe\/Berlin/],
    ["Kyiv", /perhaps Europe\/Kyiv/],
    ["Oslp", /perhaps Europe\/Oslo/],
    ["Eastern Standard Time", /not known/],
    ["Mars/Olympus", /not known/],
    ["recipient", /not known/],
    ["England/LONDON", /perhaps Europe\/London/],
    ["America/London", /perhaps Europe\/London/],
    ["Lim", /not known; write its IANA name, such as "Europe\/London": "Lim"/],
    [`${"x".repeat(53)}/London`, /perhaps Europe\/London/],
    [`${"x".repeat(54)}/London`, /not known; write its IANA name, such as "Europe\/London"/],
  ])("is not read from %s, which may mean another", (cell, why) => {
    const zone = zoneNamed(cell);
    expect(zone.kind === "invalid" ? `${zone.problem}: ${zone.example}` : zone).toMatch(why);
  });

  test("is never one that only IANA takes for a clock without summer time, nor a usual abbreviation", () => {
    for (const name of "EST CST MST PST HST AKST AST BRT GMT WET CET MET EET MSK IST SGT JST AEST ACST AWST NZST SAST".split(
      " ",
    )) {
      expect(zoneNamed(name), name).toMatchObject({ problem: expect.stringContaining("is an abbreviation") });
    }
  });

  test.each([["Etc/GMT"], ["Etc/GMT+0"], ["UTC"], ["US/Eastern"], ["Asia/Kolkata"]])("may have the name %s", (cell) => {
    expect(zoneNamed(cell).kind).toBe("zone");
  });

  test.each(
    `Africa/Asmara America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Atikokan America/Argentina/Cordoba
    America/Nuuk America/Indiana/Indianapolis America/Argentina/Jujuy America/Kentucky/Louisville America/Argentina/Mendoza
    Asia/Kolkata Asia/Kathmandu Asia/Yangon Asia/Ho_Chi_Minh Atlantic/Faroe Europe/Kyiv Pacific/Kanton Pacific/Pohnpei
    Pacific/Chuuk`.split(/\s+/),
  )("is called %s, as it is now and not as it once was", (name) => {
    expect(zoneNamed(name)).toEqual({ kind: "zone", zone: name });
  });

  test("is its number's where the column says nothing", async () => {
    const csv = "to,timezone\n+12125550123,\n+442079460000,N/A\n+447700900001,\n+81312345678,\n+919876543210,\n";
    expect(await zonesOf(csv)).toEqual([
      "America/New_York",
      "Europe/London",
      "Europe/London",
      "Asia/Tokyo",
      "Asia/Kolkata",
    ]);
  });

  test("is its number's too where the column is blank or missing at the row's end", async () => {
    expect(await zonesOf("to,timezone\n+12125550123,  \n+442079460000, N/A \n\n+81312345678\n")).toEqual([
      "America/New_York",
      "Europe/London",
      "Asia/Tokyo",
    ]);
  });

  test("is one for all rows that name it, and for the numbers that are there", async () => {
    const csv = "to,timezone\n+447700900001,Europe/London\n+447700900002,europe/london\n+447700900003,\n";
    const { last } = await judgedCsv(csv, { message: "Hello", snumber: "1", window });
    expect(last).toMatchObject({ totals: { zones: [{ zones: ["Europe/London"], rows: 3 }] } });
  });

  test("has its zones in the order of the alphabet, as their names are now", async () => {
    expect(await zonesOf("to\n+6919311234\n")).toEqual(["Pacific/Chuuk + Pacific/Pohnpei"]);
  });

  test("is every zone of the country where a mobile's number does not say which", async () => {
    const [sydney, mobile] = await zonesOf("to\n+61291234567\n+61412345678\n");
    expect(sydney).toBe("Australia/Sydney");
    expect(mobile).toContain("Australia/Perth");
    expect(mobile).toContain("Australia/Sydney");
    const [moscow] = await zonesOf("to\n+79161234567\n");
    expect(moscow).toContain("Asia/Vladivostok");
    expect(moscow).toContain("Europe/Moscow");
  });

  test("is the country's where the number has none of its own", async () => {
    expect(await zonesOf("to\n+80012345678\n", { country: "GB" })).toEqual(["Europe/London"]);
    expect(await zonesOf("to\n+80012345678\n", {}, undefined, { country: "JP" })).toEqual(["Asia/Tokyo"]);
    expect(await zonesOf("to,country\n+80012345678\n", { country: "GB" })).toEqual(["Europe/London"]);
  });

  test("is the row's country's rather than the campaign's there", async () => {
    expect(await zonesOf("to,country\n+80012345678,JP\n+80012345679,\n", { country: "GB" })).toEqual([
      "Asia/Tokyo",
      "Europe/London",
    ]);
  });

  test("is looked for among the known names only so often, for a list may have a wrong one in every row", async () => {
    const names = Array.from({ length: 300 }, (_, row) => `Europe/London${row}`);
    const rows = names.map((name, row) => `+4477009${10_000 + row},${name}`);
    const found = await zonesOf(`to,timezone\n${rows.join("\n")}\n+447700900001,Europe/London\n`);
    expect(found.filter((zone) => zone.includes("perhaps Europe/London"))).toHaveLength(200);
    expect(found.filter((zone) => zone.startsWith("The time zone is not known"))).toHaveLength(300);
    expect(found.at(-1)).toBe("Europe/London");
  });

  test("is asked for where nobody can tell it", async () => {
    expect(await zonesOf("to\n07700900001\n+80012345678\n")).toEqual([
      expect.stringContaining("The recipient's time zone cannot be told from the number"),
      expect.stringContaining("The recipient's time zone cannot be told from the number"),
    ]);
  });

  test("may not be several that are never open together", async () => {
    const narrow = { ...window, from: "12:00", to: "13:00" };
    const at = Date.UTC(2026, 2, 2, 9);
    expect(await zonesOf("to\n+61412345678\n+61291234567\n", { window: narrow }, at)).toEqual([
      expect.stringContaining("the window is never open in all of them"),
      "Australia/Sydney",
    ]);
    // Two zones an hour apart.
    expect(await zonesOf("to\n+34612345678\n", { window: narrow }, at)).toEqual([
      expect.stringContaining("the window is never open in all of them"),
    ]);
  });

  test("is said not to be open at all where it is one", async () => {
    const options: Options = { window: { days: ["mon"], from: "12:00", to: "13:00", timezone: "recipient" } };
    const stack: Defaults = { window: { days: ["tue"], from: "12:00", to: "13:00", timezone: "Europe/London" } };
    expect(await zonesOf("to\n+442079460000\n", options, Date.UTC(2026, 2, 2, 9), stack)).toEqual([
      expect.stringContaining("The window is never open in the recipient's time zone together with the stack's"),
    ]);
  });

  test("is a variable like others where hours are not by the recipients' clocks", async () => {
    const csv = "to,timezone\n+447700900001,the same as ours\n";
    const { rows } = await judgedCsv(csv, { message: "Hello {{timezone}}", snumber: "1" });
    expect(rows.map(describeRow)).toEqual([expect.stringContaining("the same as ours")]);
  });

  test("comes from the column that the options name, or from none", async () => {
    const csv = "to,timezone,where\n+447700900001,Asia/Tokyo,Europe/Paris\n";
    expect(await zonesOf(csv, { columns: { timezone: "where" } })).toEqual(["Europe/Paris"]);
    expect(await zonesOf(csv, { columns: { timezone: "" } })).toEqual(["Europe/London"]);
    expect(await zonesOf("to,timezone,tz\n+447700900001,Asia/Tokyo,Europe/Paris\n")).toEqual([
      expect.stringContaining("both mean timezone"),
    ]);
  });
});

test("the map of numbers names only zones that the platform knows, and each beginning once", () => {
  const find = createNumberZones();
  expect(find("19990000000")).toEqual(find("1"));
  const prefixes = phoneZones
    .trim()
    .split("\n")
    .flatMap((line) => line.split(" ").slice(1));
  expect(new Set(prefixes).size).toBe(prefixes.length);
  expect(prefixes.length).toBeGreaterThan(3_000);
  for (const prefix of prefixes)
    for (const zone of find(prefix) ?? []) expect(zoneNamed(zone)).toMatchObject({ kind: "zone" });
});
