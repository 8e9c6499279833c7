import * as z from "zod";
import { readJson } from "../read-json.ts";
import { strikeSecret } from "./strike-secret.ts";

/** A text that the phone system received. */
export interface ReceivedText {
  /** The phone system's own id; `undefined` where it gives none. */
  readonly id: string | undefined;
  /** When it was received, epoch milliseconds; `undefined` where it does not say. */
  readonly at: number | undefined;
  /** Who wrote it, as the phone system has the number. */
  readonly number: string;
  readonly body: string;
}

/** What `messages/text/list` answers. */
export type TextsAnswer =
  | { readonly kind: "texts"; readonly texts: readonly ReceivedText[] }
  /** It is longer than is read at once: ask for a shorter span. */
  | { readonly kind: "too-large" }
  /** The texts were not read; `cause` is part of a sentence for a person. */
  | { readonly kind: "failed"; readonly cause: string };

const code = z.union([
  z.int(),
  z
    .string()
    .regex(/^\s*\d{3}\s*$/u)
    .transform(Number),
]);
const Answer = z.looseObject({
  responses: z.union([z.array(z.looseObject({ code })), z.looseObject({ code }).transform((one) => [one])]),
  data: z.unknown().optional(),
});
const TextEntry = z.record(z.string(), z.unknown());
type TextEntry = z.infer<typeof TextEntry>;
const plain = z.union([z.string(), z.number()]).transform(String).catch("");

/** Seconds since 1970 have ten digits until the year 2286; what is longer are milliseconds. */
const longestSeconds = 99_999_999_999;

/** Names under which the words of a text may stand; the guide names `body`. */
const bodyNames = ["body", "message", "text"] as const;

/**
 * Reads an answer of `messages/text/list`: `status` of HTTP and its text. `numberField` names the field with the number
 * that a text came from. Fields that nobody knows are left alone; entries without a number are left out.
 * `hidden` are texts that must not appear in a cause, should the server echo them.
 */
export function readTexts(
  status: number,
  text: string,
  numberField: string,
  hidden: readonly string[] = [],
): TextsAnswer {
  const answer = Answer.safeParse(readJson(text.replace(/^\ufeff/u, "")));
  if (!answer.success) {
    return status === 404
      ? { kind: "failed", cause: tooOld }
      : { kind: "failed", cause: `the answer to messages/text/list (HTTP ${status}) is not one of Enswitch's` };
  }
  const codes = answer.data.responses.map((response) => response.code);
  const bad = codes.find((found) => found < 200 || found > 299);
  if (bad !== undefined || codes.length === 0) {
    return { kind: "failed", cause: causeOf(bad, answer.data.responses, hidden) };
  }
  const entries = entriesOf(answer.data.data);
  if (entries === undefined) {
    // 204: there is nothing to list.
    return codes.includes(204) && (answer.data.data ?? undefined) === undefined
      ? { kind: "texts", texts: [] }
      : { kind: "failed", cause: "the answer to messages/text/list has no list of texts in it" };
  }
  const numbered = entries.filter((entry) => numberOf(entry, numberField) !== "");
  if (entries.length > 0 && numbered.length === 0) {
    return {
      kind: "failed",
      cause: `no text in the answer to messages/text/list has a field ${numberField}; set optOut.numberField`,
    };
  }
  // A picture may come without any words, but not one after the other.
  if (numbered.length >= wordlessInARow && numbered.every((entry) => bodyOf(entry) === undefined)) {
    return { kind: "failed", cause: "no text in the answer to messages/text/list has its words (body) with it" };
  }
  return { kind: "texts", texts: numbered.map((entry) => textOf(entry, numberField)) };
}

const wordlessInARow = 5;

/** Why there is no such function: `messages/text/list` came with 3.13. */
const tooOld = "this phone system has no messages/text/list (Enswitch has it since 3.13)";

function causeOf(
  code: number | undefined,
  responses: readonly { readonly [name: string]: unknown }[],
  hidden: readonly string[],
): string {
  switch (code) {
    case undefined:
      return "the answer to messages/text/list has no response in it";
    case 401:
      return "Enswitch does not accept the credentials for messages/text/list (code 401)";
    case 402:
      return 'the role of the Enswitch user lacks the "texts" privilege (code 402)';
    case 404:
      return tooOld;
    default: {
      const key = responses
        .map((response) => response["key"])
        .find((found) => typeof found === "string" && found !== "");
      const isParameter =
        typeof key === "string" &&
        /^[A-Za-z_]{1,40}$/u.test(key) &&
        hidden.every((secret) => strikeSecret(key, secret) === key);
      const named = isParameter ? `, ${key}` : "";
      return `Enswitch refused messages/text/list (code ${code}${named})`;
    }
  }
}

/**
 * The entries of a list; it may come as an object of them, as some programs write lists that they build by key, or as its
 * only entry. `undefined`: it is no list.
 */
function entriesOf(data: unknown): readonly TextEntry[] | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const list = Array.isArray(data) ? data : "uniqueid" in data ? [data] : Object.values(data);
  const entries = list.flatMap((entry) => {
    const read = TextEntry.safeParse(entry);
    return read.success ? [read.data] : [];
  });
  return entries.length === 0 && list.length > 0 ? undefined : entries;
}

const numberOf = (entry: TextEntry, field: string): string => plain.parse(entry[field]).trim();

const bodyOf = (entry: TextEntry): string | undefined => {
  const name = bodyNames.find((known) => entry[known] !== undefined);
  return name === undefined ? undefined : plain.parse(entry[name]);
};

function textOf(entry: TextEntry, numberField: string): ReceivedText {
  const id = plain.parse(entry["uniqueid"]).trim();
  return {
    id: id === "" ? undefined : id,
    at: instantOf(plain.parse(entry["received"])),
    number: numberOf(entry, numberField),
    body: bodyOf(entry) ?? "",
  };
}

/** An instant given in seconds, in milliseconds or as a date. */
function instantOf(received: string): number | undefined {
  const text = received.trim();
  if (text === "") return undefined;
  const number = Number(text);
  const at = Number.isNaN(number) ? Date.parse(text) : number > longestSeconds ? number : number * 1000;
  return at > 0 && at < 8.64e15 ? Math.floor(at) : undefined;
}
