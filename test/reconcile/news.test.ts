import { describe, expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { isShownAlready, pageNews } from "../../shared/reconcile/news.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const minute = 60_000;
const tally = { submitted: 0, failed: 0, unknown: 0, skipped: 0, recentCalls: 0, recentFailed: 0 };
const retainUntil = Number.MAX_SAFE_INTEGER;
const long = running({ sendable: 1_000_000, rows: 1_000_000, retainUntil, tally });
const news = (campaign = long, account = freshAccount, now = nineOClock) =>
  pageNews([campaign], account, undefined, now);

describe("what pages say at once", () => {
  it("is progress by thousandths, not by rows, and nothing of what only moves the work on", () => {
    const sent = (submitted: number) => news({ ...long, tally: { ...tally, submitted } });
    expect(sent(999)).toBe(news());
    expect(sent(1_000)).not.toBe(news());
    const moved = {
      pass: 2,
      passStartedAt: 5,
      parked: 1,
      pointer: 9,
      pointerRows: 9,
      pacedRate: 2,
      mark: 3,
      markRows: 3,
    };
    expect(news({ ...long, ...moved, ahead: [] })).toBe(news());
  });

  it("is each row of a short list", () => {
    const short = { ...long, sendable: 500 };
    expect(news({ ...short, tally: { ...tally, submitted: 1 } })).not.toBe(news(short));
    expect(news({ ...short, tally: { ...tally, skipped: 1 } })).not.toBe(news(short));
  });

  it.each(["failed", "unknown"] as const)("is each row that is %s", (status) => {
    expect(news({ ...long, tally: { ...tally, [status]: 1 } })).not.toBe(news());
  });

  it("is whatever else happens to a campaign, to the account, or to the list of campaigns", () => {
    const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock };
    const hold = { since: nineOClock, until: nineOClock + minute, step: 1, reason: "silent" };
    expect(news({ ...long, state: "paused", pause })).not.toBe(news());
    expect(news(long, { ...freshAccount, pause })).not.toBe(news());
    expect(news(long, { ...freshAccount, hold })).not.toBe(news());
    expect(news(long, { ...freshAccount, hold }, nineOClock + minute)).toBe(news());
    expect(news(long, { ...freshAccount, rate: 3 })).not.toBe(news());
    const waiting = { ...long, options: { sendAfter: "2999-01-01T00:00:00Z" } };
    expect(news(waiting, freshAccount, Date.parse("2999-01-01T00:00:00Z"))).not.toBe(news(waiting));
    expect(pageNews([long, refused({ name: "no" })], freshAccount, undefined, nineOClock)).not.toBe(news());
    expect(pageNews([long], freshAccount, { entries: [], olderPages: 1 }, nineOClock)).not.toBe(news());
  });

  it("is what stops all sending, also where no campaign is under way", () => {
    const none = (account = freshAccount) => pageNews([], account, undefined, nineOClock);
    const hold = { since: nineOClock, until: nineOClock + minute, step: 1, reason: "silent" };
    const pause = { code: "person" as const, reason: "Paused by anna.", at: nineOClock };
    expect(none({ ...freshAccount, hold })).not.toBe(none());
    expect(none({ ...freshAccount, hold: { ...hold, until: nineOClock } })).toBe(none());
    expect(none({ ...freshAccount, pause })).not.toBe(none());
  });

  it("is whatever is said of a refused upload", () => {
    const told = (changes: Parameters<typeof refused>[0]) =>
      pageNews([refused(changes)], freshAccount, undefined, nineOClock);
    expect(told({})).toBe(told({}));
    expect(told({ reason: "It has no header." })).not.toBe(told({}));
    expect(told({ judgedAt: nineOClock + minute })).not.toBe(told({}));
    expect(told({ uploadedBy: "ben" })).not.toBe(told({}));
  });

  it("is what people did to the account, even where it is as it was before", () => {
    const history = [
      { what: "paused", by: "anna", at: nineOClock },
      { what: "resumed", by: "anna", at: nineOClock + 1 },
    ];
    expect(news(long, { ...freshAccount, history })).not.toBe(news());
    expect(news(long, { ...freshAccount, callsPerDay: 5 })).not.toBe(news());
  });

  it("is said again after five minutes at the latest", () => {
    const shown = { at: nineOClock, news: "same" };
    expect(isShownAlready(shown, "same", nineOClock + 5 * minute - 1)).toBe(true);
    expect(isShownAlready(shown, "same", nineOClock + 5 * minute)).toBe(false);
    expect(isShownAlready(shown, "other", nineOClock + 1)).toBe(false);
  });
});
