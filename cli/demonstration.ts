import type { EnswitchBehaviour } from "../infra/local/enswitch-simulator/behaviour.ts";
import type { Fault } from "../infra/local/enswitch-simulator/fault.ts";

/** How the demonstration is played. */
export const demonstration = {
  rows: 320,
  /** Calls per second at the start, and after the change of rate. */
  rate: { first: 40, later: 60 },
  /** Calls (from 0) whose answer is lost, and during which the phone system refuses everything. */
  lostCall: 50,
  outage: { from: 110, calls: 7 },
  /** How many rows are done when the rate is changed. */
  changeRateAt: 190,
  /** How long a hold takes that is a minute in earnest, in milliseconds. */
  holdMs: 4_000,
} as const;

const { lostCall, outage } = demonstration;

/** The simulator's behaviour: answers take as long as a real phone system's, and some calls go wrong. */
export const demonstratedBehaviour = {
  latencyMs: { min: 80, max: 300 },
  faults: Array.from({ length: outage.from + outage.calls }, (_, call): Fault | undefined => {
    if (call === lostCall) return { kind: "reset", accept: true };
    return call >= outage.from ? { kind: "too-many" } : undefined;
  }),
} as const satisfies Partial<EnswitchBehaviour>;

const names = ["Ann", "Zoë", "Łukasz", "Sam", "Priya", "Tomasz", "Mei", "José", "Fatima", "Owen"];

/** The demonstration's list: one row has letters in its number. */
export const demonstratedList = (): string =>
  [
    "phone,first_name",
    ...Array.from({ length: demonstration.rows }, (_, row) => {
      const name = names[row % names.length] ?? "";
      if (row === 100) return `+44 77009 OO100,${name}`;
      return `+4477009${String(row).padStart(5, "0")},${name}`;
    }),
    "",
  ].join("\n");

/** The project's own settings do not hold for it: a window or a limit of the day would stop it, an approval would wait for nobody. */
export const demonstratedSettings: { readonly [setting: string]: unknown } = { country: "GB" };

/** The text of its messages. */
export const demonstratedText = "Hi {{first_name}}, your table is booked for seven this evening.";
