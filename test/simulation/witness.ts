import * as z from "zod";
import { type ApprovalRule, waitsForApproval } from "../../shared/campaign/approval-rule.ts";
import { approvalsOf } from "../../shared/campaign/approvals.ts";
import { Defaults, Options } from "../../shared/campaign/options.ts";
import { windowsOfGroups, ZoneGroup } from "../../shared/campaign/recipient-hours.ts";
import { isOpen } from "../../shared/campaign/window.ts";
import type { OutgoingEvent } from "../../shared/ports/events.ts";
import type { Item } from "../../shared/ports/table.ts";
import { type Announcements, createAnnouncements } from "./announcements.ts";
import { rowOf } from "./lists.ts";
import type { OptOutWatch } from "./opt-out-watch.ts";
import type { Call } from "./phone-system.ts";
import type { Applied } from "./table.ts";

/** What must never happen in a run, or always must; named by how it is broken. */
export type Invariant =
  | "accepted twice"
  | "report incomplete"
  | "wrong options"
  | "submitted but not accepted"
  | "accepted but not reported"
  | "called after cancel or pause"
  | "sent without approval"
  | "called after opting out"
  | "own number opted out"
  | "fired without a claim"
  | "outside its time"
  | "too fast"
  | "over the day's limit"
  | "secret shown"
  | "not completed"
  | "unknown without need"
  | "too many unknown"
  | "fed too often"
  | "claimed too often"
  | "renewed without need"
  | "slots lost"
  | "too slow"
  | "not tidied"
  | "not announced"
  | "announced without a change"
  | "announced out of order"
  | "program failed";

/** One breach of an invariant. */
export interface Failure {
  readonly invariant: Invariant;
  readonly message: string;
  /** The row concerned, identified by its telephone number. */
  readonly cnumber?: string;
}

/** A claim granted by the table. */
export interface GrantedClaim {
  readonly campaign: string;
  readonly batch: number;
  readonly firing: readonly number[];
  readonly token: string;
  readonly by: string;
  readonly at: number;
}

/** A change in a campaign's state. */
interface Turn {
  readonly at: number;
  readonly state: string;
  readonly pass: number;
  /** Passes in vain so far. */
  readonly stalls: number;
  readonly pause: string | undefined;
}

/** The state of the account from a given time on. */
interface AccountTurn {
  readonly at: number;
  readonly rate: number | undefined;
  readonly epoch: number;
  readonly paused: boolean;
  readonly heldUntil: number;
  /** Until when the day's calls are all made. */
  readonly fullUntil: number;
}

/** How far ahead slots may be reserved, ms: three seconds, plus one reservation, plus the difference between clocks. */
const aheadMs = 3_000 + 1_000 + 500;

/** Watches the simulated world and records every broken invariant. */
export interface Witness {
  readonly failures: Failure[];
  readonly claims: readonly GrantedClaim[];
  readonly account: readonly AccountTurn[];
  turns(campaign: string): readonly Turn[];
  readonly enqueued: ReadonlyMap<string, number>;
  fail(failure: Failure): void;
  applied(applied: Applied): void;
  called(call: Call): void;
  accepted(cnumber: string, times: number): void;
  queued(body: string): void;
  /** The event bus has accepted an event. */
  published(event: OutgoingEvent): void;
  readonly announcements: Pick<Announcements, "missing" | "isStarted">;
  /** Checks a text that anybody may read: it must not contain a secret. */
  text(where: string, text: string): void;
  logged(line: string): void;
}

const Scope = z.object({ options: Options, defaults: Defaults, zones: z.array(ZoneGroup).optional() });

const Approvable = z.object({
  run: z.string(),
  sendable: z.number(),
  csvVersion: z.string(),
  jsonVersion: z.string().optional(),
});

const untilOf = (hold: Item[string]): number =>
  typeof hold === "object" && hold !== null && "until" in hold ? Number(hold["until"]) : 0;

