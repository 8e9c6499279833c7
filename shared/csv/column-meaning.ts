import { columnKey } from "./column-name.ts";
import { reportKeys } from "./send-columns.ts";

/** What a column is to the send; `number` says which of several files. All others are template variables. */
export type Meaning =
  | { readonly kind: "cnumber" | "message" | "snumber" | "stype" | "customer" | "variable" }
  | { readonly kind: "file" | "filename" | "attachment"; readonly number: number }
  /** What a row's own country is known by. */
  | { readonly kind: "country" | "callingCode" }
  /** The recipient's time zone, where hours are by the recipients' clocks. */
  | { readonly kind: "timezone" }
  /** A column of an earlier report of ours. */
  | { readonly kind: "send_status" | "send_detail" | "earlier-report" }
  /** A column without a name, which nothing can name. At the end, as spreadsheet programs leave them, it must be empty in every row. */
  | { readonly kind: "nameless" };

/** Names that mean the same in anybody's header. */
const names = {
  cnumber: ["cnumber", "to", "phone", "phone_number", "mobile", "msisdn", "recipient"],
  message: ["message", "text", "body"],
  snumber: ["snumber", "sender", "sender_number"],
} as const;

const aliases: ReadonlyMap<string, Meaning> = new Map([
  ...names.cnumber.map((name): [string, Meaning] => [columnKey(name), { kind: "cnumber" }]),
  ...names.message.map((name): [string, Meaning] => [columnKey(name), { kind: "message" }]),
  ...names.snumber.map((name): [string, Meaning] => [columnKey(name), { kind: "snumber" }]),
]);

/**
 * Names of the API that shops use for other things ("Customer"). They mean the API's parameter only in a header that
 * speaks the API's language, which is one with `cnumber`.
 */
const apiOnly: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["stype", { kind: "stype" }],
  ["customer", { kind: "customer" }],
  ["from", { kind: "snumber" }],
]);

const timezoneNames: ReadonlySet<string> = new Set(
  `timezone tz timezonename timezoneid ianatimezone ianatz recipienttimezone recipientstimezone contacttimezone customertimezone
  usertimezone localtimezone zeitzone fuseauhoraire zonahoraria husohorario fusoorario fusohorario tijdzone tidszon tidszone`.split(
    /\s+/,
  ),
);

/** Whether a column has the recipients' time zones, by its name. */
export const isTimezoneName = (key: string): boolean => timezoneNames.has(key);

/** Whether a header cell has a meaning without the options' help: how a delimiter is recognised. */
export const isKnownName = (name: string): boolean => {
  const key = columnKey(name);
  return aliases.has(key) || fileMeaning(key) !== undefined || reportMeaning(key) !== undefined;
};

/** Whether a column is a text by an alias, which counts only where the options give no text. */
export const isTextAlias = (key: string): boolean => key !== "message" && aliases.get(key)?.kind === "message";

/** What a column is by its name alone; `apiHeader`: the header says `cnumber`. `undefined` for any other name. */
export const meaningByName = (key: string, apiHeader: boolean): Meaning | undefined =>
  aliases.get(key) ?? fileMeaning(key) ?? (apiHeader ? apiOnly.get(key) : undefined);

/** What a column is that an earlier report of ours added. */
export function reportMeaning(key: string): Meaning | undefined {
  const name = reportKeys.get(key);
  if (name === undefined) return undefined;
  return { kind: name === "send_status" || name === "send_detail" ? name : "earlier-report" };
}

/** What the options may say a column is, by the parameter's name. */
export function mappableMeaning(key: string): Meaning | undefined {
  switch (key) {
    case "cnumber":
    case "message":
    case "snumber":
    case "stype":
    case "customer":
    case "country":
    case "timezone":
      return { kind: key };
    case "callingcode":
      return { kind: "callingCode" };
    case "sendstatus":
      return { kind: "send_status" };
    default:
      return fileMeaning(key);
  }
}

/** The name of the parameter that a column gives: `cnumber`, `file1` and so on. No two columns may give the same. */
export const parameterOf = (meaning: Meaning): string =>
  "number" in meaning ? `${meaning.kind}${meaning.number}` : meaning.kind;

function fileMeaning(key: string): Meaning | undefined {
  const match = /^(file|filename|attachment)([1-9]\d?)$/.exec(key);
  const kind = match?.[1];
  return kind === "file" || kind === "filename" || kind === "attachment"
    ? { kind, number: Number(match?.[2]) }
    : undefined;
}
