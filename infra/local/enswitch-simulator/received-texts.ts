import { createHash } from "node:crypto";
import type { EnswitchUser, ReplyEntry } from "./judge.ts";
import { credentialsRight } from "./judge.ts";
import type { Parameters } from "./parameters.ts";

/** A text that somebody wrote to the simulated phone system. `at` in epoch milliseconds. */
export interface WrittenText {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly at: number;
}

/** Who answers the messages that are sent to him, and what. */
export interface Replies {
  /** The share of people who answer, from 0 to 1; who that is depends on the number alone. */
  readonly share: number;
  /** What they write; STOP by default. */
  readonly body?: string;
  /** The share of them, from 0 to 1, who write something in its place that a person has to read; 0 by default. */
  readonly unclear?: number;
  /** How long they take, milliseconds; 2 s by default. */
  readonly afterMs?: number;
}

/** The texts that came in. */
export interface ReceivedTexts {
  /** Takes in a text. */
  add(text: WrittenText): void;
  /** Lets somebody answer the message that was accepted with these parameters at `at` (epoch ms), if he does. */
  answer(message: Parameters["values"], at: number, replies: Replies | undefined): void;
  /** What `messages/text/list` answers: a response, and the texts where there are any to tell. */
  list(
    parameters: Parameters,
    user: EnswitchUser,
    now: number,
  ): { readonly entry: ReplyEntry; readonly data?: readonly object[] };
}

/** Texts kept; the oldest are forgotten. */
const textsKept = 100_000;

/** No text has come in yet. */
export function createReceivedTexts(): ReceivedTexts {
  const texts: (WrittenText & { readonly uniqueid: string })[] = [];
  let count = 0;
  const add = (text: WrittenText) => {
    texts.push({ ...text, uniqueid: `sim-${String(++count).padStart(8, "0")}` });
    if (texts.length > textsKept) texts.shift();
  };

  return {
    add,
    answer: (message, at, replies) => {
      const cnumber = message.get("cnumber") ?? "";
      if (replies === undefined || lotOf(cnumber) >= replies.share) return;
      const to = message.get("snumber") ?? "";
      add({ from: cnumber, to, body: replyOf(cnumber, replies), at: at + (replies.afterMs ?? 2_000) });
    },
    list: ({ values, malformed }, user, now) => {
      if (!credentialsRight({ values, malformed, inUrl: [] }, user)) {
        return { entry: { code: 401, key: "", message: "Invalid authentication details" } };
      }
      if (!user.mayReadTexts) return { entry: { code: 402, key: "", message: "Your role does not allow this" } };
      const wrong =
        malformed[0] ??
        ["start", "end", "customer", "descending"].find((name) => !/^\d*$/u.test(values.get(name) ?? ""));
      if (wrong !== undefined) return { entry: { code: 400, key: wrong, message: "Invalid number" } };
      const sort = values.get("sort") ?? "received";
      if (!isSort(sort)) return { entry: { code: 400, key: "sort", message: "Invalid sort order" } };
      const { customers } = user;
      const customer = values.get("customer") ?? "";
      if (customer !== "" && customers !== undefined && !customers.includes(customer)) {
        return { entry: { code: 400, key: "customer", message: "Unknown customer" } };
      }
      const start = Number(values.get("start") ?? 0);
      const end = (values.get("end") ?? "") === "" ? now / 1000 : Number(values.get("end"));
      const found = texts
        .map(({ uniqueid, at, from, to, body }) => ({
          uniqueid,
          received: Math.floor(at / 1000),
          snumber: from,
          cnumber: to,
          body,
        }))
        .filter(({ received }) => received >= start && received <= end)
        .sort((a, b) => (a[sort] < b[sort] ? -1 : a[sort] > b[sort] ? 1 : 0));
      return {
        entry: { code: 200, key: "", message: "OK" },
        data: values.get("descending") === "1" ? found.reverse() : found,
      };
    },
  };
}

/** What people write who mean STOP, or something else: nobody but a person can tell. */
const unclearReplies = ["Please stop texting me", "Stop! Who is this?", "PARAR", "Can you stop by on Monday?"];

/** What somebody writes, which depends on his number alone. */
function replyOf(number: string, { share, body = "STOP", unclear = 0 }: Replies): string {
  const place = lotOf(number) / share;
  if (place >= unclear) return body;
  return unclearReplies[Math.floor((place / unclear) * unclearReplies.length)] ?? body;
}

const isSort = (sort: string): sort is "body" | "received" | "snumber" =>
  ["body", "received", "snumber"].includes(sort);

/** A number from 0 to 1 for each telephone number, always the same. */
const lotOf = (number: string): number =>
  createHash("sha256").update(number.replace(/\D/gu, "")).digest().readUInt32BE(0) / 2 ** 32;
