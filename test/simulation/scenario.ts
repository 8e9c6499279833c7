import { sites } from "../../infra/rates.ts";
import type { DayLimit } from "../../shared/account/day-limit.ts";
import { usualLaneRate } from "../../shared/account/slots.ts";
import type { ApprovalRule } from "../../shared/campaign/approval-rule.ts";
import type { Options } from "../../shared/campaign/options.ts";
import type { OutageKind } from "./phone-system.ts";
import { type Random, randomFor } from "./random.ts";

/** When something happens: some time after the start (ms), or at a sender's n-th step. */
export type Moment =
  | { readonly kind: "time"; readonly afterMs: number }
  | { readonly kind: "step"; readonly step: number };

/** Something a person does. `campaign` is an index. */
export type Deed =
  | { readonly kind: "pause" | "resume" | "cancel"; readonly campaign: number }
  | { readonly kind: "pause-account" | "resume-account" }
  | { readonly kind: "rate"; readonly rate: number }
  | { readonly kind: "cap"; readonly callsPerDay: number }
  | {
      readonly kind: "upload";
      readonly campaign: number;
      readonly content: Content;
      readonly options: Options | undefined;
    }
  | { readonly kind: "delete-csv"; readonly campaign: number; readonly versions: boolean }
  | { readonly kind: "deploy"; readonly ceiling: number; readonly snumber: string }
  | { readonly kind: "suppress"; readonly campaign: number; readonly row: number }
  | ({ readonly kind: "reply"; readonly agoMs: number } & Omit<RepliesPlan["texts"][number], "afterMs">)
  | { readonly kind: "opt-out-by-hand"; readonly campaign: number; readonly row: number }
  | { readonly kind: "purge" | "restart" | "new-password" }
  /** Approves what waits, or another upload of that name. */
  | { readonly kind: "approve"; readonly campaign: number; readonly by: Person; readonly of: "plan" | "another" };

/** Who uploads and approves. */
export type Person = "AIDAANN" | "AIDABEN" | "AIDACARLA";

/** What a CSV contains: the list, the same list with different texts, or nothing usable. */
export type Content = "list" | "corrected" | "refused";

/** A campaign in a scenario. */
export interface PlannedCampaign {
  readonly name: string;
  readonly rows: number;
  readonly content: Content;
  readonly options: Options | undefined;
  readonly uploadedAfterMs: number;
  /** The zones of its recipients, where its hours are by their clocks. */
  readonly zones?: readonly string[];
  /** Some of its rows name a number of their own to send from. */
  readonly senders?: true;
}

/** Everything that a seed decides in advance. What happens at individual steps is drawn as the run goes on. */
export interface Scenario {
  readonly seed: number;
  readonly start: number;
  readonly ceiling: number;
  readonly retainDays: number;
  /** How long an upload waits for what belongs to it. */
  readonly graceSeconds: number;
  readonly campaigns: readonly PlannedCampaign[];
  readonly deeds: readonly { readonly when: Moment; readonly deed: Deed }[];
  /** Outages of the phone system. Each begins with the n-th call, or at a fixed time if that call has not been made by then. */
  readonly outages: readonly {
    readonly kind: OutageKind;
    readonly atCall: number;
    readonly afterMs: number;
    readonly lastsMs: number;
  }[];
  /** After this long nothing more goes wrong by itself, and people fix whatever is waiting for them. */
  readonly faultsMs: number;
  readonly skewMs: number;
  /** When all clocks are set, as that of one machine, and by how much; absent: never. */
  readonly clockSteps?: readonly { readonly afterMs: number; readonly byMs: number }[];
  readonly chaos: {
    readonly die: number;
    readonly freeze: number;
    readonly stall: number;
    /** Machines are busy with something else while a list is sent that takes several seconds. */
    readonly hiccup: number | undefined;
  };
  readonly service: { readonly failed: number; readonly lost: number; readonly late: number };
  readonly serviceOutages: readonly { readonly afterMs: number; readonly lastsMs: number }[];
  /** From which call on the ledger has no room for what is written, while it is read: a disk that is full for a while. */
  readonly noRoom: readonly { readonly atCall: number; readonly lastsMs: number }[];
  readonly queue: { readonly lost: number; readonly duplicated: number; readonly delayed: number };
  readonly answers: { readonly lost: number; readonly usualMs: number; readonly slow: number; readonly bad: number };
  readonly lostTicks: number;
  /** How often senders note outcomes of a batch under way, ms; `undefined`: only its end is recorded. */
  readonly noteEveryMs: number | undefined;
  /** The fastest that one sender sends, calls per second, and when what missed its slot is tried again; `undefined`: as on AWS. */
  readonly laneRate: number | undefined;
  readonly afterOthersMs: number | undefined;
  /** An upload that no execution of the splitter can read to its end: it takes all the memory, or all the time there is. */
  readonly poison: { readonly takes: "memory" | "time"; readonly uploadedAfterMs: number } | undefined;
  /** The most calls of a day, which people may lower and raise again. */
  readonly dayLimit: DayLimit | undefined;
  /** The reporter is told nothing for so long that the ledger forgets what was sent; everything else goes on. */
  readonly deaf: { readonly afterMs: number; readonly lastsMs: number } | undefined;
  /** The stack's `approval`, and who uploads the lists and their options. */
  readonly approval: { readonly rule: ApprovalRule; readonly list: Person; readonly options: Person };
  /** Replies are read, and this is what people write; absent: they are not. */
  readonly replies: RepliesPlan | undefined;
  /** Nothing goes wrong, and nobody intervenes. */
  readonly calm: boolean;
}

