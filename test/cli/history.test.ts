import { expect, test } from "vitest";
import { accountEntries, campaignEntries, inOrder } from "../../cli/history-entries.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createOlderHistory } from "../../shared/campaign/older-history.ts";
import { refused, running } from "../support/factories.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { workplace } from "./workplace.ts";

const minute = 60_000;
const at = (minutes: number) => new Date(nineOClock + minutes * minute).toISOString();

test("a campaign's history has what people did to it and to the account, its pauses and its end", () => {
  const campaign = running({
    state: "complete",
    history: [
      { what: "uploaded", by: "anna", at: nineOClock },
      { what: "changed the rate", rate: 5, by: "bert", at: nineOClock + minute },
      { what: "changed the daily limit", callsPerDay: 5000, by: "bert", at: nineOClock + 2 * minute },
    ],
    end: { why: "sendBefore", at: nineOClock + 3 * minute },
    completedAt: nineOClock + 3 * minute,
    reportedAt: nineOClock + 4 * minute,
    rows: 3,
    totals: { submitted: 2, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 1 },
  });
  expect(campaignEntries(campaign, false)).toEqual([
    { at: at(0), campaign: "spring", what: "uploaded", by: "anna" },
    { at: at(1), campaign: "spring", what: "changed the rate", by: "bert", detail: "5 a second" },
    { at: at(2), campaign: "spring", what: "changed the daily limit", by: "bert", detail: "5,000 a day" },
    { at: at(3), campaign: "spring", what: "ended", detail: "sendBefore" },
    { at: at(4), campaign: "spring", what: "reported", detail: "2 of 3 rows accepted" },
  ]);
  // Beside the account's own history, they are said once.
  expect(campaignEntries(campaign, true).map(({ what }) => what)).toEqual(["uploaded", "ended", "reported"]);
  const deeds = accountEntries([{ what: "rate 5", by: "bert", at: nineOClock + minute }]);
  expect(deeds).toEqual([{ at: at(1), what: "changed the rate", by: "bert", detail: "5 a second" }]);
  const order = inOrder([...campaignEntries(campaign, true), ...deeds]).map(({ what }) => what);
  expect(order).toEqual(["uploaded", "changed the rate", "ended", "reported"]);
});

test("that somebody cancelled a campaign is said once, as what he did", () => {
  const history = [{ what: "cancelled", by: "anna", at: nineOClock }] as const;
  const cancelled = running({
    state: "ending",
    history: [...history],
    end: { why: "cancelled", at: nineOClock, by: "anna" },
  });
  expect(campaignEntries(cancelled, true)).toEqual([{ at: at(0), campaign: "spring", what: "cancelled", by: "anna" }]);
});

test("a refusal and a pause by itself are said with their reasons", () => {
  expect(campaignEntries(refused({ reason: "No column." }), true)).toMatchObject([
    { what: "refused", detail: "No column." },
  ]);
  const pause = { code: "failures" as const, reason: "Too many failed.", at: nineOClock + minute };
  const [, paused] = campaignEntries(running({ state: "paused", pause }), true);
  expect(paused).toEqual({ at: at(1), campaign: "spring", what: "paused (failures)", detail: "Too many failed." });
});

test("what a history notes of bulk-send itself is nobody's deed, is said once, and people have one name", () => {
  const pause = { code: "failures" as const, reason: "Too many failed.", at: nineOClock + minute };
  const campaign = running({
    state: "paused",
    pause,
    history: [
      { what: "uploaded", by: "AWS:AROAEXAMPLE:anna", at: nineOClock },
      { what: "paused", by: "bulk-send", reason: pause.reason, at: pause.at },
      { what: "held", by: "bulk-send", reason: "no answer", at: nineOClock + 2 * minute },
      // No deed of anybody's, the account's own history does not have it.
      { what: "paused all sending", by: "bulk-send", reason: "The password is wrong.", at: nineOClock + 3 * minute },
    ],
  });
  expect(campaignEntries(campaign, true)).toEqual([
    { at: at(0), campaign: "spring", what: "uploaded", by: "anna" },
    { at: at(1), campaign: "spring", what: "paused", detail: "Too many failed." },
    { at: at(2), campaign: "spring", what: "held", detail: "no answer" },
    { at: at(3), campaign: "spring", what: "paused all sending", detail: "The password is wrong." },
  ]);
});

test("what was moved out of the account's item is still in its history, once", async () => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const account = createAccountStore({ table, clock, freshToken: createTokens() });
  const older = createOlderHistory({ table, campaigns: createCampaigns(table), account });
  const deed = (minutes: number) => ({ what: "paused", by: "anna", at: nineOClock + minutes * minute });
  await account.change((state) => ({ account: { ...state, history: [deed(0), deed(90)] }, result: undefined }));
  await older.moveOfAccount(await account.read(), nineOClock + 100 * minute);
  expect((await account.read()).history).toEqual([deed(90)]);
  expect(await older.wholeOfAccount(await account.read())).toEqual([deed(0), deed(90)]);
});

test("the command tells of a campaign that was sent from this machine", async () => {
  await using place = await workplace();
  await place.write("list.csv", "phone,message,sender\n+447700900001,hi,100\n");
  expect((await place.bulkSend(["run", "list.csv"])).code).toBe(0);
  const { code, out } = await place.bulkSend(["history", "list", "--local"]);
  expect(code).toBe(0);
  expect(out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}uploaded by /);
  expect(out).toContain("1 of 1 row simulated");
  const all = JSON.parse((await place.bulkSend(["history", "--local", "--json"])).out);
  expect(all).toContainEqual(expect.objectContaining({ campaign: "list", what: "uploaded" }));
  expect((await place.bulkSend(["history", "nothing", "--local"])).code).toBe(1);

  for (const words of [
    ["add", "+447700900009", "+447700900008"],
    ["add", "+447700900009"],
    ["remove", "+447700900008"],
  ]) {
    expect((await place.bulkSend(["suppress", ...words, "--local"])).code).toBe(0);
  }
  const then = JSON.parse((await place.bulkSend(["history", "--local", "--json"])).out);
  const did = then.filter(({ what }: { what: string }) => /suppress/.test(what));
  expect(did).toMatchObject([
    { what: "suppressed numbers", detail: "2 numbers", by: expect.any(String) },
    { what: "lifted suppressions", detail: "1 number" },
  ]);
  expect(JSON.stringify(then)).not.toContain("7700900");
});

test("tidy says what is removed, and a directory must be there", async () => {
  await using place = await workplace();
  await place.write("list.csv", "phone,message,sender\n+447700900001,hi,100\n");
  expect((await place.bulkSend(["run", "list.csv"])).code).toBe(0);
  const { code, out } = await place.bulkSend(["tidy"]);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("after 90 days (keepDays)") });
  const [listed] = JSON.parse((await place.bulkSend(["list", "--local", "--json"])).out);
  expect(listed).toMatchObject({ name: "list", state: "complete" });
  expect(listed).not.toHaveProperty("expired");
  expect((await place.bulkSend(["tidy", "--data", "elsewhere"])).code).toBe(1);
});
