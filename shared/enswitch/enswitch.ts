import type { Dispatcher } from "undici";
import Pool from "undici/lib/dispatcher/pool.js";
import { createConnections } from "./connections.ts";
import { parseEndpoint } from "./endpoint.ts";
import { answerFailure, connectFailure, seconds } from "./failure.ts";
import { type FormField, formBody, formValue } from "./form-body.ts";
import { type Reply, readVerdict } from "./read-verdict.ts";
import type { Gate, SendFile, SendParameters, Verdict } from "./verdict.ts";

/** An account of Enswitch that may send messages, and which version of the secret it was read from. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly version?: string;
}

/** Content of an object under `attachments/`, or `undefined` when there is none of that name. */
export type LoadAttachment = (attachment: string) => Promise<Uint8Array | undefined>;

/** What a client needs to know. */
export interface EnswitchOptions {
  /** The whole prefix in front of `/messages/text/send/`; https, unless it is this machine. */
  readonly endpoint: string;
  /** Longest wait for the complete answer, from the moment the call is written. */
  readonly answerTimeoutMs: number;
  /** Longest wait for an open connection; 10 s when absent. */
  readonly connectTimeoutMs?: number;
  /** Certificates (PEM) of a private authority, trusted in place of the system's. */
  readonly ca?: string;
  /** Where files named by `attachment` come from; without it there are none. */
  readonly loadAttachment?: LoadAttachment;
  /** Most calls unanswered at once; one more is `not-fired`. Default 800: AWS Lambda allows 1,024 open files. */
  readonly maxInFlight?: number;
}

/** A call that only waits for its slot: everything that takes time is done. Holds the password. */
export interface PreparedCall {
  readonly kind: "prepared";
  readonly body: Buffer;
  /** Struck out of whatever the server answers. */
  readonly hidden: readonly string[];
}

/** A call that cannot be prepared: `attachment` names no object. */
export interface MissingAttachment {
  readonly kind: "missing-attachment";
  readonly attachment: string;
}

