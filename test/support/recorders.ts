import type { OutgoingEvent, Publish } from "../../shared/ports/events.ts";
import type { Log } from "../../shared/ports/log.ts";
import type { MetricName, Metrics } from "../../shared/ports/metrics.ts";
import { type Enqueue, refuseLongMessages, refuseWrongDelay } from "../../shared/ports/queue.ts";

/** A queue that records what was put into it, call by call. */
export interface RecordedQueue {
  readonly enqueue: Enqueue;
  readonly calls: { readonly bodies: readonly string[]; readonly delaySeconds: number | undefined }[];
  bodies(): string[];
  /** Called before every call; what it throws fails the call, and nothing is accepted. */
  fault: () => void;
}

/** An empty queue. */
export function createRecordedQueue(): RecordedQueue {
  const queue: RecordedQueue = {
    calls: [],
    fault: () => {},
    bodies: () => queue.calls.flatMap(({ bodies }) => bodies),
    enqueue: async (bodies, delaySeconds) => {
      queue.fault();
      refuseWrongDelay(delaySeconds);
      refuseLongMessages(bodies);
      queue.calls.push({ bodies: [...bodies], delaySeconds });
    },
  };
  return queue;
}

/** Events as they were accepted. */
export interface RecordedEvents {
  readonly publish: Publish;
  readonly events: OutgoingEvent[];
  /** `name state` of each. */
  told(): string[];
  /** Called before every event; what it throws fails it, and it is not accepted. */
  fault: () => void;
}

/** Nothing published yet. */
export function createRecordedEvents(): RecordedEvents {
  const recorded: RecordedEvents = {
    events: [],
    told: () => recorded.events.map(({ detail }) => `${detail["name"]} ${detail["state"]}`),
    fault: () => {},
    publish: async (event) => {
      recorded.fault();
      recorded.events.push(structuredClone(event));
    },
  };
  return recorded;
}

/** A log that records its lines, as `level: message`. */
export function createRecordedLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => {
    lines.push(`${level}: ${message}`);
  };
  return { log: { info: at("info"), warn: at("warn"), error: at("error") }, lines };
}

/** Metrics added up. */
export function createRecordedMetrics(): { readonly metrics: Metrics; readonly sums: Map<MetricName, number> } {
  const sums = new Map<MetricName, number>();
  return { metrics: { add: (name, value) => sums.set(name, (sums.get(name) ?? 0) + value) }, sums };
}

/** Mails, recorded as they were sent. */
export function createRecordedMails() {
  const mails: { readonly subject: string; readonly text: string }[] = [];
  return {
    mails,
    mail: async (subject: string, text: string) => {
      mails.push({ subject, text });
    },
  };
}
