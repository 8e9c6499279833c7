import { expect, test } from "vitest";
import { toldToFunctions } from "../../infra/decided.ts";
import { ratesFor } from "../../infra/rates.ts";
import { readSettings } from "../../infra/settings.ts";
import { endpoint } from "../support/stack-settings.ts";

/** What the functions of a stack with these settings are told. */
function told(given: { readonly [setting: string]: unknown }, caFile?: string) {
  const { settings, problems } = readSettings({ endpoint, ...given });
  expect(problems).toEqual([]);
  return toldToFunctions({ settings: { ...settings, caFile }, rates: ratesFor(settings.sendsPerSecond), endpoint });
}

const window = { from: "09:00", to: "20:00", timezone: "America/New_York" };

test("the messages of a day are counted from midnight in the zone of the stack's window, by every function", () => {
  for (const [given, zone] of [
    [{ maxMessagesPerDay: 500, window }, "America/New_York"],
    [{ maxMessagesPerDay: 500 }, undefined],
    [{ maxMessagesPerDay: 500, window: { ...window, timezone: "recipient" } }, undefined],
    [{ window }, undefined],
  ] as const) {
    for (const { MAX_PER_DAY: most, DAY_ZONE } of Object.values(told(given))) {
      expect([most, DAY_ZONE]).toEqual(["maxMessagesPerDay" in given ? "500" : undefined, zone]);
    }
  }
});

test("a private authority is told to whoever calls the phone system: the sender, and the reporter where replies are read", () => {
  const authorities = (given: object) => {
    const { splitter, sender, reporter } = told({ country: "GB", ...given }, "/ca.pem");
    return ["CA_FILE" in splitter, sender.CA_FILE !== undefined, reporter.CA_FILE !== undefined];
  };
  expect(authorities({})).toEqual([false, true, false]);
  expect(authorities({ optOut: true })).toEqual([false, true, true]);
});