/** Creates the witness for a run of these campaigns, in order. */
export function createWitness(deps: {
  campaigns: readonly string[];
  secrets: () => readonly string[];
  /** Whether the machine had a reason to lose its claim: it died, was frozen, or could not reach the ledger. */
  excused: (machine: string, since: number) => boolean;
  /** The most that any clock is off, ms. */
  skewMs: number;
  /** The stack's setting. */
  approval: ApprovalRule;
  /** Who has opted out. */
  optedOut: OptOutWatch;
  /** Who uploaded a version of a list or of options. */
  uploaderOf: (version: string) => string | undefined;
  trace: (what: string) => void;
  changed: () => void;
}): Witness {
  const { campaigns, trace } = deps;
  const failures: Failure[] = [];
  const claims: GrantedClaim[] = [];
  const latestClaim = new Map<string, GrantedClaim>();
  const turns = new Map<string, Turn[]>();
  const account: AccountTurn[] = [];
  const enqueued = new Map<string, number>();

  const fail = (failure: Failure) => {
    trace(`BROKEN ${failure.invariant}: ${failure.message}`);
    if (failures.length < 20) failures.push(failure);
  };

  const announcements = createAnnouncements();
  const approvals: { readonly name: string; readonly by: string; readonly run: string }[] = [];
  const approvable = new Map<string, z.infer<typeof Approvable>>();

  /** What is queued, sent or running must have been approved by somebody who uploaded none of it, if it needs approval. */
  const mustBeApproved = (name: string, what: string) => {
    const campaign = approvable.get(name);
    if (campaign === undefined || !waitsForApproval(deps.approval, campaign.sendable)) return;
    const uploaders = [campaign.csvVersion, campaign.jsonVersion].map((version) => deps.uploaderOf(version ?? ""));
    const ofThis = approvals.filter((approval) => approval.name === name && approval.run === campaign.run);
    if (ofThis.some(({ by }) => !uploaders.includes(by))) return;
    fail({ invariant: "sent without approval", message: `${name} is ${what}, but nobody else has approved its plan.` });
  };

  const campaignApplied = ({ key, after, before, at }: Applied) => {
    const state = String(after["state"]);
    announcements.changed(key.sk, before, after);
    const campaign = Approvable.safeParse(after);
    if (campaign.success) approvable.set(key.sk, campaign.data);
    if (state === "running") mustBeApproved(key.sk, "running");
    const pass = Number(after["pass"] ?? 0);
    if (before?.["cleaned"] !== after["cleaned"]) deps.changed();
    if (before?.["state"] === state && before["pass"] === pass && before["parked"] === after["parked"]) return;
    const pause = after["pause"] === undefined ? undefined : JSON.stringify(after["pause"]);
    trace(`campaign ${key.sk} is ${state}, pass ${pass}, parked ${String(after["parked"])} ${pause ?? ""}`);
    const list = turns.get(key.sk) ?? [];
    turns.set(key.sk, list);
    list.push({ at, state, pass, stalls: Number(after["stalls"] ?? 0), pause });
    deps.changed();
    if (after["parked"] === pass && before?.["parked"] !== pass) parked(key.sk, after, at);
  };

  /** When a campaign was committed, and its senders known; a list that was refused has none. */
  const committedAt = (campaign: number): number | undefined =>
    turns.get(campaigns[campaign] ?? "")?.find(({ state }) => state !== "refused")?.at;

  /** A pass may be parked only if sending was forbidden at some point since it began. */
  const parked = (name: string, after: Item, at: number) => {
    const pass = Number(after["pass"]);
    const list = turns.get(name) ?? [];
    const begun = Number(list.find((turn) => turn.pass === pass)?.at ?? at);
    const scope = Scope.parse(after);
    const { options } = scope;
    const margin = 2 * deps.skewMs + 1;
    const hours = windowsOfGroups(scope);
    const closed =
      list.some((turn) => turn.pass === pass && turn.state !== "running") ||
      account.some((turn, index) => {
        const over = account[index + 1]?.at ?? Number.POSITIVE_INFINITY;
        return (
          turn.at <= at &&
          over >= begun &&
          (turn.paused || turn.heldUntil > begun - margin || turn.fullUntil > begun - margin)
        );
      }) ||
      (options.sendBefore !== undefined && at + margin >= Date.parse(options.sendBefore)) ||
      (options.sendAfter !== undefined && begun - margin < Date.parse(options.sendAfter)) ||
      [begun - margin, begun, at - margin, at, at + margin].some(
        (instant) => !hours.some((windows) => isOpen(windows, instant)),
      ) ||
      (hours.some((windows) => windows.length > 0) && at - begun > 10 * 60_000);
    if (!closed) {
      fail({
        invariant: "renewed without need",
        message: `Pass ${pass} of ${name} was parked although nothing prevented sending.`,
      });
    }
  };

  const accountApplied = ({ after, before, at }: Applied) => {
    deps.optedOut.believedUpTo(after["optOuts"], at);
    const rate = after["rate"];
    const turn: AccountTurn = {
      at,
      rate: typeof rate === "number" ? rate : undefined,
      epoch: Number(after["epoch"]),
      paused: after["pause"] !== undefined,
      heldUntil: untilOf(after["hold"]),
      fullUntil: untilOf(after["dayFull"]),
    };
    const last = account.at(-1);
    if (
      last === undefined ||
      last.epoch !== turn.epoch ||
      last.rate !== turn.rate ||
      last.paused !== turn.paused ||
      last.heldUntil !== turn.heldUntil ||
      last.fullUntil !== turn.fullUntil
    ) {
      trace(
        `account: epoch ${turn.epoch}, rate ${turn.rate ?? "ceiling"}, pause ${JSON.stringify(after["pause"])}, hold ${JSON.stringify(after["hold"])}`,
      );
      account.push(turn);
    }
    const next = Number(after["nextFreeAt"]);
    const reserved = after["holder"] !== undefined && next > Number(before?.["nextFreeAt"] ?? 0);
    const moved =
      Number(after["notSentRun"] ?? 0) > Number(before?.["notSentRun"] ?? 0) ||
      turn.epoch !== Number(before?.["epoch"] ?? 0) ||
      // A late probe shifts the slots that follow it.
      (before?.["probe"] !== undefined && after["probe"] === undefined);
    if (reserved && !moved) {
      // `nextFreeAt` was the first slot that was still free.
      const start = Math.max(Number(before?.["nextFreeAt"] ?? 0), 0);
      if (start > at + aheadMs && (last?.at ?? 0) < at) {
        fail({
          invariant: "slots lost",
          message: `Slots were reserved starting ${Math.round(start - at)} ms in the future.`,
        });
      }
    }
  };

  const batchApplied = ({ key, change, before, after, by, at }: Applied) => {
    const [campaign = ""] = key.pk.split("@");
    const batch = Number(after["batch"]);
    trace(
      `${by}: ${key.pk} ${key.sk} ${String(before?.["state"] ?? "absent")} → ${String(after["state"])} ${String(after["outcomes"] ?? "")} ${change.set?.["state"] === "claimed" ? `firing ${JSON.stringify(after["firing"])} until ${String(after["leaseUntil"])}` : ""}`,
    );
    if (change.set?.["state"] === "claimed") {
      const firing = after["firing"];
      const claim: GrantedClaim = {
        campaign,
        batch,
        firing: Array.isArray(firing) ? firing.map(Number) : [],
        token: String(after["token"]),
        by,
        at,
      };
      claims.push(claim);
      for (const row of claim.firing) latestClaim.set(`${campaign} ${row} ${by}`, claim);
      return;
    }
    if (after["state"] === "claimed") {
      const inDoubt = z.array(z.number()).parse(after["firing"]);
      const claim = claims.findLast(({ token }) => token === after["token"]);
      // What is no longer in doubt must not be called under this claim.
      for (const row of claim?.firing ?? []) {
        if (!inDoubt.includes(row)) latestClaim.delete(`${campaign} ${row} ${claim?.by}`);
      }
      return;
    }
    if (before?.["state"] === "claimed" && after["recordedBy"] !== before["token"]) {
      const claim = claims.findLast(({ token }) => token === before["token"]);
      if (claim !== undefined && claim.firing.length > 0 && !deps.excused(claim.by, claim.at)) {
        fail({
          invariant: "unknown without need",
          message: `The claim of ${claim.by} on batch ${batch} of ${key.pk} was settled although its sender was alive and well.`,
        });
      }
    }
  };

  return {
    failures,
    claims,
    account,
    enqueued,
    turns: (campaign) => turns.get(campaign) ?? [],
    fail,
    applied: (applied) => {
      const { key, after } = applied;
      if (key.pk === "campaigns") campaignApplied(applied);
      else if (key.pk === "account" && key.sk.startsWith("throttle")) accountApplied(applied);
      else if (key.pk === "account") {
        const message = deps.optedOut.applied(applied, committedAt);
        if (message !== undefined) fail({ invariant: "own number opted out", message });
      } else if (key.pk.startsWith(approvalsOf.person)) {
        approvals.push({ name: key.sk, by: key.pk.slice(approvalsOf.person.length), run: String(after["run"]) });
      } else batchApplied(applied);
      const text = JSON.stringify(after);
      for (const secret of deps.secrets())
        if (text.includes(secret)) {
          fail({ invariant: "secret shown", message: `The item ${key.pk}/${key.sk} contains the password.` });
        }
    },
    called: (call) => {
      const { campaign, row } = rowOf(call.cnumber);
      const name = campaigns[campaign] ?? "";
      trace(`${call.by} calls ${name} row ${row} (${call.cnumber})`);
      mustBeApproved(name, "called");
      const claim = latestClaim.get(`${name} ${row} ${call.by}`);
      if (claim === undefined) {
        fail({
          invariant: "fired without a claim",
          message: `${call.by} called row ${row} of ${name} without a claim on it.`,
          cnumber: call.cnumber,
        });
        return;
      }
      const wrong = deps.optedOut.forbids(call, claim.at, turns.get(name)?.[0]?.at ?? 0);
      if (wrong !== undefined) {
        fail({
          invariant: "called after opting out",
          message: `Row ${row} of ${name} ${wrong}`,
          cnumber: call.cnumber,
        });
      }
      const turn = (turns.get(name) ?? []).findLast(({ at }) => at <= claim.at);
      if (turn !== undefined && turn.state !== "running") {
        fail({
          invariant: "called after cancel or pause",
          message: `Row ${row} of ${name} was called under a claim that was made while the campaign was ${turn.state}.`,
          cnumber: call.cnumber,
        });
      }
      if (account.findLast(({ at }) => at <= claim.at)?.paused === true) {
        fail({
          invariant: "called after cancel or pause",
          message: `Row ${row} of ${name} was called under a claim that was made while the account was paused.`,
          cnumber: call.cnumber,
        });
      }
    },
    accepted: (cnumber, times) => {
      trace(`Enswitch accepts ${cnumber}`);
      if (times > 1) {
        const { campaign, row } = rowOf(cnumber);
        fail({
          invariant: "accepted twice",
          message: `Row ${row} of ${campaigns[campaign]} was accepted ${times} times.`,
          cnumber,
        });
      }
    },
    queued: (body) => {
      const match = /^\{"campaign":"([^"]+)","run":"([^"]+)".*?"batch":(\d+)/su.exec(body);
      if (match === null) return;
      const batch = `${match[1]} ${match[3]}`;
      enqueued.set(batch, (enqueued.get(batch) ?? 0) + 1);
      mustBeApproved(match[1] ?? "", "fed");
      trace(`${match[1]} batch ${match[3]} is queued: ${body.slice(0, 90)}`);
    },
    announcements,
    published: (event) => {
      const { name, state } = event.detail;
      trace(`announced: ${name} ${state} of ${event.at}`);
      const found = announcements.published(event);
      if (found !== undefined) fail({ invariant: found.wrong, message: `${name} was announced as ${state}.` });
    },
    text: (where, text) => {
      for (const secret of deps.secrets())
        if (text.includes(secret)) fail({ invariant: "secret shown", message: `${where} contains the password.` });
    },
    logged: (line) => {
      for (const secret of deps.secrets())
        if (line.includes(secret)) fail({ invariant: "secret shown", message: "The log contains the password." });
      if (/44207\d{7}/.test(line)) {
        fail({ invariant: "secret shown", message: "The log contains a recipient's number." });
      }
    },
  };
}
