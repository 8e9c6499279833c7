import { rateOf } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import { intervalMs } from "../account/slots.ts";
import type { Ask, Grant, Seen } from "../account/throttle.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import { maySend } from "../campaign/may-send.ts";
import type { Credentials, MissingAttachment, PreparedCall } from "../enswitch/enswitch.ts";
import type { Gate, SendParameters, Verdict } from "../enswitch/verdict.ts";
import type { BatchItem } from "../ledger/batch-item.ts";
import type { Batches, Claim } from "../ledger/batches.ts";
import { isFinal, type Outcome } from "../ledger/outcome.ts";
import { BatchMessage, type SendRow } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Enqueue, Handled } from "../ports/queue.ts";
import { readJson } from "../read-json.ts";
import { createAftermath } from "./consequences.ts";
import { createFireRows, type Fired, type ReadyRow, type Slots } from "./fire-rows.ts";
import type { Flight } from "./flight.ts";
import { createSituations, type Situation } from "./send-state.ts";
import { createTally } from "./tally.ts";

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

/** How long a message waits in the execution while another row is the probe, or meets a refusal, before it is given back. */
const probePatienceMs = 3_000;

/** How long calls under way keep the next row waiting before it is looked at again. */
const fullMs = 100;

/** How often a message asks whether that is over. */
const probePollMs = 200;

/** How long opening connections may take without making the first rows of a batch late. */
const connectMs = 300;

/** What a batch has come to: its rows' outcomes, and the rows that may still be fired. */
interface Standing {
  readonly outcomes: Map<number, Outcome>;
  /** Outcomes that are new since the ledger's item: rows suppressed after the plan. */
  readonly skipped: readonly Outcome[];
  readonly left: readonly SendRow[];
}

/**
 * Sends a batch: reserve, claim, look again, fire, record; as often as it takes, and never a row that was not proven
 * unsent. Never throws for a row; throws when the ledger cannot be reached, before anything was fired or after
 * everything that could be noted was.
 */
