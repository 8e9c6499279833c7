import { describe, expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { withAccountHistory } from "../../shared/reconcile/account-history.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const at = nineOClock + 60_000;
const campaign = running({ createdAt: nineOClock, history: [{ what: "uploaded", by: "anna", at: nineOClock }] });

describe("what stopped a campaign", () => {
  it("stands in its history with the reason: a hold, and pauses that nobody made", () => {
    const hold = { since: at, until: at + 60_000, step: 1, reason: "five calls were not answered" };
    const pause = { code: "failures" as const, reason: "30 of 50 calls failed", at: at + 1 };
    const all = { code: "credentials" as const, reason: "Enswitch refuses the credentials", at: at + 2 };
    const history = withAccountHistory({ ...campaign, pause }, { ...freshAccount, hold, pause: all });
    expect(history?.slice(1)).toEqual([
      { what: "held", by: "bulk-send", at, reason: hold.reason },
      { what: "paused", by: "bulk-send", at: at + 1, reason: pause.reason },
      { what: "paused all sending", by: "bulk-send", at: at + 2, reason: all.reason },
    ]);
    const noted = { ...campaign, pause, history: [...(history ?? [])] };
    const longer = { ...hold, until: at + 180_000, step: 2 };
    expect(withAccountHistory(noted, { ...freshAccount, hold: longer, pause: all })).toBeUndefined();
  });

  it("names the limit of the day that was reached, once for each time", () => {
    const dayFull = { from: at, until: at + 3_600_000, calls: 400 };
    const history = withAccountHistory(campaign, { ...freshAccount, dayFull });
    expect(history?.slice(1)).toEqual([{ what: "reached the daily limit", by: "bulk-send", at, callsPerDay: 400 }]);
    const noted = { ...campaign, history: [...(history ?? [])] };
    expect(withAccountHistory(noted, { ...freshAccount, dayFull })).toBeUndefined();
    const raised = { ...dayFull, from: at + 60_000, calls: 500 };
    expect(withAccountHistory(noted, { ...freshAccount, dayFull: raised })).toHaveLength(3);
  });

  it("is not noted twice when a person paused it, nor when it was before the campaign's time", () => {
    const person = { code: "person" as const, reason: "Paused by anna.", at };
    const hold = { since: nineOClock - 1, until: at, step: 1, reason: "no answer" };
    expect(
      withAccountHistory({ ...campaign, pause: person }, { ...freshAccount, hold, pause: person }),
    ).toBeUndefined();
  });

  it("is not noted of a wait for an approval, which stopped nothing", () => {
    const approval = { code: "approval" as const, reason: "It has 50 messages.", at };
    expect(withAccountHistory({ ...campaign, pause: approval }, freshAccount)).toBeUndefined();
  });

  it("does not push out what people did, however often Enswitch comes and goes", () => {
    let history = campaign.history;
    for (let hour = 0; hour < 100; hour += 1) {
      const since = at + hour * 3_600_000;
      const hold = { since, until: since + 60_000, step: 1, reason: "no answer" };
      history = [...(withAccountHistory({ ...campaign, history }, { ...freshAccount, hold }) ?? history)];
    }
    expect(history[0]).toMatchObject({ what: "uploaded", by: "anna" });
    expect(history).toHaveLength(16);
  });
});
