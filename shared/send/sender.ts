import { takeSlots } from "../account/account.ts";
import { createAccountStore } from "../account/account-store.ts";
import type { DayLimit } from "../account/day-limit.ts";
import { createPacer } from "../account/pacer.ts";
import { type AnswerStats, createThrottle } from "../account/throttle.ts";
import { createCampaigns } from "../campaign/campaigns.ts";
import { createConnections } from "../enswitch/connections.ts";
import { parseEndpoint } from "../enswitch/endpoint.ts";
import { type Credentials, createEnswitch, defaultConnectTimeoutMs, type Enswitch } from "../enswitch/enswitch.ts";
import { createOpener, type Opener } from "../enswitch/opener.ts";
import { createBatches } from "../ledger/batches.ts";
import { createLaterOptOuts } from "../opt-outs/later-opt-outs.ts";
import type { Bucket } from "../ports/bucket.ts";
import type { Clock, FreshToken } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Enqueue, Handled, QueueMessage } from "../ports/queue.ts";
import type { Table } from "../ports/table.ts";
import { createClaimLead } from "./claim-lead.ts";
import { createClaimWindow } from "./claim-window.ts";
import { createFlight } from "./flight.ts";
import { leaseSlackMs, probeSlackMs } from "./lease.ts";
import { createLoadAttachment } from "./load-attachment.ts";
import { createSendBatch } from "./send-batch.ts";

/** What the sender depends on. */
export interface SenderDeps {
  readonly table: Table;
  readonly attachments: Pick<Bucket, "get">;
  readonly secret: { current(): Promise<Credentials | undefined>; refresh(): Promise<Credentials | undefined> };
  readonly nudge: Enqueue;
  readonly endpoint: string;
  /** Certificates (PEM) of a private authority, trusted in place of the system's. */
  readonly ca: string | undefined;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  /** The stack's limit of calls a day; `undefined`: none. */
  readonly dayLimit: DayLimit | undefined;
  /** The fastest that one execution sends, calls per second; `undefined`: as on AWS. */
  readonly laneRate: number | undefined;
  /** When a message is received again whose row missed its slot while another execution sends, ms; `undefined`: as on AWS. */
  readonly afterOthersMs: number | undefined;
  /** How many executions may run at once. */
  readonly consumers: number;
  readonly answerTimeoutMs: number;
  /** How often outcomes are noted while their batch is under way, milliseconds; `undefined`: only its end is recorded. */
  readonly noteEveryMs: number | undefined;
  readonly clock: Clock;
  readonly freshToken: FreshToken;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Makes the client of one execution; the simulation has its own. */
  readonly connect?: () => Enswitch;
  /** How slots are handed out; the simulation plants mistakes in it. */
  readonly takeSlots?: typeof takeSlots;
  /** Paces the calls of one execution; the simulation plants mistakes in it. */
  readonly createPacer?: typeof createPacer;
}

/** One execution of the sender: its connections and slots, which end with it. */
export interface Execution extends AsyncDisposable {
  /** Handles one message of the batches queue until `deadline` (epoch ms). */
  handle(message: QueueMessage, deadline: number): Promise<Handled>;
}

/** Executions in one environment. */
export interface Sender {
  begin(): Execution;
  /**
   * Does what an environment does for the first time, before there is work: a read of the ledger and of the secret, a
   * connection. A function's start has a whole processor and its first calls only a share: they would miss their slots. Tries
   * for two seconds; never throws, because whatever fails here will be met and reported by the first call.
   */
  rehearse(): Promise<void>;
}

/** How long a rehearsal may hold up an environment's start, milliseconds; Lambda gives it ten seconds. */
const rehearsalMs = 2_000;

/**
 * Makes executions. What outlives one is what it has seen of answers and claims, such as how long they take, and what makes
 * opening connections cheap; its sockets don't, because they could die unseen while the environment is frozen.
 */
export function createSender(deps: SenderDeps): Sender {
  const { clock, laneRate, answerTimeoutMs, takeSlots: take = takeSlots } = deps;
  const campaigns = createCampaigns(deps.table);
  const batches = createBatches(deps);
  const laterOptOuts = createLaterOptOuts(deps);
  const opener = createOpener({
    url: parseEndpoint(deps.endpoint).url,
    connectTimeoutMs: defaultConnectTimeoutMs,
    ca: deps.ca,
  });
  const connect = deps.connect ?? createConnect(deps, opener);
  const answerStats: AnswerStats = { answered: false, accepted: false, answerMs: 0 };
  const claimLead = createClaimLead();
  const claimWindow = createClaimWindow(clock);

  const begin = (): Execution => {
    const enswitch = connect();
    const account = createAccountStore(deps);
    const flight = createFlight({ ...deps, answerStats });
    const pacer = (deps.createPacer ?? createPacer)(clock, laneRate);
    const own = { account, answerStats, unused: [] as number[], pacer };
    const throttle = createThrottle({
      ...deps,
      ...own,
      probeLeaseMs: answerTimeoutMs + probeSlackMs,
      takeSlots: (state, request, now) => take(state, { ...request, leadMs: claimLead.fromAskingMs() }, now),
    });
    const sendBatch = createSendBatch({
      ...deps,
      ...own,
      campaigns,
      batches,
      laterOptOuts,
      throttle,
      flight,
      claimLead,
      claimWindow,
      enswitch,
      leaseSlackMs,
    });
    return {
      handle: ({ body, receiveCount }, deadline) => sendBatch(body, receiveCount, deadline),
      [Symbol.asyncDispose]: () => enswitch[Symbol.asyncDispose](),
    };
  };

  const rehearse = async (): Promise<void> => {
    await using connections = createConnections(opener);
    const parts = [createAccountStore(deps).read(), deps.secret.current(), connections.open()];
    await Promise.race([Promise.allSettled(parts), clock.sleepUntil(clock.now() + rehearsalMs)]);
  };
  return { begin, rehearse };
}

/** Makes the real client of each execution; all share an opener. */
function createConnect({ endpoint, answerTimeoutMs, attachments }: SenderDeps, opener: Opener): () => Enswitch {
  const loadAttachment = createLoadAttachment(attachments);
  return () => createEnswitch({ endpoint, opener, answerTimeoutMs, loadAttachment });
}
