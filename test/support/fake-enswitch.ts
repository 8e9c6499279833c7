import type { Credentials } from "../../shared/enswitch/enswitch.ts";
import type { Gate, SendParameters, Verdict } from "../../shared/enswitch/verdict.ts";
import type { Clock } from "../../shared/ports/clock.ts";

/** A call as it went out. */
export interface FiredCall {
  readonly cnumber: string;
  readonly at: number;
  readonly password: string;
}

/** Enswitch as the sender sees it, answering as it is told. */
export interface FakeEnswitch {
  prepare(
    parameters: SendParameters,
    credentials: Credentials,
  ): Promise<
    | { readonly kind: "prepared"; readonly body: Buffer; readonly hidden: readonly string[] }
    | { readonly kind: "missing-attachment"; readonly attachment: string }
  >;
  fire(call: { readonly body: Buffer }, gate: Gate): Promise<Verdict>;
  warm(connections: number): void;
  usualConnectMs(): number;
  /** Every call that went out, in order. */
  readonly fired: FiredCall[];
  /** Calls that were begun, whether they went out or not. */
  begun: number;
  /** What a call is answered; accepted unless told otherwise. */
  answer: (call: FiredCall) => Verdict;
  answerMs: number;
  /** How long a call waits for its connection before it may go out. */
  connectMs: (cnumber: string) => number;
  /** Attachments that are there no more. */
  readonly missing: Set<string>;
  /** Called when preparing; what it throws is the failure. */
  preparing: () => void;
}

/** 204. */
export const accepted: Verdict = { kind: "submitted", code: 204 };

/** An Enswitch that accepts everything after 40 ms. */
export function createFakeEnswitch(clock: Clock): FakeEnswitch {
  const enswitch: FakeEnswitch = {
    fired: [],
    begun: 0,
    answer: () => accepted,
    answerMs: 40,
    connectMs: () => 0,
    missing: new Set(),
    preparing: () => {},
    warm: () => {},
    usualConnectMs: () => 300,
    prepare: async ({ cnumber, files = [] }, { password }) => {
      enswitch.preparing();
      const gone = files.find((file) => "attachment" in file && enswitch.missing.has(file.attachment));
      if (gone !== undefined && "attachment" in gone) {
        return { kind: "missing-attachment", attachment: gone.attachment };
      }
      return { kind: "prepared", body: Buffer.from(JSON.stringify({ cnumber, password })), hidden: [password] };
    },
    fire: async ({ body }, gate) => {
      enswitch.begun++;
      const { cnumber, password } = JSON.parse(body.toString("utf8"));
      const wait = enswitch.connectMs(cnumber);
      if (wait > 0) await clock.sleepUntil(clock.now() + wait);
      if (!gate()) return { kind: "not-fired" };
      const call = { cnumber, password, at: clock.now() };
      enswitch.fired.push(call);
      await clock.sleepUntil(clock.now() + enswitch.answerMs);
      return enswitch.answer(call);
    },
  };
  return enswitch;
}
