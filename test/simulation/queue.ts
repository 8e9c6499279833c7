import { type Enqueue, refuseLongMessages, refuseWrongDelay } from "../../shared/ports/queue.ts";
import type { Random } from "./random.ts";
import type { ServiceCall } from "./service-calls.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What goes wrong with a queue's messages. Probabilities are per message. */
export interface QueueFaults {
  readonly until: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly delayed: number;
  readonly longestDelayMs: number;
  /** Everything that is put into it in this span is lost, epoch ms. */
  readonly away?: { readonly from: number; readonly until: number };
}

/** A message as it was received. */
export interface Received {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  readonly receives: number;
  readonly sentAt: number;
}

/** A simulated SQS queue. */
export interface SimQueue {
  /** The queue as one machine puts messages into it. */
  through(call: ServiceCall): Enqueue;
  /** Puts messages into it at once; without a delay they have the queue's own. */
  put(bodies: readonly string[], delaySeconds?: number): void;
  receive(most: number): readonly Received[];
  /** Removes messages by their receipts; a receipt from before the latest receive does nothing. */
  remove(receipts: readonly string[]): void;
  changeVisibility(receipt: string, seconds: number): void;
  purge(): void;
  /** When the next message can be received, epoch ms. */
  nextAt(): number | undefined;
  size(): number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
}

/** An empty queue. `changed` is called when something may have become visible sooner than before. */
export function createSimQueue(deps: {
  name: string;
  time: VirtualTime;
  random: Random;
  faults: QueueFaults;
  delaySeconds: number;
  visibilitySeconds: number;
  maxReceives: number;
  observe: (body: string) => void;
  changed: () => void;
}): SimQueue {
  const { name, time, random, faults } = deps;
  const messages = new Map<string, Message>();
  let ids = 0;

  const add = (body: string, visibleAt: number) => {
    const id = `${name}-${++ids}`;
    messages.set(id, { id, body, sentAt: time.now(), visibleAt, receives: 0 });
  };
  const owner = (receipt: string): Message | undefined => {
    const [id = "", receives] = receipt.split("/");
    const message = messages.get(id);
    return message !== undefined && String(message.receives) === receives ? message : undefined;
  };

  const put = (bodies: readonly string[], delaySeconds = deps.delaySeconds) => {
    for (const body of bodies) {
      deps.observe(body);
      const { away } = faults;
      if (away !== undefined && time.now() >= away.from && time.now() < away.until) continue;
      const faulty = time.now() < faults.until;
      let visibleAt = time.now() + 1000 * delaySeconds;
      if (faulty && random.chance(faults.delayed)) visibleAt += random.spread(100, faults.longestDelayMs);
      if (!(faulty && random.chance(faults.lost))) add(body, visibleAt);
      if (faulty && random.chance(faults.duplicated)) add(body, visibleAt + random.int(0, 50));
    }
    deps.changed();
  };

  return {
    put,
    through: (call) => async (bodies, delaySeconds) => {
      refuseWrongDelay(delaySeconds);
      refuseLongMessages(bodies);
      await call("enqueue", () => put(bodies, delaySeconds));
    },
    receive: (most) => {
      const now = time.now();
      const visible = [...messages.values()].filter(({ visibleAt }) => visibleAt <= now);
      // A standard queue keeps the order only roughly.
      if (random.chance(0.2)) visible.sort(() => random.next() - 0.5);
      const taken: Received[] = [];
      for (const message of visible) {
        if (taken.length === most) break;
        message.receives++;
        if (message.receives > deps.maxReceives) {
          messages.delete(message.id);
          continue;
        }
        message.visibleAt = now + deps.visibilitySeconds * 1000;
        const { id, body, receives, sentAt } = message;
        taken.push({ id, receipt: `${id}/${receives}`, body, receives, sentAt });
        // At least once: the same message may be handed out again at any time.
        if (now < faults.until && random.chance(faults.duplicated)) message.visibleAt = now + random.spread(1, 5_000);
      }
      return taken;
    },
    remove: (receipts) => {
      for (const receipt of receipts) {
        const message = owner(receipt);
        if (message !== undefined) messages.delete(message.id);
      }
    },
    changeVisibility: (receipt, seconds) => {
      const message = owner(receipt);
      if (message === undefined) return;
      message.visibleAt = time.now() + seconds * 1000;
      deps.changed();
    },
    purge: () => messages.clear(),
    nextAt: () => {
      let next: number | undefined;
      for (const { visibleAt } of messages.values()) next = Math.min(next ?? visibleAt, visibleAt);
      return next;
    },
    size: () => messages.size,
  };
}
