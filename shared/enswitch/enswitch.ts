import Pool from "undici/lib/dispatcher/pool.js";
import { createAnswerRecord } from "./answer-record.ts";
import { createConnections } from "./connections.ts";
import { parseEndpoint } from "./endpoint.ts";
import { createFileEncoder, type LoadAttachment } from "./file-encoder.ts";
import { createFireCall, type PreparedCall } from "./fire-call.ts";
import { type FormField, formBody } from "./form-body.ts";
import { createOpener, type Opener } from "./opener.ts";
import type { Gate, SendFile, SendParameters, Verdict } from "./verdict.ts";

/** An Enswitch user who may send messages, and the version of the secret that it was read from. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly version?: string;
}

/** What a client needs to know. */
export interface EnswitchOptions {
  /** The whole prefix in front of `/messages/text/send/`; https, unless it is this machine. */
  readonly endpoint: string;
  /** Longest wait for the complete answer, from the moment the call is written. */
  readonly answerTimeoutMs: number;
  /** Longest wait for an open connection; `defaultConnectTimeoutMs` when absent. */
  readonly connectTimeoutMs?: number;
  /** Certificates (PEM) of a private authority, trusted in place of the system's. */
  readonly ca?: string;
  /** Opens its connections to the endpoint, and remembers what makes that cheap; one of its own when absent. */
  readonly opener?: Opener;
  /** Loads files named by `attachment`; without it there are none. */
  readonly loadAttachment?: LoadAttachment;
  /** Most calls that may be unanswered at once; one more is `not-fired`. Default 800: AWS Lambda allows 1,024 open files. */
  readonly maxInFlight?: number;
}

/** A call that cannot be prepared: there is no object `attachment`. */
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
  /** A recent high of how long opening a connection takes, milliseconds; 300 as long as that is unknown. */
  usualConnectMs(): number;
  /** Calls fired and without a verdict yet. */
  inFlight(): number;
  /** Closes every socket; calls still under way get their verdict first: `unknown` if written, else `not-fired`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Longest wait for an open connection where nothing else is said, milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** Idle connections are given up before common servers do (5 s): a call written while the server closes is in doubt. */
const keepAliveMs = 3_000;

/** How the HTTP library uses a connection: for one call after the other. */
const connectionOptions = {
  allowH2: false,
  pipelining: 1,
  // One timer of ours covers both waits, exactly, from the moment of writing; the library's are coarse.
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: keepAliveMs,
  keepAliveMaxTimeout: keepAliveMs,
  keepAliveTimeoutThreshold: 1_000,
  maxHeaderSize: 16_384,
} as const;

/** A client of `messages/text/send`. Throws an EndpointError when the endpoint cannot be used. */
export function createEnswitch(options: EnswitchOptions): Enswitch {
  const {
    answerTimeoutMs,
    connectTimeoutMs = defaultConnectTimeoutMs,
    ca,
    loadAttachment,
    maxInFlight = 800,
  } = options;
  const endpoint = parseEndpoint(options.endpoint);
  const opener = options.opener ?? createOpener({ url: endpoint.url, connectTimeoutMs, ca });
  const connections = createConnections(opener);
  const answers = createAnswerRecord();
  const pool = new Pool(endpoint.url.origin, {
    ...connectionOptions,
    connect: (target, callback) =>
      connections.connect(target, (...result) => {
        if (result[0] === null) answers.record(result[1]);
        callback(...result);
      }),
  });
  const encodedFile = createFileEncoder(loadAttachment);
  let inFlight = 0;
  let disposed = false;
  const fireCall = createFireCall({
    pool,
    endpoint,
    answerTimeoutMs,
    connectTimeoutMs,
    isFollowed: answers.isFollowed,
    isDisposed: () => disposed,
  });

  return {
    prepare: async (parameters, credentials) => {
      const fields = textFields(parameters, credentials);
      for (const [index, file] of (parameters.files ?? []).entries()) {
        const encoded = await encodedFile(file);
        if (encoded === undefined) return missing(file);
        fields.push([`filename${index + 1}`, file.filename], [`file${index + 1}`, encoded]);
      }
      return { kind: "prepared", body: formBody(fields), hidden: [credentials.password] };
    },
    fire: (call, gate) => {
      if (inFlight >= maxInFlight) return Promise.resolve({ kind: "not-fired" });
      inFlight++;
      return fireCall(call, gate, () => inFlight--);
    },
    warm: (count) => connections.warm(Math.min(count, maxInFlight)),
    usualConnectMs: opener.usualMs,
    inFlight: () => inFlight,
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      await Promise.all([pool.destroy(), connections[Symbol.asyncDispose]()]);
    },
  };
}

/** The fields of a call without its files. */
function textFields({ cnumber, message, stype, snumber, customer }: SendParameters, credentials: Credentials) {
  const fields: FormField[] = [
    ["auth_username", credentials.username],
    ["auth_password", credentials.password],
    ["cnumber", cnumber],
    ["message", message],
    ["stype", stype],
    ["snumber", snumber],
  ];
  if (customer !== undefined) fields.push(["customer", customer]);
  return fields;
}

const missing = (file: SendFile): MissingAttachment => ({
  kind: "missing-attachment",
  attachment: "attachment" in file ? file.attachment : file.filename,
});
