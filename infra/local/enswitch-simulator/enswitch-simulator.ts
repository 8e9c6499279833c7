import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createCallJournal, type RecordedCall } from "./call-journal.ts";
import { type Fault, type Faults, faultOf, mayAccept } from "./fault.ts";
import { type Account, type Answer, credentialsRight, judge } from "./judge.ts";
import { type Parameters, readParameters } from "./parameters.ts";

/** The one user of the simulated Enswitch, unless `account` says otherwise. */
export const simulatorAccount = { username: "simulator", password: "simulator-password" } as const;

/** How the simulated Enswitch behaves; can be changed while it runs. */
export interface EnswitchBehaviour {
  readonly account: { readonly username: string; readonly password: string };
  /** Whether the user's role may send messages (else 402). Default true. */
  readonly privileged: boolean;
  /** Numbers the user owns; any by default. */
  readonly numbers?: readonly string[];
  /** Telephone lines the user owns; any by default. */
  readonly phoneLines?: readonly string[];
  /** Customers the user may send as; any by default. */
  readonly customers?: readonly string[];
  /** Destinations, by how they begin without "+", that the rate plan refuses (403). Default 999. */
  readonly forbiddenPrefixes: readonly string[];
  /** Codes as the page documents them, strings, or as numbers. */
  readonly codes: "string" | "number";
  /** HTTP 200 to everything (default), or the verdict's code as the status (200 for 204, which could have no body). */
  readonly httpStatus: "always-200" | "mirrored";
  /** How long an answer takes after the call was decided: milliseconds, or a range. Default 0. */
  readonly latencyMs: number | { readonly min: number; readonly max: number };
  readonly faults?: Faults;
}