/** What people write back. */
export interface RepliesPlan {
  /** `afterMs` the start, which may be before it; listed `listedAfterMs` later. `campaign` is an index. */
  readonly texts: readonly {
    readonly campaign: number;
    readonly row: number;
    readonly body: string;
    readonly afterMs: number;
    readonly listedAfterMs: number;
    /** It comes from the number that the row is sent from, and not from the one that it is sent to. */
    readonly bySender?: true;
    /** How the phone system writes the number. */
    readonly written: "e164" | "digits" | "national" | "dialled";
  }[];
  /** Somebody puts a number on the list by hand, so long after an answer with texts in it was on its way. */
  readonly byHand: { readonly campaign: number; readonly row: number; readonly afterMs: number } | undefined;
}

const asOnAws = { laneRate: undefined, afterOthersMs: undefined };
const asOnOneMachine = { laneRate: sites.local.laneRate, afterOthersMs: 2_000 };

const rates = [0.05, 0.2, 0.5, 1, 1, 1.5, 2, 3.7, 5, 10, 10, 10, 25, 50, 100, 120, 300, 1000] as const;
const outageKinds: readonly OutageKind[] = [
  "refusing",
  "unreachable",
  "hanging",
  "mute",
  "unavailable",
  "resetting",
  "throttling",
  "not-enswitch",
  "credentials",
  "privilege",
  "sender-number",
  "odd",
];
const minute = 60_000;

