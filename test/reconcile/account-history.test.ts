import { describe, expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { entryOfDeed, withAccountHistory } from "../../shared/reconcile/account-history.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const at = nineOClock + 60_000;
const campaign = running({ createdAt: nineOClock, history: [{ what: "uploaded", by: "anna", at: nineOClock }] });

/** Long after all that happens here. */
const later = at + 365 * 86_400_000;

describe("what stopped a campaign", () => {
  it("stands in its history with the reason: a hold, and pauses that nobody made", () => {
    const hold = { since: at, until: at + 60_000, step: 1, reason: "five calls were not answered" };
    const pause = { code: "failures" as const, reason: "30 of 50 calls failed", at: at + 1 };
    const all = { code: "credentials" as const, reason: "Enswitch refuses the credentials", at: at + 2 };
    const history = withAccountHistory({ ...campaign, pause }, { ...freshAccount, hold, pause: all }, later);
    expect(history?.slice(1)).toEqual([
      { what: "held", by: "bulk-send", at, reason: hold.reason },
      { what: "paused", by: "bulk-send", at: at + 1, reason: pause.reason },
      { what: "paused all sending", by: "bulk-send", at: at + 2, reason: all.reason },
    ]);
    const noted = { ...campaign, pause, history: [...(history ?? [])] };
    const longer = { ...hold, until: at + 180_000, step: 2 };
    expect(withAccountHistory(noted, { ...freshAccount, hold: longer, pause: all }, later)).toBeUndefined();
  });

  it("names the limit of the day that was reached, once for each time", () => {
    const dayFull = { from: at, until: at + 3_600_000, calls: 400 };
    const history = withAccountHistory(campaign, { ...freshAccount, dayFull }, later);
    expect(history?.slice(1)).toEqual([{ what: "reached the daily limit", by: "bulk-send", at, callsPerDay: 400 }]);
    const noted = { ...campaign, history: [...(history ?? [])] };
    expect(withAccountHistory(noted, { ...freshAccount, dayFull }, later)).toBeUndefined();
    const raised = { ...dayFull, from: at + 60_000, calls: 500 };
    expect(withAccountHistory(noted, { ...freshAccount, dayFull: raised }, later)).toHaveLength(3);
  });

  it("does not name a limit before it was reached for good: slots without a call are given back as sending ends", () => {
    const account = { ...freshAccount, dayFull: { from: at, until: at + 3_600_000, calls: 400 } };
    expect(withAccountHistory(campaign, account, at + 9_999)).toBeUndefined();
    expect(withAccountHistory(campaign, account, at + 10_000)).toHaveLength(2);
  });

  it("is not noted twice when a person paused it, nor when it was before the campaign's time", () => {
    const person = { code: "person" as const, reason: "Paused by anna.", at };
    const hold = { since: nineOClock - 1, until: at, step: 1, reason: "no answer" };
    expect(
      withAccountHistory({ ...campaign, pause: person }, { ...freshAccount, hold, pause: person }, later),
    ).toBeUndefined();
  });

  it("is not noted of a wait for an approval, which stopped nothing", () => {
    const approval = { code: "approval" as const, reason: "It has 50 messages.", at };
    expect(withAccountHistory({ ...campaign, pause: approval }, freshAccount, later)).toBeUndefined();
  });

  it("does not push out what people did, however often Enswitch comes and goes", () => {
    let history = campaign.history;
    for (let hour = 0; hour < 100; hour += 1) {
      const since = at + hour * 3_600_000;
      const hold = { since, until: since + 60_000, step: 1, reason: "no answer" };
      history = [...(withAccountHistory({ ...campaign, history }, { ...freshAccount, hold }, later) ?? history)];
    }
    expect(history[0]).toMatchObject({ what: "uploaded", by: "anna" });
    expect(history).toHaveLength(16);
  });
});

describe("what people did to the whole account", () => {
  const deed = (ms: number, what = "paused") => ({ what, by: "ben", at: at + ms });
  const added = (changes: Partial<typeof campaign>, ...history: ReturnType<typeof deed>[]) => {
    const known = { ...campaign, ...changes };
    const entries = withAccountHistory(known, { ...freshAccount, history }, later) ?? known.history;
    return entries.filter(({ by }) => by === "ben").map((entry) => entry.at - at);
  };

  it.each([
    ["paused", { what: "paused all sending" }],
    ["resumed", { what: "resumed all sending" }],
    ["rate 5", { what: "changed the rate", rate: 5 }],
    ["cap 500", { what: "changed the daily limit", callsPerDay: 500 }],
    ["opt-outs add 2", { what: "added opt-outs", numbers: 2 }],
    ["opt-outs remove 3", { what: "removed opt-outs", numbers: 3 }],
  ])("is told in words: %s", (stored, words) => {
    expect(entryOfDeed({ what: stored, by: "ben", at })).toEqual({ ...words, by: "ben", at });
  });

  it("belongs to a campaign's history from its beginning to its end, both included", () => {
    const end = { why: "done", at: at + 9 } as const;
    const [first, before] = [deed(nineOClock - at), deed(nineOClock - at - 1)];
    expect(added({ end }, before, first, deed(9), deed(10))).toEqual([nineOClock - at, 9]);
    expect(added({}, deed(10))).toEqual([10]);
  });

  it("is in the order in which it happened, and whoever did what at the same instant is told apart", () => {
    const known = { what: "changed the rate", rate: 1, by: "ben", at: at + 5 } as const;
    const history = [...campaign.history, known];
    expect(added({ history }, deed(7), deed(3))).toEqual([3, 5, 7]);
    expect(added({ history }, deed(5, "rate 1"))).toEqual([5]);
    expect(added({ history }, deed(5))).toEqual([5, 5]);
    expect(added({ history }, deed(6, "rate 1"))).toEqual([5, 6]);
    expect(added({ history: [{ ...known, by: "anna" }] }, deed(5, "rate 1"))).toEqual([5]);
  });

  it("is not added again where a full history has forgotten it", () => {
    const entries = (many: number) =>
      Array.from({ length: many }, (_, n) => ({ what: "paused" as const, by: "anna", at: at + n }));
    const forgotten = { ...freshAccount, history: [deed(-1)] };
    expect(withAccountHistory({ ...campaign, history: entries(50) }, forgotten, later)).toBeUndefined();
    expect(added({ history: entries(50) }, deed(-1), deed(60))).toEqual([60]);
    expect(added({ history: entries(49) }, deed(-1))).toEqual([-1]);
    const apart = entries(50).map((entry, n) => ({ ...entry, at: at + 2 * n }));
    expect(added({ history: apart }, deed(-1), deed(1))).toEqual([1]);
    // Of an uploaded-again name the history may begin before the campaign.
    expect(added({ history: entries(50), createdAt: at + 30 }, deed(29), deed(30))).toEqual([30]);
  });
});