/** A client for one invocation: its sockets do not outlive it. */
export interface Enswitch {
  /** Loads attachments and encodes the call. Throws when `loadAttachment` does. */
  prepare(parameters: SendParameters, credentials: Credentials): Promise<PreparedCall | MissingAttachment>;
  /**
   * Makes the call now. `gate` is asked, synchronously, when a connection is open and nothing is written; once it says
   * yes, the call counts as written and is never written again. Never rejects, unless `gate` throws.
   */
  fire(call: PreparedCall, gate: Gate): Promise<Verdict>;
  /** Keeps `connections` sockets open ahead of need from now on, so that connecting does not make a call miss its slot. */
  warm(connections: number): void;
  /** Calls fired and without a verdict yet. */
  inFlight(): number;
  /** Closes every socket; calls still under way get their verdict first: `unknown` if written, else `not-fired`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A verdict is some 80 characters; who answers with more than 64 KiB is not Enswitch. */
const longestAnswer = 65_536;

/** Encoded attachments that are kept for the next rows, in bytes. */
const attachmentCache = 32 * 1024 * 1024;

/** Idle connections are given up before common servers do (5 s): a call written while the server closes is in doubt. */
const keepAliveMs = 3_000;

/** A client of `messages/text/send`. Throws an EndpointError when the endpoint cannot be used. */
export function createEnswitch(options: EnswitchOptions): Enswitch {
  const { answerTimeoutMs, connectTimeoutMs = 10_000, ca, loadAttachment, maxInFlight = 800 } = options;
  const endpoint = parseEndpoint(options.endpoint);
  const connections = createConnections({ url: endpoint.url, connectTimeoutMs, ca });
  const pool = new Pool(endpoint.url.origin, {
    connect: connections.connect,
    allowH2: false,
    pipelining: 1,
    // Both waits are one timer of ours, exact and from the writing on; the library's are coarse.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    keepAliveTimeoutThreshold: 1_000,
    maxHeaderSize: 16_384,
  });
  const request: Dispatcher.DispatchOptions = {
    method: "POST",
    path: endpoint.url.pathname,
    headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": "bulk-send" },
    // Unless a call is idempotent, undici neither pipelines nor repeats it.
    idempotent: false,
  };
  const encodedFile = createFileEncoder(loadAttachment);
  let inFlight = 0;
  let disposed = false;

  const fire = (call: PreparedCall, gate: Gate): Promise<Verdict> => {
    if (disposed || inFlight >= maxInFlight) return Promise.resolve({ kind: "not-fired" });
    const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
    let phase: "connecting" | "written" | "settled" = "connecting";
    let status = 0;
    let headers: Reply["headers"] = {};
    const chunks: Buffer[] = [];
    let length = 0;
    let abort = () => {};

    const settle = (finish: () => void) => {
      if (phase === "settled") return;
      phase = "settled";
      clearTimeout(timer);
      inFlight--;
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
    inFlight++;

    pool.dispatch(
      { ...request, body: call.body },
      {
        onRequestStart: (controller) => {
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
          // Whatever is thrown here takes the call back before its first byte, or keeps it from being written again.
          throw new Withdrawn();
        },
        onResponseStart: (_controller, code, fields) => {
          status = code;
          headers = fields;
        },
        onResponseData: (_controller, chunk) => {
          length += chunk.length;
          if (length > longestAnswer) giveUp(`the answer of ${endpoint.host} is longer than 64 KiB`);
          else chunks.push(chunk);
        },
        onResponseEnd: () => {
          const reply = { status, headers, body: Buffer.concat(chunks).toString("utf8") };
          give(readVerdict(reply, { endpoint: endpoint.name, now: Date.now(), hidden: call.hidden }));
        },
        onResponseError: (_controller, error) => {
          if (phase === "written") give({ kind: "unknown", cause: answerFailure(error, endpoint.host) });
          else if (disposed) give({ kind: "not-fired" });
          else give({ kind: "not-sent", cause: connectFailure(error, endpoint.host, connectTimeoutMs) });
        },
      },
    );
    return promise;
  };

  return {
    prepare: async (parameters, credentials) => {
      const { cnumber, message, stype, snumber, customer, files = [] } = parameters;
      const fields: FormField[] = [
        ["auth_username", credentials.username],
        ["auth_password", credentials.password],
        ["cnumber", cnumber],
        ["message", message],
        ["stype", stype],
        ["snumber", snumber],
      ];
      if (customer !== undefined) fields.push(["customer", customer]);
      for (const [index, file] of files.entries()) {
        const encoded = await encodedFile(file);
        if (encoded === undefined) return missing(file);
        fields.push([`filename${index + 1}`, file.filename], [`file${index + 1}`, encoded]);
      }
      const { password } = credentials;
      return {
        kind: "prepared",
        body: formBody(fields),
        hidden: [password, encodeURIComponent(password.toWellFormed())],
      };
    },
    fire,
    warm: (count) => connections.warm(disposed ? 0 : Math.min(count, maxInFlight)),
    inFlight: () => inFlight,
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      await Promise.all([pool.destroy(), connections[Symbol.asyncDispose]()]);
    },
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

const missing = (file: SendFile): MissingAttachment => ({
  kind: "missing-attachment",
  attachment: "attachment" in file ? file.attachment : file.filename,
});

/** Encodes files for the form, an attachment once for all rows that have it as long as the cache holds it. */
function createFileEncoder(load: LoadAttachment | undefined) {
  const cache = new Map<string, Promise<Buffer | undefined>>();
  let cached = 0;

  const encode = async (attachment: string) => {
    const content = await load?.(attachment);
    if (content === undefined) return undefined;
    const encoded = formValue(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64"));
    cached += encoded.length;
    if (cached > attachmentCache) {
      cache.clear();
      cached = 0;
    }
    return encoded;
  };

  return (file: SendFile): Promise<Buffer | undefined> => {
    if ("base64" in file) return Promise.resolve(formValue(file.base64));
    const known = cache.get(file.attachment);
    if (known !== undefined) return known;
    const loading = encode(file.attachment);
    cache.set(file.attachment, loading);
    // What failed may succeed for the next row.
    loading.catch(() => cache.delete(file.attachment));
    return loading;
  };
}