/** The scenario for a seed; `rows` overrides how many rows each campaign has. */
export function scenarioOf(seed: number, rows?: number): Scenario {
  const random = randomFor(seed, "scenario");
  const some = <Value>(probability: number, value: () => Value, otherwise: Value): Value =>
    random.chance(probability) ? value() : otherwise;
  const usualStart = Date.UTC(2026, 2, 2, 7, 30) + random.int(0, 3_600) * 1000;
  const start = usualStart + hoursBeginOn(seed) * 24 * 60 * minute;
  const calm = random.chance(0.12);
  const ceiling = random.pick(rates);
  const count = random.chance(0.25) ? 2 : 1;
  const rowCount = () =>
    rows ?? (ceiling < 1 ? random.int(1, 12) : random.chance(0.1) ? random.int(60, 160) : random.int(1, 50));
  const planned = Array.from(
    { length: count },
    (_, index): PlannedCampaign => ({
      name: ["spring", "2026/autumn"][index] ?? `campaign-${index}`,
      rows: rowCount(),
      content: !calm && random.chance(0.06) ? "refused" : "list",
      options: calm ? undefined : optionsOf(random, start),
      uploadedAfterMs: random.int(0, 5_000),
    }),
  );
  const hiccup = calm ? undefined : hiccupOf(seed, ceiling);
  const longer = (campaign: PlannedCampaign): PlannedCampaign =>
    hiccup === undefined || rows !== undefined
      ? campaign
      : { ...campaign, rows: Math.ceil(secondsOfHiccups * ceiling) };
  const campaigns = planned.map((campaign) => withHours(seed, longer(campaign), start));
  const largest = Math.max(...campaigns.map((campaign) => campaign.rows));
  const sendingMs = 20_000 + (count * largest * 1000) / ceiling;
  const moment = (): Moment =>
    random.chance(0.6)
      ? { kind: "step", step: random.spread(1, 12 * count * largest + 40) }
      : { kind: "time", afterMs: random.int(10_000, 2 * sendingMs + 5 * minute) };
  const { poison, deaf } = calm ? {} : raritiesOf(seed, sendingMs);
  const deeds = calm ? [] : deedsOf(random, { ceiling, campaigns, moment });
  const dayLimit = calm || deaf !== undefined ? undefined : dayLimitOf(seed, count * largest);
  if (dayLimit !== undefined) deeds.push(...deedsOnLimit(seed, dayLimit, moment));
  if (deaf !== undefined) deeds.push(...deedsWhile(seed, deaf));
  const approval = calm ? noApproval : approvalOf(seed);
  const replies = calm || deaf !== undefined ? undefined : repliesOf(seed, campaigns, sendingMs);
  if (approval.rule !== "never") deeds.push(...approvalsOf(seed, count, sendingMs));
  const usualFaultsMs = Math.round(sendingMs * 2) + random.int(2, 40) * minute;
  const faultsMs = Math.max(usualFaultsMs, deaf === undefined ? 0 : deaf.afterMs + deaf.lastsMs);
  const outages = calm
    ? []
    : Array.from({ length: some(0.4, () => random.int(1, 2), 0) }, () => ({
        kind: random.pick(outageKinds),
        atCall: random.chance(0.2) ? 0 : random.spread(1, count * largest),
        afterMs: random.int(15_000, Math.round(sendingMs) + minute),
        lastsMs: random.pick([random.spread(200, 60_000), random.spread(minute, 20 * minute), 60 * minute]),
      }));
  const level = (probability: number, values: readonly number[]) =>
    calm ? 0 : some(probability, () => random.pick(values), 0);
  return {
    seed,
    start,
    ceiling,
    retainDays: some(calm ? 0 : 0.03, () => 1, deaf === undefined ? 90 : 1),
    poison,
    dayLimit,
    deaf,
    approval,
    graceSeconds: random.pick([0, 15]),
    deeds,
    ...withSenders(
      seed,
      deeds.length > 0 ? { campaigns, replies } : lateUploads(seed, campaigns, replies),
      outages.some(({ kind }) => kind === "sender-number"),
    ),
    outages,
    faultsMs,
    skewMs: level(0.3, [5, 100, 400]),
    chaos: {
      die: level(0.35, [0.0005, 0.002, 0.01]),
      freeze: level(0.3, [0.0005, 0.002, 0.005]),
      stall: level(0.35, [0.001, 0.01, 0.03]),
      hiccup,
    },
    service: {
      failed: level(0.35, [0.01, 0.05, 0.2]),
      lost: level(0.35, [0.01, 0.05, 0.15]),
      late: level(0.25, [0.01, 0.05]),
    },
    serviceOutages: Array.from({ length: level(0.12, [1, 2]) }, () => ({
      afterMs: random.int(10_000, Math.round(sendingMs) + minute),
      lastsMs: random.spread(500, 3 * minute),
    })),
    noRoom: calm ? [] : noRoomOf(seed, count * largest),
    queue: {
      lost: level(0.25, [0.02, 0.15]),
      duplicated: level(0.35, [0.05, 0.3]),
      delayed: level(0.3, [0.05, 0.3]),
    },
    answers: {
      lost: level(0.25, [0.01, 0.05]),
      usualMs: random.pick([30, 150, 600]),
      slow: level(0.2, [0.01, 0.1]),
      bad: some(0.3, () => random.pick([0.05, 0.3]), 0),
    },
    lostTicks: level(0.2, [0.2, 0.8]),
    noteEveryMs: randomFor(seed, "notes").pick([0, 0, 20, 100, 2_000]) || undefined,
    ...(ceiling > usualLaneRate && randomFor(seed, "one machine").chance(0.5) ? asOnOneMachine : asOnAws),
    calm,
  };
}

