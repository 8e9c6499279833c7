import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { isDiskFull } from "../disk-full.ts";
import type { EnswitchBehaviour } from "./behaviour.ts";
import { createCallJournal, type RecordedCall } from "./call-journal.ts";
import { faultOf, mayAccept } from "./fault.ts";
import { credentialsRight, type EnswitchUser, judge } from "./judge.ts";
import { type Parameters, readParameters } from "./parameters.ts";
import { createReceivedTexts, type ReceivedTexts, type WrittenText } from "./received-texts.ts";
import { replyWithFault, replyWithPage, replyWithVerdict } from "./reply.ts";

/** The one user of the simulated Enswitch, unless `account` says otherwise. */
export const simulatorAccount = { username: "simulator", password: "simulator-password" } as const;

/** How the simulated Enswitch behaves unless told otherwise. */
const defaultBehaviour: EnswitchBehaviour = {
  account: simulatorAccount,
  privileged: true,
  mayReadTexts: true,
  listsTexts: true,
  forbiddenPrefixes: ["999"],
  codes: "string",
  httpStatus: "always-200",
  latencyMs: 0,
};

/** The simulator's settings; all have defaults. */
export interface EnswitchSimulatorOptions extends Partial<EnswitchBehaviour> {
  /** Prefix in front of `/messages/text/send/`. Default `/api/json`. */
  readonly basePath?: string;
  /** By default any free port. */
  readonly port?: number;
  /** File to which each call is appended as one line of JSON before it is answered. */
  readonly recordFile?: string;
  /** Whether `calls()` knows the calls; if not, memory does not grow with their number. Default true. */
  readonly remember?: boolean;
  /** Seed of the latencies. Default 1. */
  readonly seed?: number;
  /** How long an idle connection stays open, in milliseconds. Default 5 s, as on most servers. */
  readonly keepAliveMs?: number;
  /** Serves https with this PEM key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A running simulator. */
export interface EnswitchSimulator {
  /** The prefix to configure in a client. */
  readonly endpoint: string;
  /** Every call so far, in the order in which they were judged. Parsed every time: expensive when there are many. */
  calls(): readonly RecordedCall[];
  /** How many calls there have been; cheap. */
  count(): number;
  /** Somebody writes to it; `at` (epoch ms) is now when absent. */
  receive(text: Omit<WrittenText, "at"> & { readonly at?: number }): void;
  /** How many calls have been judged and still wait for their answers. */
  waiting(): number;
  /** Changes the behaviour for later calls. */
  configure(change: Partial<EnswitchBehaviour>): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The longest request body, in bytes: far beyond any message. */
const longestBody = 64 * 1024 * 1024;

/**
 * Starts an Enswitch with the functions `messages/text/send` and `messages/text/list`, on this machine's loopback, and records
 * every call of the first.
 * Runs in any thread. Messages go nowhere.
 */
export async function startEnswitchSimulator(options: EnswitchSimulatorOptions = {}): Promise<EnswitchSimulator> {
  const { basePath = "/api/json", port = 0, seed = 1, keepAliveMs = 5_000, ...rest } = options;
  const { recordFile, remember, tls, ...initial } = rest;
  let behaviour: EnswitchBehaviour = { ...defaultBehaviour, ...initial };
  const prefix = basePath.replace(/\/+$/, "");
  const path = `${prefix}/messages/text/send`;
  const journal = createCallJournal(recordFile, remember);
  const texts = createReceivedTexts();
  const timers = new Set<NodeJS.Timeout>();
  const random = seeded(seed);

  const listener: RequestListener = (request, response) => {
    const at = Date.now();
    readCall(request, response, {
      [path]: (requestPath, parameters) => decide(request, response, at, requestPath, parameters),
      [`${prefix}/messages/text/list`]: (_, parameters) => replyWithTexts(response, texts, parameters, behaviour),
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
    const user: EnswitchUser = { ...behaviour, ...behaviour.account };
    const fault = faultOf(behaviour.faults, { index, parameters: parameters.values });
    const answer = judge(parameters, user);
    const accepted = answer.code === 204 && mayAccept(fault);
    const call: RecordedCall = {
      index,
      at,
      method: request.method ?? "",
      path: requestPath,
      ...recorded(parameters),
      passwordRight: credentialsRight(parameters, user),
      accepted,
      code: answer.code,
      key: answer.key,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    };
    // Nobody could say later what became of a call that is not recorded, so it is not taken.
    if (!isRecorded(journal, call)) return replyWithPage(response, 429);
    if (accepted) texts.answer(parameters.values, at, behaviour.replies);
    const { latencyMs, codes, httpStatus } = behaviour;
    const latency = latencyOf(latencyMs, random);
    const reply = () =>
      fault === undefined ? replyWithVerdict(response, answer, codes, httpStatus) : replyWithFault(response, fault);
    if (latency <= 0) reply();
    else startTimer(timers, latency, reply);
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
    receive: (text) => texts.add({ at: Date.now(), ...text }),
    waiting: () => timers.size,
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

/** Does something later; its timer is among these until then. */
function startTimer(timers: Set<NodeJS.Timeout>, ms: number, act: () => void): void {
  const timer = setTimeout(() => {
    timers.delete(timer);
    act();
  }, ms);
  timers.add(timer);
}

/** Records a call; `false` where the disk is full. */
function isRecorded(journal: Pick<ReturnType<typeof createCallJournal>, "append">, call: RecordedCall): boolean {
  try {
    journal.append(call);
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  }
}

const latencyOf = (latencyMs: EnswitchBehaviour["latencyMs"], random: () => number): number =>
  typeof latencyMs === "number" ? latencyMs : latencyMs.min + random() * (latencyMs.max - latencyMs.min);

/** The parameters as they may be recorded: without the password, and with only what identifies a file. */
function recorded({ values, inUrl }: Parameters): Pick<RecordedCall, "parameters" | "files" | "inUrl"> {
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

/** Lists the texts that came in; an older Enswitch has no such function. */
function replyWithTexts(
  response: ServerResponse,
  texts: ReceivedTexts,
  parameters: Parameters,
  behaviour: EnswitchBehaviour,
) {
  if (!behaviour.listsTexts) return replyWithPage(response, 404);
  const { entry, data } = texts.list(parameters, { ...behaviour, ...behaviour.account }, Date.now());
  replyWithVerdict(response, entry, behaviour.codes, behaviour.httpStatus, data);
}

/** What answers a call of one function, whose path is as the caller wrote it. */
type AnswerCall = (requestPath: string, parameters: Parameters) => void;

/** Reads a call of one of the functions, by their paths; or answers, like a web server, that there is no such thing. */
function readCall(
  request: IncomingMessage,
  response: ServerResponse,
  functions: { readonly [path: string]: AnswerCall },
) {
  const [requestPath = "", query = ""] = splitOnce(request.url ?? "", "?");
  const answer = functions[requestPath.replace(/\/$/u, "")];
  if (answer === undefined) return replyWithPage(response, 404);
  if (request.method !== "GET" && request.method !== "POST") return replyWithPage(response, 405);
  readBody(request, (body) => {
    if (body === undefined) return replyWithPage(response, 413);
    const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
    answer(requestPath, readParameters(query, isForm ? body : ""));
  });
}

/** Passes on the whole body as text, or `undefined` when it is too long; nothing when the client has given up. */
function readBody(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= longestBody) chunks.push(chunk);
  });
  request.on("end", () => done(length > longestBody ? undefined : Buffer.concat(chunks).toString("utf8")));
  // A client that hangs up in the middle of its request has not made a call.
  request.on("error", () => {});
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** A small seeded generator of numbers from 0 to 1 (linear congruential), so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