/** A simulator's settings; all have defaults. */
export interface EnswitchSimulatorOptions extends Partial<EnswitchBehaviour> {
  /** Prefix in front of `/messages/text/send/`. Default `/api/json`. */
  readonly basePath?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** File to which each call is appended as one line of JSON before it is answered. */
  readonly recordFile?: string;
  /** Whether `calls()` knows the calls; without, memory stays the same however many there are. Default true. */
  readonly remember?: boolean;
  /** Seed of the latencies. Default 1. */
  readonly seed?: number;
  /** How long an idle connection stays open, in milliseconds. Default 5 s, as most servers have it. */
  readonly keepAliveMs?: number;
  /** PEM key and certificate: serves https. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A running simulator. */
export interface EnswitchSimulator {
  /** The prefix to give to a client. */
  readonly endpoint: string;
  /** Every call so far, in the order of deciding. Read from compact records: ask seldom when there are many. */
  calls(): readonly RecordedCall[];
  /** How many calls there were so far; cheap. */
  count(): number;
  /** Changes the behaviour for the calls to come. */
  configure(change: Partial<EnswitchBehaviour>): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Longest request body in bytes: far beyond any message. */
const longestBody = 64 * 1024 * 1024;

/**
 * Starts an Enswitch that knows one function, `messages/text/send`, on this machine's loopback, and keeps a record of
 * every call. Runs in any thread. Messages go nowhere.
 */
export async function startEnswitchSimulator(options: EnswitchSimulatorOptions = {}): Promise<EnswitchSimulator> {
  const { basePath = "/api/json", port = 0, seed = 1, keepAliveMs = 5_000, ...rest } = options;
  const { recordFile, remember, tls, ...initial } = rest;
  let behaviour: EnswitchBehaviour = { ...defaults, ...initial };
  const prefix = basePath.replace(/\/+$/, "");
  const path = `${prefix}/messages/text/send`;
  const journal = createCallJournal(recordFile, remember);
  const timers = new Set<NodeJS.Timeout>();
  const random = seeded(seed);

  const listener: RequestListener = (request, response) => {
    const at = Date.now();
    const [requestPath = "", query = ""] = splitOnce(request.url ?? "", "?");
    if (requestPath !== path && requestPath !== `${path}/`) return page(response, 404);
    if (request.method !== "GET" && request.method !== "POST") return page(response, 405);
    readBody(request, (body) => {
      if (body === undefined) return page(response, 413);
      const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
      decide(request, response, at, requestPath, readParameters(query, isForm ? body : ""));
    });
  };

  const decide = (
    request: IncomingMessage,
    response: ServerResponse,
    at: number,
    requestPath: string,
    parameters: Parameters,
  ) => {
    const index = journal.count();
    const account: Account = { ...behaviour, ...behaviour.account };
    const fault = faultOf(behaviour.faults, { index, parameters: parameters.values });
    const answer = judge(parameters, account);
    journal.append({
      index,
      at,
      method: request.method ?? "",
      path: requestPath,
      ...shown(parameters),
      passwordRight: credentialsRight(parameters, account),
      accepted: answer.code === 204 && mayAccept(fault),
      code: answer.code,
      key: answer.key,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    });
    const { latencyMs, codes, httpStatus } = behaviour;
    const latency =
      typeof latencyMs === "number" ? latencyMs : latencyMs.min + random() * (latencyMs.max - latencyMs.min);
    const reply = () => (fault === undefined ? verdict(response, [answer], codes, httpStatus) : fail(response, fault));
    if (latency <= 0) return reply();
    const timer = setTimeout(() => {
      timers.delete(timer);
      reply();
    }, latency);
    timers.add(timer);
  };

  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.keepAliveTimeout = keepAliveMs;
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    journal.close();
    throw new Error(`The Enswitch simulator cannot listen on port ${port} of 127.0.0.1.`, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The Enswitch simulator has no port.");

  return {
    endpoint: `${tls === undefined ? "http" : "https"}://127.0.0.1:${address.port}${prefix}`,
    calls: journal.calls,
    count: journal.count,
    configure: (change) => {
      behaviour = { ...behaviour, ...change };
    },
    [Symbol.asyncDispose]: async () => {
      for (const timer of timers) clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      journal.close();
    },
  };
}

const defaults: EnswitchBehaviour = {
  account: simulatorAccount,
  privileged: true,
  forbiddenPrefixes: ["999"],
  codes: "string",
  httpStatus: "always-200",
  latencyMs: 0,
};

/** The parameters as they may be recorded: no password, and of files only what identifies them. */
function shown({ values, inUrl }: Parameters): Pick<RecordedCall, "parameters" | "files" | "inUrl"> {
  const isData = (name: string) => /^file\d+$/.test(name);
  return {
    parameters: Object.fromEntries([...values].filter(([name]) => name !== "auth_password" && !isData(name))),
    files: [...values]
      .filter(([name]) => isData(name))
      .map(([name, base64]) => {
        const data = Buffer.from(base64, "base64");
        const sha256 = createHash("sha256").update(data).digest("hex");
        return { filename: values.get(name.replace("file", "filename")) ?? "", bytes: data.length, sha256 };
      }),
    inUrl: [...inUrl],
  };
}

function fail(response: ServerResponse, fault: Fault) {
  switch (fault.kind) {
    case "hang":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "html":
      return page(response, fault.status);
    case "too-many":
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
      return page(response, 429);
    case "codes":
      return send(response, 200, "application/json", {
        responses: fault.codes.map((code) => ({ code, key: "", message: "Simulated" })),
      });
    case "garbage":
      return send(response, 200, "application/json", '{ "responses":[ { "code":"2');
    default:
      return fault satisfies never;
  }
}

function verdict(
  response: ServerResponse,
  answers: readonly Answer[],
  codes: EnswitchBehaviour["codes"],
  httpStatus: EnswitchBehaviour["httpStatus"],
): void {
  const [first] = answers;
  const status = httpStatus === "always-200" || first === undefined || first.code < 300 ? 200 : first.code;
  send(response, status, "application/json", {
    responses: answers.map((answer) => ({ ...answer, code: codes === "string" ? String(answer.code) : answer.code })),
  });
}

/** A page of something that is no Enswitch. */
function page(response: ServerResponse, status: number): void {
  if (status >= 300 && status <= 399) response.setHeader("location", "/elsewhere");
  send(response, status, "text/html", `<!doctype html><title>${status}</title><h1>${status}</h1>`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string | object): void {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  response.writeHead(status, { "content-type": contentType, "content-length": bytes.length });
  response.end(bytes);
}

/** Hands over the whole body as text, or `undefined` when it is too long; nothing when the client gave up. */
function readBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= longestBody) chunks.push(chunk);
  });
  request.on("end", () => done(length > longestBody ? undefined : Buffer.concat(chunks).toString("utf8")));
  // A client that hangs up in the middle of its request has called nothing.
  request.on("error", () => {});
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A small seeded source of numbers from 0 to 1 (a linear congruential generator), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
