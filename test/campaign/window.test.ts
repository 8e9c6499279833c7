import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Window } from "../../shared/campaign/options.ts";
import { isOpen, nextChange, nextOpening } from "../../shared/campaign/window.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const at = (instant: string) => Date.parse(instant);
const opening = (windows: readonly Window[], now: string) => {
  const next = nextOpening(windows, at(now));
  return next === undefined ? undefined : new Date(next).toISOString();
};

const london: Window = {
  from: "09:00",
  to: "20:00",
  timezone: "Europe/London",
  days: ["mon", "tue", "wed", "thu", "fri"],
};

describe("a window", () => {
  test("opens when the wall clock shows from, and closes when it shows to", () => {
    // 2026-01-05 is a Monday; London is on UTC.
    expect(isOpen([london], at("2026-01-05T08:59:59.999Z"))).toBe(false);
    expect(isOpen([london], at("2026-01-05T09:00:00Z"))).toBe(true);
    expect(isOpen([london], at("2026-01-05T19:59:59.999Z"))).toBe(true);
    expect(isOpen([london], at("2026-01-05T20:00:00Z"))).toBe(false);
  });

  test("follows summer time", () => {
    expect(isOpen([london], at("2026-07-06T08:00:00Z"))).toBe(true);
    expect(opening([london], "2026-07-06T00:00:00Z")).toBe("2026-07-06T08:00:00.000Z");
  });

  test("stays closed on other days", () => {
    expect(isOpen([london], at("2026-01-04T12:00:00Z"))).toBe(false);
    expect(opening([london], "2026-01-02T20:00:00Z")).toBe("2026-01-05T09:00:00.000Z");
  });

  test("over midnight belongs to the day on which it opened", () => {
    const night: Window = { from: "22:00", to: "02:00", timezone: "Europe/Berlin", days: ["fri"] };
    expect(isOpen([night], at("2026-01-09T22:30:00+01:00"))).toBe(true);
    expect(isOpen([night], at("2026-01-10T01:59:00+01:00"))).toBe(true);
    expect(isOpen([night], at("2026-01-10T02:00:00+01:00"))).toBe(false);
    expect(isOpen([night], at("2026-01-09T01:00:00+01:00"))).toBe(false);
    expect(isOpen([night], at("2026-01-10T23:00:00+01:00"))).toBe(false);
  });

  test("from and to alike is the whole day", () => {
    const whole: Window = { from: "06:00", to: "06:00", timezone: "UTC" };
    for (let hour = 0; hour < 24; hour++) {
      expect(isOpen([whole], at("2026-01-05T00:00:00Z") + hour * 60 * minute)).toBe(true);
    }
  });

  test("no windows are always open", () => {
    expect(isOpen([], at("2026-01-05T03:00:00Z"))).toBe(true);
    expect(opening([], "2026-01-05T03:00:00Z")).toBe("2026-01-05T03:00:00.000Z");
  });
});

describe("when the clocks change", () => {
  const early: Window = { from: "02:30", to: "05:00", timezone: "Europe/Berlin" };

  test("an opening that does not exist that day happens when the clocks jump over it", () => {
    // 2026-03-29, 02:00 becomes 03:00 in Berlin, at 01:00 UTC.
    expect(opening([early], "2026-03-28T23:00:00Z")).toBe("2026-03-29T01:00:00.000Z");
  });

  test("a time that comes twice is outside or inside both times", () => {
    // 2026-10-25, 03:00 becomes 02:00 in Berlin, at 01:00 UTC.
    expect(isOpen([early], at("2026-10-25T00:40:00Z"))).toBe(true);
    expect(isOpen([early], at("2026-10-25T01:20:00Z"))).toBe(false);
    expect(opening([early], "2026-10-25T01:00:00Z")).toBe("2026-10-25T01:30:00.000Z");
  });

  test("an evening window of that day keeps its wall clock", () => {
    const evening: Window = { from: "18:00", to: "20:00", timezone: "America/New_York" };
    expect(opening([evening], "2026-03-08T05:00:00Z")).toBe("2026-03-08T22:00:00.000Z");
    expect(opening([evening], "2026-11-01T04:00:00Z")).toBe("2026-11-01T23:00:00.000Z");
  });
});

describe("several windows", () => {
  test("only narrow each other, across zones", () => {
    const stack: Window = { from: "09:00", to: "21:00", timezone: "Europe/London" };
    const campaign: Window = { from: "09:00", to: "17:00", timezone: "America/New_York" };
    expect(opening([stack, campaign], "2026-01-05T00:00:00Z")).toBe("2026-01-05T14:00:00.000Z");
    expect(isOpen([stack, campaign], at("2026-01-05T20:59:00Z"))).toBe(true);
    expect(isOpen([stack, campaign], at("2026-01-05T21:30:00Z"))).toBe(false);
  });

  test("that never meet have no opening", () => {
    const monday: Window = { from: "09:00", to: "10:00", timezone: "UTC", days: ["mon"] };
    const tuesday: Window = { from: "09:00", to: "10:00", timezone: "UTC", days: ["tue"] };
    expect(opening([monday, tuesday], "2026-01-05T00:00:00Z")).toBeUndefined();
  });
});

