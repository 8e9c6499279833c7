import { rateOf } from "../account/account.ts";
import type { AccountStore } from "../account/account-store.ts";
import type { DayLimit } from "../account/day-limit.ts";
import type { Pacer } from "../account/pacer.ts";
import { type AnswerStats, type Ask, type Grant, giveBackUnused } from "../account/throttle.ts";
import type { Campaigns } from "../campaign/campaigns.ts";
import type { Credentials } from "../enswitch/enswitch.ts";
import type { PreparedCall } from "../enswitch/fire-call.ts";
import type { Gate, Verdict } from "../enswitch/verdict.ts";
import type { Batches } from "../ledger/batches.ts";
import type { FedBatch, LaterOptOuts } from "../opt-outs/later-opt-outs.ts";
import { BatchMessage } from "../plan/plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Enqueue, Handled } from "../ports/queue.ts";
import { readJson } from "../read-json.ts";
import { progressNow } from "./batch-progress.ts";
import { type ClaimAndFireDeps, createClaimAndFire, tryTally } from "./claim-and-fire.ts";
import type { ClaimLead } from "./claim-lead.ts";
import type { ClaimWindow, Place } from "./claim-window.ts";
import { createConsequences } from "./consequences.ts";
import { createFireRows } from "./fire-rows.ts";
import type { Flight } from "./flight.ts";
import { type Attempt, type FlightReading, type Learned, nextStep, type Round, type Sendable } from "./next-step.ts";
import { createSendStates, type SendState } from "./send-state.ts";
import { createTally, type ExecutionTally } from "./tally.ts";

/** What sending batches depends on, for one execution of the sender. */
export interface SendBatchDeps {
  readonly campaigns: Pick<Campaigns, "read" | "change" | "count">;
  readonly batches: Pick<Batches, "read" | "claim" | "note" | "record" | "settle">;
  readonly laterOptOuts: (batch: FedBatch) => Promise<LaterOptOuts>;
  readonly account: AccountStore;
  readonly throttle: (ask: Ask) => Promise<Grant>;
  readonly answerStats: AnswerStats;
  /** Slots (epoch ms) at which no call was made, to be given back to their day. */
  readonly unused: number[];
  readonly flight: Flight;
  readonly pacer: Pick<Pacer, "wait">;
  readonly claimLead: ClaimLead;
  readonly claimWindow: ClaimWindow;
  readonly enswitch: ClaimAndFireDeps["enswitch"] & { fire(call: PreparedCall, gate: Gate): Promise<Verdict> };
  readonly secret: { current(): Promise<Credentials | undefined>; refresh(): Promise<Credentials | undefined> };
  readonly nudge: Enqueue;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** The stack's limit of calls a day; `undefined`: none. */
  readonly dayLimit: DayLimit | undefined;
  /** The fastest that one execution sends, calls per second; absent: as on AWS. */
  readonly laneRate?: number;
  /** When a message is received again whose row missed its slot while another execution sends, ms; absent: as on AWS. */
  readonly afterOthersMs?: number;
  readonly answerTimeoutMs: number;
  /** How long after the function's deadline a lease ends. */
  readonly leaseSlackMs: number;
  /** How often outcomes are noted while their batch is under way, milliseconds; absent: only its end is recorded. */
  readonly noteEveryMs?: number;
}

/** What recording and giving back may take after the last answer. */
const wrapUpMs = 5_000;

/**
 * Sends a batch: reserve, claim, look again, fire, record; as often as it takes, and never a row that may already
 * have been sent. `nextStep` decides, and this carries it out. Never throws for a row; throws when the ledger cannot be reached,
 * before anything was fired or after everything that could be recorded was.
 */
