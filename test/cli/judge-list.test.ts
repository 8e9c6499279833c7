import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findCampaignFile } from "../../cli/campaign-file.ts";
import { judgeToSend, whyNothingAnywhere } from "../../cli/judge-list.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

/** Judges a list of German and British numbers, with a suppression list, or none that is known. */
async function judged(suppression: string | undefined, options = '{"country":"DE"}') {
  const directory = await mkdtemp(join(tmpdir(), "judge-list-"));
  try {
    const csv = join(directory, "spring.csv");
    const numbers = ["+4915112345678", "+4915112345678", "+4915112345679", "+447700900001", "nobody"];
    await writeFile(csv, ["to,text", ...numbers.map((to) => `${to},Hello`)].join("\n"));
    await writeFile(join(directory, "spring.json"), options);
    const bucket = createMemoryBucket(createManualClock());
    if (suppression !== undefined) bucket.store("suppression/stop.csv", suppression);
    const lists = suppression === undefined ? undefined : await createSuppressions(bucket)();
    const defaults = { snumber: "441234", country: "GB" };
    return await judgeToSend(await findCampaignFile(csv, {}), { defaults, lists, previewed: true });
  } finally {
    await rm(directory, { recursive: true });
  }
}

it("whoever is on a suppression list is not counted among those to whom a list is sent, nor shown, but planned", async () => {
  const { end, messages, countries } = await judged("015112345678\n");
  expect(end.totals).toMatchObject({ sendable: 2, invalid: 1, skipped: 2, planned: { sendable: 3 } });
  expect(messages.map(({ cnumber }) => cnumber)).toEqual(["+4915112345679", "+447700900001"]);
  expect(countries?.map(({ country, messages }) => [country, messages])).toEqual([
    ["DE", 1],
    ["GB", 1],
  ]);
  expect(end.warnings).toEqual([]);
});

it("numbers on a suppression list are those of the campaign's country, and without one of the stack's", async () => {
  expect((await judged("07700 900001\n", "{}")).end.totals).toMatchObject({ sendable: 2, skipped: 2 });
  expect((await judged("015112345678\n", "{}")).end.totals).toMatchObject({ sendable: 3, skipped: 1 });
});

it("where hours are by the recipients' clocks, those left out are still planned in their zones", async () => {
  const window = { from: "09:00", to: "20:00", timezone: "recipient" };
  const { end } = await judged("015112345678\n", JSON.stringify({ country: "DE", window }));
  const rows = (zones: typeof end.totals.zones) => zones?.map(({ zones, rows }) => [zones[0], rows]);
  expect(rows(end.totals.zones)).toEqual([
    ["Europe/Berlin", 1],
    ["Europe/London", 1],
  ]);
  expect(rows(end.totals.planned.zones)).toEqual([
    ["Europe/Berlin", 2],
    ["Europe/London", 1],
  ]);
});

it("lists that cannot be read are warned of", async () => {
  const { end } = await judged("name,phone\nAnn,07700 900002\n");
  expect(end.totals.sendable).toBe(3);
  expect(end.warnings).toMatchObject([{ code: "suppression" }]);
});

it("where nobody knows the lists, nobody is left out", async () => {
  expect((await judged(undefined)).end.totals).toMatchObject({ sendable: 3, planned: { sendable: 3 } });
});

it("a list is one of which no stack can send anything only where no stack's country helps", async () => {
  const directory = await mkdtemp(join(tmpdir(), "nothing-"));
  try {
    const csv = join(directory, "spring.csv");
    const nothing = async (number: string, options?: string) => {
      await writeFile(csv, `to,text\n${number},Hello\n`);
      const text = options === undefined ? undefined : { text: options };
      return whyNothingAnywhere(await findCampaignFile(csv, { options: text }), { country: "GB", countries: ["GB"] });
    };
    const all = `every row of ${csv} is invalid or skipped`;
    const theirs = { from: "09:00", to: "20:00", timezone: "recipient" };
    expect(await nothing("abc")).toBe(all);
    // A French one, which is none in Great Britain.
    expect(await nothing("06 12 34 56 78")).toBeUndefined();
    expect(await nothing("+33612345678")).toBeUndefined();
    // American ones, however they are handed on and whenever.
    expect(await nothing("(212) 555-2368", '{"numberFormat":"e164"}')).toBeUndefined();
    expect(await nothing("(212) 555-2368", '{"numberFormat":"national"}')).toBeUndefined();
    expect(await nothing("2125552368", `{"window":${JSON.stringify(theirs)}}`)).toBeUndefined();
    expect(await nothing("abc", `{"window":${JSON.stringify(theirs)}}`)).toBe(all);
    expect(await nothing("(212) 555-2368", '{"numberFormat":"e164","country":"GB"}')).toBe(all);
    expect(await nothing("06 12 34 56 78", '{"country":"GB"}')).toBe(all);
    expect(await nothing("07700900001")).toBeUndefined();
    expect(await nothing("07700900001", '{"skipWhere":{"column":"text","is":["hello"]}}')).toBe(all);
  } finally {
    await rm(directory, { recursive: true });
  }
});