test("the next opening is the first open minute that a search minute by minute finds", () => {
  const zones = [
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Pacific/Apia",
    "UTC",
  ];
  const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 15, 30, 59))
    .map(([hour, past]) => `${String(hour).padStart(2, "0")}:${String(past).padStart(2, "0")}`);
  const window: fc.Arbitrary<Window> = fc.record(
    {
      from: time,
      to: time,
      timezone: fc.constantFrom(...zones),
      days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
    },
    { requiredKeys: ["from", "to", "timezone"] },
  );
  // Around the changes of the clocks of 2026, and anywhere else in the year.
  const start = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          "2026-03-07",
          "2026-03-28",
          "2026-04-04",
          "2026-10-03",
          "2026-10-24",
          "2026-10-31",
          "2026-02-14",
        ),
        fc.integer({ min: 0, max: 2 * 1440 }),
      )
      .map(([date, minutes]) => at(`${date}T00:00:00Z`) + minutes * minute),
    fc.integer({ min: 0, max: 365 * 1440 }).map((minutes) => at("2026-01-01T00:00:00Z") + minutes * minute),
  );
  fc.assert(
    fc.property(fc.array(window, { minLength: 1, maxLength: 2 }), start, (windows, now) => {
      let expected: number | undefined;
      for (let instant = now; instant <= now + 8 * day && expected === undefined; instant += minute) {
        expected = isOpen(windows, instant) ? instant : undefined;
      }
      expect(nextOpening(windows, now)).toBe(expected);
    }),
    { numRuns: 150 },
  );
});

test("the wall clock is the one that the platform shows", () => {
  const shown = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Australia/Lord_Howe",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  for (let instant = at("2026-04-04T00:00:00Z"); instant < at("2026-04-06T00:00:00Z"); instant += 5 * minute) {
    const parts = new Map(shown.formatToParts(instant).map(({ type, value }) => [type, value]));
    const wall = `${parts.get("hour")}:${parts.get("minute")}`;
    const open = wall >= "01:15" && wall < "12:40" && parts.get("weekday") !== "Mon";
    const window: Window = {
      from: "01:15",
      to: "12:40",
      timezone: "Australia/Lord_Howe",
      days: ["tue", "wed", "thu", "fri", "sat", "sun"],
    };
    expect(isOpen([window], instant)).toBe(open);
  }
});

describe("days that differ", () => {
  const night: Window = { from: "22:00", to: "02:00", timezone: "Europe/Berlin" };

  test("a window does not open on the dates that it excepts, and one over midnight belongs to the day on which it opened", () => {
    const window: Window = { ...night, except: ["2026-12-25"] };
    expect(isOpen([window], at("2026-12-25T01:30:00+01:00"))).toBe(true);
    expect(isOpen([window], at("2026-12-25T22:30:00+01:00"))).toBe(false);
    expect(isOpen([window], at("2026-12-26T01:30:00+01:00"))).toBe(false);
    expect(isOpen([window], at("2026-12-26T22:00:00+01:00"))).toBe(true);
    expect(opening([window], "2026-12-25T03:00:00+01:00")).toBe("2026-12-26T21:00:00.000Z");
  });

  test("dates are those of the zone's own calendar", () => {
    const window: Window = { from: "00:00", to: "00:00", timezone: "Pacific/Auckland", except: ["2026-12-25"] };
    expect(isOpen([window], at("2026-12-24T10:59:00Z"))).toBe(true);
    expect(isOpen([window], at("2026-12-24T11:00:00Z"))).toBe(false);
    expect(isOpen([window], at("2026-12-25T11:00:00Z"))).toBe(true);
  });

  test("an opening is found behind many excepted weeks", () => {
    const except = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"];
    const window: Window = { from: "09:00", to: "10:00", timezone: "UTC", days: ["mon"], except };
    expect(opening([window], "2026-01-05T00:00:00Z")).toBe("2026-02-02T09:00:00.000Z");
  });

  test("days can have hours of their own", () => {
    const window: Window = {
      from: "09:00",
      to: "18:00",
      timezone: "UTC",
      hours: { sat: { from: "10:00", to: "12:00" }, fri: { from: "20:00", to: "01:00" } },
    };
    expect(isOpen([window], at("2026-01-03T09:30:00Z"))).toBe(false);
    expect(isOpen([window], at("2026-01-03T11:59:00Z"))).toBe(true);
    expect(isOpen([window], at("2026-01-03T00:59:00Z"))).toBe(true);
    expect(isOpen([window], at("2026-01-02T10:00:00Z"))).toBe(false);
    expect(isOpen([window], at("2026-01-04T09:30:00Z"))).toBe(true);
    expect(opening([window], "2026-01-03T02:00:00Z")).toBe("2026-01-03T10:00:00.000Z");
  });

  test("the next change is an opening or a closing, where clocks change too", () => {
    const change = (window: Window, from: string, latest: string) => {
      const next = nextChange([window], at(from), at(latest));
      return next === undefined ? undefined : new Date(next).toISOString();
    };
    expect(change(london, "2026-01-05T09:00:00Z", "2026-01-06T00:00:00Z")).toBe("2026-01-05T20:00:00.000Z");
    expect(change(london, "2026-01-05T20:00:00Z", "2026-01-06T08:59:59Z")).toBeUndefined();
    const early: Window = { from: "01:30", to: "02:30", timezone: "America/New_York" };
    expect(change(early, "2026-03-08T06:30:00Z", "2026-03-09T00:00:00Z")).toBe("2026-03-08T07:00:00.000Z");
  });
});