/** How long a list takes to be sent while machines are busy, at the least: long enough for calls that are late to meet others. */
const secondsOfHiccups = 8;

/** Drawn from numbers of its own, as the rarities below; at rates at which such a list is not too long to simulate. */
function hiccupOf(seed: number, ceiling: number): number | undefined {
  const random = randomFor(seed, "hiccups");
  if (!random.chance(0.2) || ceiling < 3 || ceiling > 50) return undefined;
  return random.pick([0.01, 0.05, 0.2]);
}

/** What is drawn from numbers of its own, so that older seeds stay what they were. */
function raritiesOf(seed: number, sendingMs: number): Partial<Pick<Scenario, "poison" | "deaf">> {
  const random = randomFor(seed, "rarities");
  const takes = random.pick(["memory", "time"] as const);
  const poison = { takes, uploadedAfterMs: random.int(0, 60_000) };
  const deaf = { afterMs: random.int(20_000, 20_000 + Math.round(sendingMs)), lastsMs: 35 * 24 * 60 * minute };
  return {
    poison: random.chance(0.08) ? poison : undefined,
    deaf: random.chance(0.04) ? deaf : undefined,
  };
}

/** Drawn from numbers of its own, too. */
function noRoomOf(seed: number, rows: number): Scenario["noRoom"] {
  const random = randomFor(seed, "no room");
  if (!random.chance(0.15)) return [];
  return Array.from({ length: random.int(1, 3) }, () => ({
    atCall: random.int(1, rows),
    lastsMs: random.spread(500, 3 * minute),
  }));
}

/** Drawn from numbers of its own, too. Most opt out, some write something else, and some take it back. */
function repliesOf(seed: number, campaigns: readonly PlannedCampaign[], sendingMs: number): RepliesPlan | undefined {
  const random = randomFor(seed, "replies");
  if (!random.chance(0.3)) return undefined;
  const somebody = () => {
    const campaign = random.int(0, campaigns.length - 1);
    return { campaign, row: random.int(1, campaigns[campaign]?.rows ?? 1) };
  };
  const texts = Array.from({ length: random.int(1, 12) }, (): RepliesPlan["texts"][number] => ({
    ...somebody(),
    body: random.pick(["STOP", "stop.", "Arrêt", "STOP", "STOP", "START", "thanks", "please stop"]),
    afterMs: random.int(-20 * minute, Math.round(1.5 * sendingMs) + 20 * minute),
    listedAfterMs: random.chance(0.7) ? random.int(0, 2_000) : random.spread(1_000, 28 * minute),
    written: random.pick(["e164", "digits", "national", "dialled"]),
  }));
  return { texts, byHand: random.chance(0.4) ? { ...somebody(), afterMs: random.int(0, 150) } : undefined };
}

/** Some lists come minutes after replies were first read, and right before them somebody opts out. Drawn from numbers of its own. */
function lateUploads(
  seed: number,
  campaigns: readonly PlannedCampaign[],
  replies: RepliesPlan | undefined,
): Pick<Scenario, "campaigns" | "replies"> {
  const random = randomFor(seed, "late uploads");
  if (replies === undefined || random.chance(0.5)) return { campaigns, replies };
  const laterMs = random.int(70_000, 4 * minute);
  const text = {
    campaign: 0,
    row: random.int(1, campaigns[0]?.rows ?? 1),
    body: "STOP",
    afterMs: laterMs - random.int(1_000, 60_000),
    listedAfterMs: random.int(0, 800),
    written: "e164",
  } as const;
  return {
    campaigns: campaigns.map((one) => ({ ...one, uploadedAfterMs: one.uploadedAfterMs + laterMs })),
    replies: { ...replies, texts: [...replies.texts, text] },
  };
}

/**
 * Some lists name senders of their own, which are texted from as well. Not where senders are refused: what becomes of a row then depends on whose its sender
 * is. Drawn from numbers of its own.
 */
