import * as z from "zod";
import { readJson } from "../read-json.ts";
import { repeatedKey } from "../repeated-key.ts";
import { mayHideVerdict } from "./may-hide-verdict.ts";
import { printable } from "./printable.ts";
import type { Reply } from "./reply.ts";
import { strikeSecret } from "./strike-secret.ts";
import type { Verdict } from "./verdict.ts";

/** What reading a reply depends on besides the reply itself. */
export interface Reading {
  /** Origin and path that were called, for the person who reads the cause. Without credentials. */
  readonly endpoint: string;
  /** Epoch milliseconds, against which a Retry-After that is a date is measured. */
  readonly now: number;
  /** Texts that must not appear in a message, should the server echo them. */
  readonly hidden?: readonly string[];
}

/** Longest message of Enswitch that is kept: it becomes a cell of the report. */
const longestMessage = 200;
/** What a parameter's name can look like; anything else in `key` is none, and belongs in no report. */
const parameterName = /^[\w.-]{1,64}$/;
/** The parameters of every call. A secret that contains one of these words is not given away by it. */
const ownParameter = /^(auth_username|auth_password|cnumber|message|stype|snumber|customer|file(name)?\d{1,4})$/;
/** Longest wait a server can ask for; beyond that, the hold's own steps are better. */
const longestRetryMs = 3_600_000;

const text = z.string().catch("");
const code = z.union([
  z
    .string()
    .trim()
    .regex(/^\d{3}$/)
    .transform(Number),
  z.int().min(100).max(999),
]);
const Entries = z.array(z.object({ code, key: text, message: text })).min(1);
/** A body that claims to be a verdict, whatever its entries look like. */
const VerdictBody = z.object({ responses: z.array(z.unknown()) });

/**
 * What a reply of `messages/text/send` says about the message. Total: every reply has a verdict, and whatever does not
 * prove that the message was taken or refused is `unknown`.
 *
 * The HTTP status counts only where there is no Enswitch verdict in the body: an Enswitch answers 200 to everything,
 * so any other status without a verdict comes from something in front of it, or from something else altogether.
 */
export function readVerdict(reply: Reply, reading: Reading): Verdict {
  const text = reply.body.replace(/^\uFEFF/, "");
  const body = VerdictBody.safeParse(readJson(text));
  if (!body.success) return fromStatus(reply, reading);
  // Only the last of two values is read, and the other may say that the message was taken.
  if (repeatedKey(text) === undefined) return fromEntries(body.data.responses, reading);
  return { kind: "unknown", cause: "the verdict of Enswitch says one thing twice" };
}

function fromEntries(responses: readonly unknown[], reading: Reading): Verdict {
  const parsed = Entries.safeParse(responses);
  if (!parsed.success) return { kind: "unknown", cause: "the verdict of Enswitch could not be read" };
  const entries = parsed.data;
  const codes = [...new Set(entries.map((entry) => entry.code))];
  const [first] = codes;
  if (first !== undefined && codes.every((each) => each >= 200 && each <= 299)) {
    return { kind: "submitted", code: first };
  }
  if (codes.length > 1) {
    return { kind: "unknown", cause: `Enswitch answered with codes that contradict each other: ${codes.join(", ")}` };
  }
  const messages = [...new Set(entries.map((entry) => entry.message.trim()).filter((message) => message !== ""))];
  const message = printable(messages.join("; "), longestMessage, reading.hidden);
  const key = entries.map((entry) => entry.key.trim()).find((each) => isParameter(each, reading.hidden ?? [])) ?? "";
  switch (first) {
    case 400:
      return { kind: "rejected", code: 400, key, message };
    case 401:
      return { kind: "unauthenticated", code: 401, message };
    case 402:
      return { kind: "unprivileged", code: 402, message };
    case 403:
      return { kind: "forbidden", code: 403, key, message };
    default:
      return { kind: "unknown", cause: `Enswitch answered with the undocumented code ${first}` };
  }
}

const isParameter = (key: string, hidden: readonly string[]): boolean =>
  parameterName.test(key) && (ownParameter.test(key) || hidden.every((secret) => strikeSecret(key, secret) === key));

/** Why a call was not looked at, by the HTTP status that says so: it may be made again (RFC 9110, 8470, 6585). */
const notLookedAt: { readonly [status: number]: string | undefined } = {
  408: "it did not wait for the whole call",
  421: "the call reached a server that it was not for",
  425: "it was too early for the call",
  429: "too many calls",
};

/**
 * What IANA's registry says of a call that was refused or sent elsewhere, untouched. 303 is not among them: it follows a
 * call that was carried out. Nor is 304, which has no body even where there is one, and says that the answer is the same as
 * before, rather than that there is none. Nor are codes outside the registry, such as 499, with which proxies say that they gave up
 * waiting.
 */
const isRefusal = (status: number): boolean =>
  [300, 301, 302, 307, 308, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451].includes(status) ||
  (status >= 400 && status <= 417);

function fromStatus(reply: Reply, { endpoint, now }: Reading): Verdict {
  const { status, headers } = reply;
  const answered = `${endpoint} answered HTTP ${status}`;
  const cause = `${answered} without an Enswitch verdict`;
  if (!isRefusal(status)) return { kind: "unknown", cause };
  if (mayHideVerdict(reply)) {
    return { kind: "unknown", cause: `${answered}, in which there may be a verdict that cannot be read` };
  }
  const why = notLookedAt[status];
  if (why === undefined) return { kind: "wrong-endpoint", cause };
  const retryAfterMs = retryAfter(headers["retry-after"], now);
  const notSent = { kind: "not-sent", cause: `${answered}, ${why}` } as const;
  return retryAfterMs === undefined ? notSent : { ...notSent, retryAfterMs };
}

/** Retry-After in its two forms, seconds or an HTTP date, as milliseconds from `now`; `undefined` when it is neither. */
function retryAfter(header: string | readonly string[] | undefined, now: number): number | undefined {
  const value = (typeof header === "string" ? header : header?.[0])?.trim();
  if (value === undefined) return undefined;
  // An HTTP date always begins with the name of the day; Date.parse alone would take almost any number for one.
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : /^[A-Za-z]{3}/.test(value) ? Date.parse(value) - now : NaN;
  return Number.isNaN(wait) ? undefined : Math.min(longestRetryMs, Math.max(0, wait));
}
