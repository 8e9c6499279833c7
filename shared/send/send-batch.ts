import { type CommittedCampaign, Pause } from "../campaign/campaign.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { maySend } from "../campaign/may-send.ts";
import type { Clock } from "../clock.ts";
import type { Credentials, MissingAttachment, PreparedCall } from "../enswitch/enswitch.ts";
import type { Gate, SendParameters, Verdict } from "../enswitch/verdict.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches, Claim } from "../ledger/batches.ts";
import { isFinal, type Outcome } from "../ledger/outcome.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { BatchMessage, type SendRow } from "../plan/plan.ts";
import { type Enqueue, type Handled, nudgeBody } from "../queue.ts";
import {
  type Account,
  countNotSent,
  countUnknown,
  endProbe,
  holdUnanswered,
  type ProbeResult,
  pauseAccount,
  rateOf,
} from "../throttle/account.ts";
import type { AccountStore } from "../throttle/account-store.ts";
import { intervalMs, lateToleranceMs } from "../throttle/slots.ts";
import type { Ask, Grant, Seen } from "../throttle/throttle.ts";
import type { Flight } from "./flight.ts";
import { type Consequence, judgeVerdict } from "./judge-verdict.ts";

/** What sending a batch needs of the world, for one execution of the sender. */
export interface SendBatchDeps {
  readonly campaigns: Pick<Campaigns, "read" | "change" | "count">;
  readonly batches: Pick<Batches, "read" | "claim" | "record" | "settle">;
  readonly account: AccountStore;
  readonly throttle: (ask: Ask) => Promise<Grant>;
  readonly seen: Seen;
  readonly flight: Flight;
  readonly enswitch: {
    prepare(parameters: SendParameters, credentials: Credentials): Promise<PreparedCall | MissingAttachment>;
    fire(call: PreparedCall, gate: Gate): Promise<Verdict>;
    warm(connections: number): void;
  };
  readonly secret: { current(): Promise<Credentials | undefined>; refresh(): Promise<Credentials | undefined> };
  readonly nudge: Enqueue;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  readonly answerTimeoutMs: number;
  /** How long after the function's deadline a lease ends. */
  readonly leaseSlackMs: number;
}

/** Before its first slot a batch is claimed this early: late enough that the claim says something, early enough to be on time. */
const claimLeadMs = 100;

/** What recording and giving back may take after the last answer. */
const wrapUpMs = 5_000;

/** How long a message waits in the execution while another row is the probe, before it is given back. */
const probePatienceMs = 3_000;

/** How long a read of campaign and account is believed before anything is claimed; afterwards only a fresh one is. */
const recentMs = 1_000;

interface Situation {
  readonly campaign: CommittedCampaign;
  readonly account: Account;
}

/**
 * Sends a batch: reserve, claim, look again, fire, record; as often as it takes, and never for a row that was not
 * proven unsent. Never throws for a row; throws when the ledger cannot be reached, before anything was fired or after
 * everything that could be noted was.
 */