export function createSendBatch(deps: SendBatchDeps) {
  const { campaigns, batches, throttle, flight, enswitch, secret, clock, log } = deps;
  const situations = createSituations(deps);
  const aftermath = createAftermath(deps);
  const tally = createTally(deps);
  const fireRows = createFireRows({ ...deps, aftermath });

  /** Notes that this pass has met a closed door: the reporter begins the next one when it opens. */
  const park = async ({ campaign }: Situation): Promise<Handled> => {
    if (campaign.parked !== campaign.pass)
      await campaigns.change(campaign, { pass: campaign.pass }, { parked: campaign.pass });
    return done;
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

  /** Everything that takes time before a call: its attachments and its encoding. */
  const prepare = async (rows: readonly SendRow[], outcomes: Standing["outcomes"], used: Credentials, slots: Slots) => {
    enswitch.warm(Math.min(rows.length, Math.ceil(connectMs / intervalMs(slots.rate)) + 1));
    const ready: ReadyRow[] = [];
    for (const row of rows) ready.push({ row, call: await enswitch.prepare(row, used), before: outcomes.get(row.row) });
    return ready;
  };

  /** Waits for the moment to claim, before the first slot. */
  const beforeFirst = (slots: Slots) => clock.sleepUntil((slots.slots[0] ?? 0) - claimLeadMs);

  /** Whether slots reserved earlier may still be used. */
  const stands = ({ campaign, account }: Situation, slots: Slots | undefined): boolean =>
    maySend(campaign, account, clock.now()).kind === "yes" && (slots === undefined || account.epoch === slots.epoch);

  /**
   * Fires claimed rows at their slots, if nothing has changed. Adds what came of it to `outcomes`; returns the situation
   * they were fired in and whether some missed their slots, `undefined` when none was fired. Rows that came too late are
   * left to the next claim: this one would stand while they wait for slots behind everybody else's, with all that its
   * batch has done in doubt should the machine die.
   */
  const fireClaimed = async (
    message: BatchMessage,
    claim: Claim,
    ready: readonly ReadyRow[],
    slots: Slots | undefined,
    used: Credentials | undefined,
    outcomes: Standing["outcomes"],
  ): Promise<(Situation & Pick<Fired, "missed">) | undefined> => {
    // Only a look after the claim can be believed: whoever ends a campaign waits for the claims made before.
    const situation = await situations.look(message);
    if (situation === undefined || !stands(situation, slots)) {
      await aftermath.releaseProbe(slots?.probe);
      return undefined;
    }
    if (slots === undefined || used === undefined) return { ...situation, missed: false };
    const fired = await fireRows(ready, { slots, situation, claim, used });
    for (const outcome of fired.outcomes) outcomes.set(outcome.row, outcome);
    return { ...situation, missed: fired.missed };
  };

  const tallyFailed = (error: unknown) => log.error("A tally was not written; it is only a hint.", error);

  const handle = async (body: string, receiveCount: number, deadline: number): Promise<Handled> => {
    const message = readMessage(body, log);
    if (message === undefined) return done;
    const { campaign: name, batch, prev } = message;
    const latest = deadline - deps.answerTimeoutMs - wrapUpMs;
    const since = clock.now();
    // Only a message seen before, or fed again, can be of a batch that the ledger knows already.
    let item = receiveCount > 1 || message.pass > 1 ? await batches.read(name, batch) : undefined;
    let missed = false;

    for (;;) {
      const now = clock.now();
      if (item?.state === "done") return done;
      if (item?.state === "claimed") {
        const lease = item.leaseUntil - now;
        if (lease >= 0) return giveBack(Math.min(lease + 1_000, 10_000));
        const settled = await batches.settle(name, item);
        item = settled === false ? await batches.read(name, batch) : settled;
        continue;
      }

      const situation = await situations.glance(message);
      if (situation === undefined) return done;
      const may = maySend(situation.campaign, situation.account, now);
      if (may.kind === "never") return done;
      if (may.kind !== "yes") return park(situation);

      const { outcomes, skipped, left } = standingOf(message, item);
      const used = await secret.current();
      if (used === undefined && left.length > 0) {
        await aftermath.lacksCredentials(situation.account.epoch);
        return park(situation);
      }
      if (now > latest) return giveBack(1_000);
      const { epoch } = situation.account;
      if (flight.hangs() || (left.length > 0 && flight.isStopped(epoch))) {
        // The account is told, or this execution would go on claiming what it will not fire.
        await aftermath.stops(epoch);
        situations.forget();
        continue;
      }
      if (used !== undefined && left.length > 0 && !flight.mayFire(epoch, used.version ?? "")) {
        // Refused credentials: whoever met that is reading the secret afresh, or pausing the account.
        situations.forget();
        if (now - since > probePatienceMs) return giveBack(2_000);
        await clock.sleepUntil(now + probePollMs);
        continue;
      }
      if (left.length > 0 && !flight.hasRoom(rateOf(situation.account, deps.ceiling))) {
        await clock.sleepUntil(now + fullMs);
        continue;
      }

      // The next free slots are behind those of all other executions. This one would stay open for them, and send nothing
      // else meanwhile; whoever is invoked next takes them along with a full load.
      if (missed && left.length > 0) return giveBack(0);

      const grant = left.length === 0 ? undefined : await throttle({ rows: left.length, latest });
      if (grant?.kind === "too-late") {
        return giveBack(Math.min(Math.max(1_000, grant.free - clock.now() - 1_000), 10 * 60_000));
      }
      if (grant?.kind === "closed") {
        situations.forget();
        if (grant.gateway.kind !== "probing") continue;
        if (clock.now() - since > probePatienceMs) return giveBack(2_000);
        await clock.sleepUntil(clock.now() + probePollMs);
        continue;
      }

      let ready: readonly ReadyRow[] = [];
      if (grant !== undefined && used !== undefined) {
        try {
          ready = await prepare(left.slice(0, grant.slots.length), outcomes, used, grant);
        } catch (error) {
          await aftermath.releaseProbe(grant.probe);
          throw error;
        }
        await beforeFirst(grant);
      }
      if (clock.now() > deadline) {
        // A machine that slept: nothing could be fired any more, and what is claimed now would only come into doubt.
        await aftermath.releaseProbe(grant?.probe);
        return giveBack(1_000);
      }

      const request = {
        campaign: name,
        batch,
        prev,
        rows: message.rows.length + message.skipped.length,
        firing: ready.map(({ row }) => row.row),
        leaseUntil: deadline + deps.leaseSlackMs,
        expiresAt: situation.campaign.retainUntil,
      };
      const result = await batches.claim(request, item);
      if (result.kind !== "claimed") {
        await aftermath.releaseProbe(grant?.probe);
        item = result.item;
        continue;
      }

      const { claim } = result;
      const known = new Set(outcomes.values());
      const fired = await fireClaimed(message, claim, ready, grant, used, outcomes).catch(async (error: unknown) => {
        // The ledger failed in between: the claim is given back with what is known.
        await record(claim, [...outcomes.values()]);
        throw error;
      });
      const recorded = await record(claim, [...outcomes.values()]);
      if (recorded === false) {
        log.warn("A batch was recorded after its lease had been settled; its rows stay unknown.", {
          campaign: name,
          batch,
        });
        return done;
      }
      if (fired !== undefined) {
        const fresh = [...skipped, ...[...outcomes.values()].filter((outcome) => !known.has(outcome))];
        await tally.add(fired.campaign, fresh).catch(tallyFailed);
      }
      if (recorded.state === "done") return done;
      // A row was not fired, or not accepted: something is not as it was when this batch was begun.
      situations.forget();
      missed = fired?.missed === true && grant?.probe === undefined;
      item = recorded;
    }
  };

  let handling = 0;

  /** One message of the batches queue, handled until `deadline` (epoch ms). */
  return async (body: string, receiveCount: number, deadline: number): Promise<Handled> => {
    handling++;
    try {
      return await handle(body, receiveCount, deadline);
    } finally {
      // Whoever is the last writes what the others left to be written together.
      if (--handling === 0) await tally.flush().catch(tallyFailed);
    }
  };
}

const done: Handled = { kind: "done" };
const giveBack = (afterMs: number): Handled => ({ kind: "give-back", afterMs });

/** What the message's rows have come to by the ledger's item. */
function standingOf(message: BatchMessage, item: BatchItem | undefined): Standing {
  const outcomes = new Map<number, Outcome>(item?.outcomes.map((outcome) => [outcome.row, outcome]));
  const isOver = (row: number) => {
    const outcome = outcomes.get(row);
    return outcome !== undefined && isFinal(outcome);
  };
  const skipped = message.skipped
    .filter(({ row }) => !isOver(row))
    .map(
      ({ row, detail }): Outcome => ({ row, status: "skipped", detail, attempts: outcomes.get(row)?.attempts ?? 0 }),
    );
  for (const outcome of skipped) outcomes.set(outcome.row, outcome);
  return { outcomes, skipped, left: message.rows.filter(({ row }) => !isOver(row)) };
}

/** The batch in a message; `undefined`, and a line in the log without its content, when it is none. */
function readMessage(body: string, log: Log): BatchMessage | undefined {
  const parsed = BatchMessage.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  log.error("A message in the batches queue is no batch of this version; its campaign will feed it again.", undefined, {
    issues: parsed.error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`).join("; "),
  });
  return undefined;
}
