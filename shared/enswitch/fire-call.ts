import type { Dispatcher } from "undici";
import type { Endpoint } from "./endpoint.ts";
import { answerFailure, connectFailure, seconds } from "./failure.ts";
import { readVerdict } from "./read-verdict.ts";
import type { Reply } from "./reply.ts";
import type { Gate, Verdict } from "./verdict.ts";

/** A call that only waits for its slot: everything that takes time is done. Contains the password. */
export interface PreparedCall {
  readonly kind: "prepared";
  readonly body: Buffer;
  /** Struck out of whatever the server answers. */
  readonly hidden: readonly string[];
}

/** Where calls are fired, and how long each may take. */
export interface FireCallOptions {
  /** The HTTP library's pool of connections to the endpoint. */
  readonly pool: Dispatcher;
  readonly endpoint: Endpoint;
  /** Longest wait for the complete answer, from the moment the call is written. */
  readonly answerTimeoutMs: number;
  /** Longest wait for an open connection. */
  readonly connectTimeoutMs: number;
  /** Whether more has come on a connection than the answer with these headers, which has just come to its end. */
  readonly isFollowed: (headers: Reply["headers"]) => boolean;
  /** Whether the client is being closed: a call that fails unwritten was then not fired, rather than not sent. */
  readonly isDisposed: () => boolean;
}

/** Fires one call; `settled` is told, synchronously, that its verdict is known. Rejects only with what `gate` throws. */
export type FireCall = (call: PreparedCall, gate: Gate, settled: () => void) => Promise<Verdict>;

/** A verdict is some 80 characters; a server that answers with more than 64 KiB is not Enswitch. */
const longestAnswer = 65_536;

/** The same for every call. A verdict is too short to be compressed, and one that is compressed all the same is not read. */
const headers = {
  "content-type": "application/x-www-form-urlencoded",
  "accept-encoding": "identity",
  "user-agent": "bulk-send",
} as const;

/** Makes single calls of `messages/text/send`. A call that its gate has admitted is never written twice. */
export function createFireCall(options: FireCallOptions): FireCall {
  const { pool, endpoint, answerTimeoutMs, connectTimeoutMs, isDisposed } = options;
  const request: Dispatcher.DispatchOptions = {
    method: "POST",
    path: endpoint.url.pathname,
    headers,
    // Unless a call is idempotent, undici neither pipelines nor repeats it.
    idempotent: false,
  };

  return (call, gate, settled) => {
    const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
    let phase: "connecting" | "written" | "settled" = "connecting";
    let abort = () => {};
    const reply = createReplyReader();

    const settle = (finish: () => void) => {
      if (phase === "settled") return;
      phase = "settled";
      clearTimeout(timer);
      settled();
      finish();
    };
    const give = (verdict: Verdict) => settle(() => resolve(verdict));
    const giveUp = (cause: string) => {
      give({ kind: "unknown", cause });
      abort();
    };

    // A call that is given up here can still reach the front of the library's queue: there it finds itself settled.
    let timer = setTimeout(
      () => give({ kind: "not-sent", cause: `no connection to ${endpoint.host} within ${seconds(connectTimeoutMs)}` }),
      connectTimeoutMs,
    );

    const start = (controller: Dispatcher.DispatchController) => {
      if (phase === "connecting" && admitted(gate, (error) => settle(() => reject(error)))) {
        phase = "written";
        clearTimeout(timer);
        abort = () => controller.abort(new Withdrawn());
        timer = setTimeout(
          () => giveUp(`no complete answer from ${endpoint.host} within ${seconds(answerTimeoutMs)}`),
          answerTimeoutMs,
        );
        return;
      }
      if (phase === "written") give({ kind: "unknown", cause: answerFailure(undefined, endpoint.host) });
      else give({ kind: "not-fired" });
      // Throwing here takes the call back before its first byte, or keeps it from being written again.
      throw new Withdrawn();
    };
    const fail = (error: unknown) => {
      if (phase === "written") give({ kind: "unknown", cause: answerFailure(error, endpoint.host) });
      else if (isDisposed()) give({ kind: "not-fired" });
      else give({ kind: "not-sent", cause: connectFailure(error, endpoint.host, connectTimeoutMs) });
    };

    pool.dispatch(
      { ...request, body: call.body },
      {
        onRequestStart: start,
        onResponseStart: (_controller, status, headers) => reply.start(status, headers),
        onResponseData: (_controller, chunk) => {
          if (!reply.add(chunk)) giveUp(`the answer of ${endpoint.host} is longer than 64 KiB`);
        },
        onResponseEnd: () => give(judge(reply.whole(), call.hidden, options)),
        onResponseError: (_controller, error) => fail(error),
      },
    );
    return promise;
  };
}

/** What an answer that has just been read says. What comes along with it may contradict it. */
function judge(reply: Reply, hidden: readonly string[], { endpoint, isFollowed }: FireCallOptions): Verdict {
  if (!isFollowed(reply.headers)) return readVerdict(reply, { endpoint: endpoint.name, now: Date.now(), hidden });
  return { kind: "unknown", cause: `${endpoint.host} sent more than one answer, or one that is longer than it says` };
}

/** Puts together one HTTP reply. */
function createReplyReader() {
  let status = 0;
  let headers: Reply["headers"] = {};
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    start: (code: number, fields: Reply["headers"]) => {
      status = code;
      headers = fields;
    },
    /** `false` when the reply has become too long; the chunk is then dropped. */
    add: (chunk: Buffer): boolean => {
      length += chunk.length;
      if (length > longestAnswer) return false;
      chunks.push(chunk);
      return true;
    },
    whole: (): Reply => ({ status, headers, body: Buffer.concat(chunks).toString("utf8") }),
  };
}

/** The reason given to the HTTP library when a call is taken back or cut off; nobody else sees it. */
class Withdrawn extends Error {
  override readonly name = "Withdrawn";
}

function admitted(gate: Gate, failed: (error: unknown) => void): boolean {
  try {
    return gate();
  } catch (error) {
    failed(error);
    return false;
  }
}