export function createSendBatch(deps: SendBatchDeps) {
  const { campaigns, batches, account, throttle, seen, flight, enswitch, secret, nudge, clock, metrics, log } = deps;
  const recent = new Map<string, { at: number; situation: Promise<Situation | undefined> }>();

  /** The campaign as it stands, if the message is still of its present pass. */
  const look = async (message: BatchMessage): Promise<Situation | undefined> => {
    const [campaign, state] = await Promise.all([
      campaigns.read(message.campaign, { consistent: true }),
      account.read(),
    ]);
    if (campaign === undefined || campaign.state === "refused") return undefined;
    if (campaign.run !== message.run || campaign.pass !== message.pass) return undefined;
    return { campaign, account: state };
  };

  /** The same, shared among the batches of this execution for a second. */
  const glance = (message: BatchMessage): Promise<Situation | undefined> => {
    const key = JSON.stringify([message.campaign, message.run, message.pass]);
    const known = recent.get(key);
    if (known !== undefined && clock.now() - known.at < recentMs) return known.situation;
    const situation = look(message);
    recent.set(key, { at: clock.now(), situation });
    situation.catch(() => recent.delete(key));
    return situation;
  };

  /** Notes that this pass has met a closed door: the reporter begins the next one when it opens. */
  const park = async ({ campaign }: Situation): Promise<Handled> => {
    if (campaign.parked !== campaign.pass)
      await campaigns.change(campaign, { pass: campaign.pass }, { parked: campaign.pass });
    return { kind: "done" };
  };

  const pauseForCredentials = (epoch: number, reason: string, secretVersion: string | undefined) =>
    account.change((state, now) => {
      const pause: Pause = Pause.parse({ code: "credentials", reason, at: now, secretVersion });
      return { account: pauseAccount(state, epoch, pause), result: undefined };
    });

  /** Changes the account; when that began a hold, the reporter is told to look when it ends. */
  const holding = async (decide: (state: Account, now: number) => Account) => {
    const hold = await account.change((state, now) => {
      const next = decide(state, now);
      return {
        account: next,
        result: next.hold !== undefined && next.hold.until !== state.hold?.until ? next.hold : undefined,
      };
    });
    if (hold !== undefined) {
      log.warn("The endpoint fails; sending is on hold.", {
        until: new Date(hold.until).toISOString(),
        reason: hold.reason,
      });
      await nudge([nudgeBody({ kind: "look" })], Math.min(900, Math.ceil((hold.until - clock.now()) / 1000) + 1));
    }
  };

  /** Carries out what a verdict means beyond its row. `epoch` is what the account's was when the slot was reserved. */
  const conclude = async (
    consequence: Consequence,
    situation: Situation,
    epoch: number,
    used: Credentials,
  ): Promise<void> => {
    const { campaign } = situation;
    switch (consequence.kind) {
      case "answered":
        Object.assign(seen, { answered: true, accepted: seen.accepted || consequence.accepted });
        return;
      case "not-fired":
        return;
      case "unknown":
        return holding((state, now) => countUnknown(state, epoch, consequence.reason, now));
      case "not-sent":
        return holding((state, now) => countNotSent(state, epoch, consequence.reason, now, consequence.retryAfterMs));
      case "credentials": {
        flight.refuse(used.version ?? "");
        const fresh = await secret.refresh();
        if (fresh !== undefined && fresh.version !== used.version) return;
        await pauseForCredentials(
          epoch,
          `${consequence.reason} (code 401). Store the right ones; sending then goes on by itself.`,
          used.version,
        );
        return;
      }
      case "account": {
        flight.stop(epoch);
        const { code, reason } = consequence;
        await account.change((state, now) => ({
          account: pauseAccount(state, epoch, { code, reason, at: now }),
          result: undefined,
        }));
        return;
      }
      case "campaign": {
        const pause: Pause = { code: "parameter", reason: consequence.reason, at: clock.now() };
        await campaigns.change(campaign, { pass: campaign.pass, state: "running" }, { state: "paused", pause });
        return;
      }
      default:
        return consequence satisfies never;
    }
  };

  /** Fires the rows at their slots; resolves when every call has its verdict and every consequence is carried out. */
  const fire = async (
    rows: readonly { row: SendRow; call: PreparedCall | MissingAttachment; before: Outcome | undefined }[],
    grant: Extract<Grant, { kind: "slots" }>,
    situation: Situation,
    claim: Claim,
    used: Credentials,
  ): Promise<Outcome[]> => {
    const tolerance = lateToleranceMs(grant.rate);
    let withdrawn = false;

    const fireOne = async (index: number): Promise<Outcome | undefined> => {
      const slot = grant.slots[index];
      const planned = rows[index];
      if (slot === undefined || planned === undefined) return undefined;
      const { row, call, before } = planned;
      if (call.kind === "missing-attachment") {
        const detail = `The attachment ${call.attachment} is no longer there.`;
        return { row: row.row, status: "failed", key: "file", detail, attempts: before?.attempts ?? 0 };
      }
      await clock.sleepUntil(slot);
      let land = (_sure: boolean) => {};
      let at = slot;
      const gate: Gate = () => {
        const now = clock.now();
        at = now;
        if (withdrawn || now < slot || now - slot >= tolerance || now >= claim.leaseUntil) return false;
        if (flight.hangs() || !flight.hasRoom(grant.rate) || !flight.mayFire(grant.epoch, used.version ?? ""))
          return false;
        if (maySend(situation.campaign, situation.account, now).kind !== "yes") return false;
        land = flight.takeOff(grant.epoch);
        return true;
      };
      // A slot already missed needs no connection.
      const missed = withdrawn || clock.now() - slot >= tolerance;
      const verdict: Verdict = missed ? { kind: "not-fired" } : await enswitch.fire(call, gate);
      const ms = clock.now() - at;
      land(verdict.kind !== "unknown");
      const { outcome, consequence } = judgeVerdict(row, before, verdict, at, ms);
      if (consequence.kind === "campaign" || consequence.kind === "credentials") withdrawn = true;
      if (outcome !== undefined) metrics.add("CallMs", ms);
      try {
        if (grant.probe !== undefined) await concludeProbe(grant.probe, verdict, consequence);
        if (grant.probe === undefined || !isFailure(consequence))
          await conclude(consequence, situation, grant.epoch, used);
      } catch (error) {
        // What the account is not told now it learns from the next call; the row's own outcome must not be lost for it.
        log.error("What a call's answer means for the account was not noted.", error, { batch: claim.batch });
      }
      return outcome;
    };

    const outcomes = await Promise.all(rows.map((_, index) => fireOne(index)));
    return outcomes.filter((outcome) => outcome !== undefined);
  };

  const concludeProbe = async (token: string, verdict: Verdict, consequence: Consequence) => {
    const result: ProbeResult =
      verdict.kind === "submitted"
        ? "accepted"
        : verdict.kind === "not-fired"
          ? "not-fired"
          : isFailure(consequence)
            ? "failed"
            : consequence.kind === "answered" || consequence.kind === "campaign"
              ? "answered"
              : "not-fired";
    const reason = isFailure(consequence) ? consequence.reason : "";
    await holding((state, now) => endProbe(state, token, result, reason, now));
  };

  /** Lets somebody else be the probe at once. Not worth failing for: its lease ends by itself. */
  const releaseProbe = async (token: string | undefined): Promise<void> => {
    if (token === undefined) return;
    await holding((state, now) => endProbe(state, token, "not-fired", "", now)).catch((error: unknown) =>
      log.error("A probe was not given back; it ends with its lease.", error),
    );
  };

  /** Notes the outcomes, against all odds until the lease is over: what is not noted by then is in doubt for ever. */
  const record = async (claim: Claim, outcomes: readonly Outcome[]): Promise<BatchItem | false> => {
    for (let pause = 200; ; pause = Math.min(2 * pause, 2_000)) {
      try {
        return await batches.record(claim, outcomes);
      } catch (error) {
        if (clock.now() + pause >= claim.leaseUntil) throw error;
        log.error("Outcomes could not be recorded; trying again until the lease ends.", error, { batch: claim.batch });
        await clock.sleepUntil(clock.now() + pause);
      }
    }
  };

  /** Adds to the campaign's tallies, stops it when too much fails, and tells the reporter when all seems done. */
  const tally = async (situation: Situation, fresh: readonly Outcome[]) => {
    const count = (status: Outcome["status"]) => fresh.filter((outcome) => outcome.status === status).length;
    const [submitted, failed, unknown, skipped] = [
      count("submitted"),
      count("failed"),
      count("unknown"),
      count("skipped"),
    ];
    metrics.add("Submitted", submitted);
    metrics.add("Failed", failed);
    metrics.add("Unknown", unknown);
    metrics.add("NotSent", count("open"));
    const add = {
      submitted,
      failed,
      unknown,
      skipped,
      recentCalls: submitted + failed + unknown,
      recentFailed: failed,
    };
    const after = await campaigns.count(situation.campaign, add, clock.now());
    if (after === undefined) return;
    const { tally, sendable, options } = after;
    const limit = options.stopAfterFailures;
    if (limit !== undefined && after.state === "running" && tally.recentCalls >= limit.after) {
      if (tally.recentFailed / tally.recentCalls >= limit.rate) {
        const reason = `${tally.recentFailed} of the last ${tally.recentCalls} calls failed; stopAfterFailures allows ${limit.rate * 100} %. Look at the reasons, then resume or cancel.`;
        await campaigns.change(
          after,
          { pass: after.pass, state: "running" },
          { state: "paused", pause: { code: "failures", reason, at: clock.now() } },
        );
      } else {
        // A full window without too many failures: the next one begins.
        await campaigns.count(
          after,
          { recentCalls: -tally.recentCalls, recentFailed: -tally.recentFailed },
          clock.now(),
        );
      }
    }
    if (tally.submitted + tally.failed + tally.unknown + tally.skipped >= sendable)
      await nudge([nudgeBody({ kind: "look" })]);
  };

  /** One message of the batches queue, handled until `deadline` (epoch ms). */
  return async (body: string, receiveCount: number, deadline: number): Promise<Handled> => {
    const parsed = BatchMessage.safeParse(readJson(body));
    if (!parsed.success) {
      log.error(
        "A message in the batches queue is no batch of this version; its campaign will feed it again.",
        undefined,
        {
          issues: parsed.error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`).join("; "),
        },
      );
      return { kind: "done" };
    }
    const message = parsed.data;
    const { campaign: name, batch, prev } = message;
    const latest = deadline - deps.answerTimeoutMs - wrapUpMs;
    const waitedFrom = clock.now();
    // Only a message seen before, or fed again, can be of a batch that the ledger knows already.
    let item = receiveCount > 1 || message.pass > 1 ? await batches.read(name, batch) : undefined;

    for (;;) {
      const now = clock.now();
      if (item?.state === "done") return { kind: "done" };
      if (item?.state === "claimed") {
        const left = item.leaseUntil - now;
        if (left >= 0) return { kind: "give-back", afterMs: Math.min(left + 1_000, 10_000) };
        const settled = await batches.settle(name, item);
        item = settled === false ? await batches.read(name, batch) : settled;
        continue;
      }
      const situation = await glance(message);
      if (situation === undefined) return { kind: "done" };
      const may = maySend(situation.campaign, situation.account, now);
      if (may.kind === "never") return { kind: "done" };
      if (may.kind !== "yes") return park(situation);

      const outcomes = new Map<number, Outcome>(item?.outcomes.map((outcome) => [outcome.row, outcome]));
      const skipped: Outcome[] = message.skipped
        .filter(({ row }) => !isFinalIn(outcomes, row))
        .map(({ row, detail }) => ({ row, status: "skipped", detail, attempts: outcomes.get(row)?.attempts ?? 0 }));
      for (const outcome of skipped) outcomes.set(outcome.row, outcome);
      const left = message.rows.filter(({ row }) => !isFinalIn(outcomes, row));

      const used = await secret.current();
      if (used === undefined && left.length > 0) {
        await pauseForCredentials(
          situation.account.epoch,
          "No credentials for Enswitch are set yet. Store them; sending then begins by itself.",
          undefined,
        );
        return park(situation);
      }
      if (now > latest) return { kind: "give-back", afterMs: 1_000 };
      if (flight.hangs()) {
        const { epoch } = situation.account;
        flight.stop(epoch);
        await holding((state, at) => holdUnanswered(state, epoch, "Enswitch leaves calls unanswered", at));
        recent.clear();
        continue;
      }
      if (left.length > 0 && !flight.hasRoom(rateOf(situation.account, deps.ceiling))) {
        await clock.sleepUntil(now + 100);
        continue;
      }

      const grant: Grant | undefined = left.length === 0 ? undefined : await throttle({ rows: left.length, latest });
      if (grant?.kind === "too-late") {
        return { kind: "give-back", afterMs: Math.min(Math.max(1_000, grant.free - clock.now() - 1_000), 10 * 60_000) };
      }
      if (grant?.kind === "closed") {
        recent.clear();
        if (grant.gateway.kind !== "probing") continue;
        if (clock.now() - waitedFrom > probePatienceMs) return { kind: "give-back", afterMs: 2_000 };
        await clock.sleepUntil(clock.now() + 200);
        continue;
      }

      const firing = left.slice(0, grant?.slots.length ?? 0);
      const prepared: { row: SendRow; call: PreparedCall | MissingAttachment; before: Outcome | undefined }[] = [];
      if (grant !== undefined && used !== undefined) {
        enswitch.warm(Math.min(firing.length, Math.ceil(300 / intervalMs(grant.rate)) + 1));
        try {
          for (const row of firing)
            prepared.push({ row, call: await enswitch.prepare(row, used), before: outcomes.get(row.row) });
        } catch (error) {
          await releaseProbe(grant.probe);
          throw error;
        }
        await clock.sleepUntil((grant.slots[0] ?? now) - claimLeadMs);
      }

      const request = {
        campaign: name,
        batch,
        prev,
        rows: message.rows.length + message.skipped.length,
        firing: firing.map(({ row }) => row),
        leaseUntil: deadline + deps.leaseSlackMs,
        expiresAt: situation.campaign.retainUntil,
      };
      const result = await batches.claim(request, item);
      if (result.kind !== "claimed") {
        await releaseProbe(grant?.probe);
        item = result.item;
        continue;
      }

      const { claim } = result;
      const fresh: Outcome[] = [];
      let slots = grant;
      let unfired = prepared;
      let after: Situation | undefined;
      for (;;) {
        after = await lookClaimed(message, claim, [...outcomes.values()]);
        if (!stands(after, slots)) after = undefined;
        if (after === undefined || slots === undefined || used === undefined) {
          await releaseProbe(slots?.probe);
          break;
        }
        const fired = await fire(unfired, slots, after, claim, used);
        for (const outcome of fired) outcomes.set(outcome.row, outcome);
        fresh.push(...fired);
        // Rows that came too late for their slots get new ones under the same claim.
        unfired = unfired.filter(({ row }) => !fired.some((outcome) => outcome.row === row.row));
        if (unfired.length === 0 || !flight.mayFire(slots.epoch, used.version ?? "") || !flight.hasRoom(slots.rate))
          break;
        const again =
          clock.now() > latest ? undefined : await askAgain(claim, outcomes, { rows: unfired.length, latest });
        if (again?.kind !== "slots") break;
        slots = again;
        await clock.sleepUntil((slots.slots[0] ?? now) - claimLeadMs);
      }
      const recorded = await record(
        claim,
        [...outcomes.values()].sort((a, b) => a.row - b.row),
      );
      recent.clear();
      if (recorded === false) {
        log.warn("A batch was recorded after its lease had been settled; its rows stay unknown.", {
          campaign: name,
          batch,
        });
        return { kind: "done" };
      }
      if (after !== undefined) {
        await tally(after, [...fresh, ...skipped]).catch((error: unknown) =>
          log.error("A tally was not written; it is only a hint.", error),
        );
      }
      item = recorded;
    }
  };

  /** Whether slots reserved earlier may still be used. */
  function stands(after: Situation | undefined, slots: Extract<Grant, { kind: "slots" }> | undefined): boolean {
    if (after === undefined || maySend(after.campaign, after.account, clock.now()).kind !== "yes") return false;
    return slots === undefined || after.account.epoch === slots.epoch;
  }

  /** Looks again after the claim; when that fails, the claim is given back with what is known. */
  async function lookClaimed(
    message: BatchMessage,
    claim: Claim,
    outcomes: readonly Outcome[],
  ): Promise<Situation | undefined> {
    try {
      return await look(message);
    } catch (error) {
      await record(claim, outcomes);
      throw error;
    }
  }

  /** Asks for slots under a claim; when that fails, the claim is given back with what is known. */
  async function askAgain(claim: Claim, outcomes: ReadonlyMap<number, Outcome>, ask: Ask): Promise<Grant> {
    try {
      return await throttle(ask);
    } catch (error) {
      await record(claim, [...outcomes.values()]);
      throw error;
    }
  }
}

const isFailure = (consequence: Consequence): consequence is Extract<Consequence, { kind: "unknown" | "not-sent" }> =>
  consequence.kind === "unknown" || consequence.kind === "not-sent";

const isFinalIn = (outcomes: ReadonlyMap<number, Outcome>, row: number) => {
  const outcome = outcomes.get(row);
  return outcome !== undefined && isFinal(outcome);
};

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