export function createSendBatch(deps: SendBatchDeps) {
  const { campaigns, batches, secret, clock, log, afterOthersMs } = deps;
  const asks = countingAsks(deps);
  const sendStates = createSendStates(deps);
  const consequences = createConsequences(deps);
  const tally = createTally(deps);
  const fireRows = createFireRows({ ...deps, consequences });
  const claimAndFire = createClaimAndFire({ ...deps, sendStates, fireRows, consequences, tally });

  /** Parks the pass, because the campaign may not send now: the reporter begins the next one when it may. */
  const park = async ({ campaign }: SendState): Promise<Handled> => {
    if (campaign.parked !== campaign.pass) {
      await campaigns.change(campaign, { pass: campaign.pass }, { parked: campaign.pass });
    }
    return done;
  };

  const readFlight = flightReader(deps, asks);

  const handle = async (message: BatchMessage, receiveCount: number, deadline: number): Promise<Handled> => {
    const { campaign: name, batch } = message;
    using place = deps.claimWindow.place();
    const latestFireAt = deadline - deps.answerTimeoutMs - wrapUpMs;
    const receivedAt = clock.now();
    // The ledger can know this batch only if its message was received before or fed again; otherwise the read is saved.
    const first = receiveCount > 1 || message.pass > 1 ? await batches.read(name, batch) : undefined;
    let round: Round = { item: first, missed: false, now: clock.now(), receivedAt, latestFireAt, afterOthersMs };
    let learned: Learned = { of: "item" };

    for (;;) {
      const step = nextStep(round, learned);
      switch (step.kind) {
        case "acknowledge":
          return done;
        case "give-back":
          if (step.stale) sendStates.invalidate();
          return { kind: "give-back", afterMs: step.afterMs };
        case "park":
          return park(step.state);
        case "pause-for-credentials":
          await consequences.lacksCredentials(step.state.account.epoch);
          return park(step.state);
        case "settle": {
          const settled = await batches.settle(name, step.item);
          learned = { of: "settling", item: settled === false ? await batches.read(name, batch) : settled };
          break;
        }
        case "read-state":
          learned = { of: "state", state: await sendStates.readRecent(message) };
          break;
        case "read-credentials": {
          const credentials = await secret.current();
          const progress = progressNow(message, round.item, step.state, clock.now());
          const reading = readFlight(step.state, credentials);
          learned = { of: "credentials", state: step.state, progress, credentials, flight: reading };
          break;
        }
        case "hold-account":
          await consequences.stops(step.epoch);
          learned = { of: "hold" };
          break;
        case "reserve":
          learned = await asks.ask(place, step.sendable, latestFireAt);
          break;
        case "claim":
          learned = attempted(await claimAndFire({ ...step, message, item: round.item, place, deadline }));
          break;
        case "begin-again":
          if (step.stale) sendStates.invalidate();
          if (step.at !== undefined) await clock.sleepUntil(step.at);
          round = { ...round, item: step.item, missed: step.missed, now: clock.now() };
          learned = { of: "item" };
          break;
        default:
          return step satisfies never;
      }
    }
  };

  let handling = 0;

  /** One message of the batches queue, handled until `deadline` (epoch ms). */
  return async (body: string, receiveCount: number, deadline: number): Promise<Handled> => {
    handling++;
    try {
      const message = readMessage(body, log);
      return message === undefined ? done : await handle(message, receiveCount, deadline);
    } finally {
      // The last message to finish writes what the others left.
      if (--handling === 0) await finish(deps, tally);
    }
  };
}

/** Writes what can wait until nothing is under way. Never throws: tallies are a hint, and a day's limit that is not reached costs nobody. */
async function finish(deps: SendBatchDeps, tally: ExecutionTally): Promise<void> {
  await tryTally(tally.flush(), deps.log);
  await giveBackUnused(deps).catch((error: unknown) =>
    deps.log.error("Slots without a call were not given back; the day's limit is reached with fewer calls.", error),
  );
}

/** Reads what the calls already made say about making another. */
const flightReader =
  ({ flight, ceiling }: SendBatchDeps, asks: ReturnType<typeof countingAsks>) =>
  ({ account }: SendState, credentials: Credentials | undefined): FlightReading => ({
    hangs: flight.surelyHangs(),
    stopped: flight.isStopped(account.epoch),
    refused: credentials !== undefined && !flight.mayFire(account.epoch, credentials.version ?? ""),
    full: flight.hangs() || !flight.hasRoom(rateOf(account, ceiling)),
    othersWait: asks.waiting() > 0,
  });

const attempted = (attempt: Attempt): Learned => ({ of: "attempt", attempt });

/** A throttle that knows how many batches wait for slots, and that only those ask which have a place. */
function countingAsks({ throttle, clock }: Pick<SendBatchDeps, "throttle" | "clock">) {
  let waiting = 0;
  return {
    waiting: () => waiting,
    ask: async (place: Place, sendable: Sendable, latest: number): Promise<Learned> => {
      waiting++;
      try {
        // A claim that came to nothing has kept it.
        place.leave(undefined);
        const grant: Grant = (await place.enter(latest))
          ? await throttle({ rows: sendable.progress.left.length, latest })
          : { kind: "too-late", firstFreeAt: clock.now() };
        if (grant.kind === "slots") place.granted();
        else place.leave(undefined);
        return { of: "slots", sendable, grant, now: clock.now() };
      } finally {
        waiting--;
      }
    },
  };
}

const done: Handled = { kind: "done" };

/** The batch in a message; `undefined`, and a line in the log without its content, when it isn't one. */
function readMessage(body: string, log: Log): BatchMessage | undefined {
  const parsed = BatchMessage.safeParse(readJson(body));
  if (parsed.success) return parsed.data;
  log.error(
    "A message in the batches queue is not a batch that this version can read; its campaign will feed it again.",
    undefined,
    {
      issues: parsed.error.issues.map(({ path, code }) => `${path.join(".")}: ${code}`).join("; "),
    },
  );
  return undefined;
}
