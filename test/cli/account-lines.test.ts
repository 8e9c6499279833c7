import { expect, test } from "vitest";
import { type AccountView, accountLines } from "../../cli/account-lines.ts";

const view: AccountView = {
  rate: 10,
  ceiling: 10,
  pause: undefined,
  hold: undefined,
  dayFull: undefined,
  maxPerDay: 5_000,
  unread: undefined,
  atRest: false,
  lives: [],
};

test("a day that is used up says whose limit that is, and how to raise one that a person set", () => {
  const full = (calls: number) =>
    accountLines({ ...view, dayFull: { from: 0, until: Date.UTC(2026, 2, 2), calls } }, ["--stack", "Texts"]).at(-1);
  expect(accountLines(view, [])).toEqual(["The rate is 10 a second.", "No campaign is in progress."]);
  expect(full(5_000)).toMatch(
    /^The limit of 5,000 messages a day \(maxMessagesPerDay\) is used up for today; sending goes on at 2026-03-02 /u,
  );
  expect(full(1_200)).toMatch(
    /^The limit of 1,200 messages a day, of 5,000 that the stack allows, is used up for today; sending goes on at .*\. To raise it: npx bulk-send cap 5000 --stack Texts$/u,
  );
});