function withSenders(
  seed: number,
  { campaigns, replies }: Pick<Scenario, "campaigns" | "replies">,
  refused: boolean,
): Pick<Scenario, "campaigns" | "replies"> {
  const random = randomFor(seed, "senders");
  if (replies === undefined || refused || random.chance(0.5)) return { campaigns, replies };
  const texts = Array.from({ length: random.int(1, 3) }, (): RepliesPlan["texts"][number] => ({
    campaign: random.int(0, campaigns.length - 1),
    row: 3 * random.int(1, 3),
    bySender: true,
    body: random.pick(["STOP", "stop.", "START", "please stop"]),
    afterMs: random.int(0, 40 * minute),
    listedAfterMs: random.int(0, 2_000),
    written: random.pick(["e164", "digits", "national", "dialled"]),
  }));
  return {
    campaigns: campaigns.map((campaign) => ({ ...campaign, senders: true as const })),
    replies: { ...replies, texts: [...replies.texts, ...texts] },
  };
}

const noApproval = { rule: "never", list: "AIDAANN", options: "AIDAANN" } as const;

/** Drawn from numbers of its own, too. */
function approvalOf(seed: number): Scenario["approval"] {
  const random = randomFor(seed, "approval");
  if (!random.chance(0.15)) return noApproval;
  return {
    rule: random.pick(["always", "always", 5, 20] as const),
    list: "AIDAANN",
    options: random.pick(["AIDAANN", "AIDACARLA"] as const),
  };
}

/** People who try to approve, some of whom may not, and some what is not there. */
function approvalsOf(seed: number, campaigns: number, sendingMs: number): { when: Moment; deed: Deed }[] {
  const random = randomFor(seed, "approvals");
  return Array.from({ length: random.int(1, 5) }, () => ({
    when: { kind: "time", afterMs: random.int(1_000, 20_000 + Math.round(sendingMs)) },
    deed: {
      kind: "approve",
      campaign: random.int(0, campaigns - 1),
      by: random.pick(["AIDAANN", "AIDABEN", "AIDACARLA"] as const),
      of: random.chance(0.7) ? "plan" : "another",
    },
  }));
}

/** A limit that a campaign needs some days for; drawn from numbers of its own. */
function dayLimitOf(seed: number, rows: number): DayLimit | undefined {
  const random = randomFor(seed, "day limit");
  const calls = Math.max(2, Math.ceil(rows / random.pick([1, 1.5, 3])));
  const timezone = random.pick(["UTC", "UTC", "Europe/London", "Asia/Kolkata", "America/Santiago"]);
  return random.chance(0.08) ? { calls, timezone } : undefined;
}

/** Somebody lowers the limit, and somebody raises it again. */
function deedsOnLimit(seed: number, { calls }: DayLimit, moment: () => Moment): { when: Moment; deed: Deed }[] {
  const random = randomFor(seed, "deeds on the day limit");
  if (random.chance(0.6)) return [];
  const lower = Math.max(1, Math.floor(calls / random.pick([1.2, 2])));
  return [lower, calls].map((callsPerDay) => ({ when: moment(), deed: { kind: "cap", callsPerDay } }));
}

/** While nobody tells the reporter, somebody may cancel. */
function deedsWhile(seed: number, deaf: NonNullable<Scenario["deaf"]>): { when: Moment; deed: Deed }[] {
  const random = randomFor(seed, "deaf");
  const afterMs = deaf.afterMs + random.int(1_000, 60_000);
  return random.chance(0.7) ? [{ when: { kind: "time", afterMs }, deed: { kind: "cancel", campaign: 0 } }] : [];
}

/** Zones whose clocks differ by hours and parts of hours; some change them in the days that hours begin on. */
const recipientZones = [
  "America/New_York",
  "America/Los_Angeles",
  "Europe/London",
  "Africa/Cairo",
  "Asia/Kolkata",
  "Asia/Tokyo",
  "Australia/Sydney",
  "Pacific/Chatham",
] as const;

const hasHours = (seed: number) => randomFor(seed, "hours").chance(0.2);

/** Days after the usual start, so that clocks change during the campaign; drawn from numbers of its own. */
const hoursBeginOn = (seed: number) => (hasHours(seed) ? randomFor(seed, "hours begin").pick([0, 5, 6, 26, 33]) : 0);

