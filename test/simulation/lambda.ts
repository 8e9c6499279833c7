import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Machine } from "./machine.ts";
import type { SimQueue } from "./queue.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A function's handler, once its module has been loaded on a machine. */
export type Handler = (
  event: SQSEvent,
  context: { getRemainingTimeInMillis: () => number },
) => Promise<SQSBatchResponse>;

/** A function that processes a queue. */
export interface SimFunction {
  /** Checks whether there is anything to receive. */
  poll(): void;
  /** From now on new executions run other code or settings; those under way finish as they are. */
  deploy(load: (machine: Machine) => Handler): void;
  /** Every machine dies at once. */
  restart(): void;
  readonly machines: ReadonlySet<Machine>;
}

/** A function and its event source mapping: receives messages, runs the handler, deletes what was handled, and freezes the machine between invocations. */
export function createSimFunction(deps: {
  name: string;
  time: VirtualTime;
  random: Random;
  queue: () => SimQueue;
  batchSize: number;
  maxConcurrency: number;
  timeoutSeconds: number;
  /** Starts a machine; `onDeath` is called when it dies. */
  start: (name: string, onDeath: () => void) => Machine;
  load: (machine: Machine) => Handler;
  /** Until when acknowledgements may be lost, and how often they are. */
  faults: { readonly until: number; readonly lostAcknowledgements: number; readonly coldStarts: number };
  trace: (what: string) => void;
}): SimFunction {
  const { name, time, random, batchSize, maxConcurrency, faults, trace } = deps;
  interface Environment {
    machine: Machine;
    handler: Handler;
    generation: number;
  }
  let idle: Environment[] = [];
  const machines = new Set<Machine>();
  /** What to do about a machine's current invocation when it dies. */
  const deaths = new Map<Machine, () => void>();
  let running = 0;
  let generation = 0;
  let load = deps.load;
  let started = 0;
  let polling: number | undefined;

  const pollAt = (at: number) => {
    if (polling !== undefined && polling <= at) return;
    polling = at;
    time.at(at, () => {
      if (polling !== at) return;
      polling = undefined;
      receive();
    });
  };
  const poll = () => {
    const next = deps.queue().nextAt();
    if (next !== undefined && running < maxConcurrency) pollAt(Math.max(next, time.now()) + random.int(1, 60));
  };

  const receive = () => {
    while (running < maxConcurrency) {
      const messages = deps.queue().receive(random.chance(0.3) ? random.int(1, batchSize) : batchSize);
      if (messages.length === 0) break;
      invoke(messages);
    }
    poll();
  };

  const environment = (): Environment => {
    const reused = random.chance(faults.coldStarts) ? undefined : idle.pop();
    if (reused !== undefined) return reused;
    const machine: Machine = deps.start(`${name}-${++started}`, () => {
      machines.delete(machine);
      idle = idle.filter((other) => other.machine !== machine);
      deaths.get(machine)?.();
    });
    machines.add(machine);
    return { machine, handler: load(machine), generation };
  };
  const invoke = (messages: ReturnType<SimQueue["receive"]>) => {
    running++;
    const own = environment();
    const { machine, handler } = own;
    trace(`${machine.name} is given ${messages.map(({ id, receives }) => `${id} (${receives})`).join(", ")}`);
    const begins = time.now() + random.int(5, 400);
    const deadline = begins + deps.timeoutSeconds * 1000;
    let over = false;

    const release = (after: number) => {
      if (over) return false;
      over = true;
      time.at(time.now() + after, () => {
        running--;
        poll();
      });
      return true;
    };
    deaths.set(machine, () => release(random.int(10, 1_000)));
    const stop = () => {
      if (over || machine.isDead()) return;
      trace(`${machine.name} is stopped at its deadline`);
      release(0);
      if (!machine.isFrozen()) return machine.die();
      // When it thaws, it runs for a moment before it is stopped.
      const late = () => {
        if (machine.isDead()) return;
        if (machine.isFrozen()) time.at(time.now() + 5_000, late);
        else machine.die();
      };
      time.at(time.now() + random.int(5_000, 60_000), late);
    };
    time.at(deadline, stop);

    machine.thaw();
    const event: SQSEvent = {
      Records: messages.map(({ id, receipt, body, receives, sentAt }) => ({
        messageId: id,
        receiptHandle: receipt,
        body,
        attributes: {
          ApproximateReceiveCount: String(receives),
          SentTimestamp: String(sentAt),
          SenderId: "",
          ApproximateFirstReceiveTimestamp: "",
        },
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: "",
        awsRegion: "",
      })),
    };
    const returned = (response: SQSBatchResponse | undefined) => {
      if (machine.isDead()) return;
      // Whatever is still pending stays frozen with the machine until its next invocation.
      machine.freeze();
      const timely = release(random.int(1, 20));
      if (!timely) return machine.die();
      if (own.generation === generation) idle.push(own);
      else machine.die();
      if (response === undefined) return;
      const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = messages.filter(({ id }) => !failed.has(id)).map(({ receipt }) => receipt);
      if (time.now() < faults.until && random.chance(faults.lostAcknowledgements)) return;
      time.at(time.now() + random.int(1, 100), () => deps.queue().remove(done));
    };
    machine.step(begins, () => {
      const context = { getRemainingTimeInMillis: () => Math.max(0, deadline - time.now()) };
      handler(event, context).then(returned, (error: unknown) => {
        trace(`${machine.name} fails: ${error instanceof Error ? error.message : String(error)}`);
        returned(undefined);
      });
    });
  };

  const retire = () => {
    for (const { machine } of [...idle]) machine.die();
    idle = [];
  };

  return {
    poll,
    deploy: (next) => {
      load = next;
      generation++;
      retire();
    },
    restart: () => {
      for (const machine of [...machines]) machine.die();
      idle = [];
    },
    machines,
  };
}