/** A campaign whose hours are by its recipients' clocks; drawn from numbers of its own. */
function withHours(seed: number, campaign: PlannedCampaign, start: number): PlannedCampaign {
  if (!hasHours(seed)) return campaign;
  const random = randomFor(seed, `hours of ${campaign.name}`);
  const zones = Array.from({ length: random.int(1, 4) }, () => random.pick(recipientZones));
  const [from, to] = random.pick([
    ["09:00", "20:00"],
    ["09:00", "10:00"],
    ["01:30", "02:40"],
    ["22:00", "02:10"],
    ["12:00", "12:20"],
  ] as const);
  const sendBefore = new Date(start + random.spread(60, 40 * 60) * minute).toISOString();
  const except = [new Date(start + random.int(0, 2) * 24 * 60 * minute).toISOString().slice(0, 10)];
  return {
    ...campaign,
    zones: [...new Set(zones)],
    options: {
      ...campaign.options,
      ...(random.chance(0.25) ? { sendAfter: undefined, sendBefore } : {}),
      window: { from, to, timezone: "recipient", ...(random.chance(0.3) ? { except } : {}) },
    },
  };
}

function optionsOf(random: Random, start: number): Options | undefined {
  if (random.chance(0.55)) return undefined;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    ...(random.chance(0.2) ? { sendAfter: iso(start + random.spread(1, 40) * minute) } : {}),
    ...(random.chance(0.2) ? { sendBefore: iso(start + random.spread(1, 90) * minute) } : {}),
    ...(random.chance(0.3)
      ? {
          window: {
            from: random.pick(["07:00", "08:00"]),
            to: random.pick(["07:40", "08:10", "18:00"]),
            timezone: "UTC",
          },
        }
      : {}),
    ...(random.chance(0.15) ? { stopAfterFailures: { after: random.int(3, 20), rate: 0.5 } } : {}),
  };
}

function deedsOf(
  random: Random,
  { ceiling, campaigns, moment }: { ceiling: number; campaigns: readonly PlannedCampaign[]; moment: () => Moment },
): { when: Moment; deed: Deed }[] {
  const deeds: { when: Moment; deed: Deed }[] = [];
  const add = (deed: Deed, when = moment()) => deeds.push({ when, deed });
  const soonAfter = (when: Moment): Moment =>
    when.kind === "step"
      ? { kind: "step", step: when.step + random.spread(1, 100) }
      : { kind: "time", afterMs: when.afterMs + random.spread(1, 20 * minute) };
  const some = (probability: number, act: () => void) => {
    while (random.chance(probability)) act();
  };
  const campaign = () => random.int(0, campaigns.length - 1);
  some(0.25, () => {
    const when = moment();
    const which = campaign();
    add({ kind: "pause", campaign: which }, when);
    if (random.chance(0.8)) add({ kind: "resume", campaign: which }, soonAfter(when));
  });
  some(0.12, () => {
    const when = moment();
    add({ kind: "pause-account" }, when);
    if (random.chance(0.8)) add({ kind: "resume-account" }, soonAfter(when));
  });
  some(0.12, () => add({ kind: "cancel", campaign: campaign() }));
  some(0.3, () => add({ kind: "rate", rate: Math.max(0.05, ceiling / random.pick([1, 1.5, 3, 10, 100, 1000])) }));
  some(0.2, () =>
    add({
      kind: "upload",
      campaign: campaign(),
      content: random.pick(["list", "list", "corrected", "refused"]),
      options: random.chance(0.5) ? undefined : { maxSegments: random.int(2, 9) },
    }),
  );
  some(0.06, () => add({ kind: "delete-csv", campaign: campaign(), versions: random.chance(0.5) }));
  some(0.08, () =>
    add({ kind: "deploy", ceiling: random.chance(0.5) ? ceiling : random.pick(rates), snumber: "442079469999" }),
  );
  some(0.1, () => add({ kind: "suppress", campaign: campaign(), row: random.int(1, campaigns[0]?.rows ?? 1) }));
  some(0.08, () => add({ kind: "purge" }));
  some(0.08, () => add({ kind: "restart" }));
  some(0.05, () => add({ kind: "new-password" }));
  return deeds;
}
