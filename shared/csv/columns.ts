import { columnKey } from "./column-name.ts";
import { shorten } from "./shorten.ts";

/** What a column is to the send; `number` says which of several files. All others are template variables. */
export type Meaning =
  | { readonly kind: "cnumber" | "message" | "snumber" | "stype" | "customer" | "variable" }
  | { readonly kind: "file" | "filename" | "attachment"; readonly number: number }
  /** A column of an earlier report of ours. */
  | { readonly kind: "send_status" | "send_detail" | "earlier-report" }
  /** A trailing column without a name, as spreadsheet programs leave them. Must be empty in every row. */
  | { readonly kind: "nameless" };

/** One column of the header, by position. */
export interface Column {
  readonly name: string;
  readonly meaning: Meaning;
}

/** The header understood: positions (from 0) of everything a row is judged by. */
export interface Columns {
  readonly all: readonly Column[];
  readonly cnumber: number;
  readonly message: number | undefined;
  readonly snumber: number | undefined;
  readonly stype: number | undefined;
  readonly customer: number | undefined;
  readonly files: readonly FileColumns[];
  /** All columns named `send_status` and `send_detail`: a report of a report has several. */
  readonly sendStatus: readonly number[];
  readonly sendDetail: readonly number[];
  /** Names at the end without which a row is complete. */
  readonly nameless: number;
  /** The position of the column a template names. */
  readonly find: (name: string) => number | undefined;
}

/** Positions of what makes up file `number`. */
export interface FileColumns {
  readonly number: number;
  readonly file?: number;
  readonly filename?: number;
  readonly attachment?: number;
}

/** The columns, or a sentence saying what to change in header or options. */
export type ReadColumns = { readonly kind: "columns"; readonly columns: Columns } | Refused;
type Refused = { readonly kind: "refused"; readonly reason: string };

const aliases: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    cnumber: ["cnumber", "to", "phone", "phone_number", "mobile", "msisdn", "recipient"],
    message: ["message", "text", "body", "sms"],
    snumber: ["snumber", "sender", "sender_number"],
  } satisfies Partial<Record<Meaning["kind"], string[]>>).flatMap(([kind, names]) =>
    names.flatMap((name): [string, Meaning][] =>
      kind === "cnumber" || kind === "message" || kind === "snumber" ? [[name, { kind }]] : [],
    ),
  ),
);

/**
 * Names the API knows but shops use for other things ("Customer"): the API's only where the header speaks the API's
 * language, which is when it says `cnumber`.
 */
const apiOnly: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["stype", { kind: "stype" }],
  ["customer", { kind: "customer" }],
  ["from", { kind: "snumber" }],
]);

const reportColumns = ["send_code", "send_key", "send_attempts", "send_at", "send_segments"];

/** Whether a header cell is a name this program understands without being told: how a delimiter is recognised. */
export const isKnownName = (name: string): boolean => {
  const key = columnKey(name);
  return aliases.has(key) || fileMeaning(key) !== undefined || reportMeaning(key) !== undefined;
};

/** Finds out what each column means: by `mapping` (API name to column name, the options' `columns`), else by its name. */
export function readColumns(header: readonly string[], mapping: Readonly<Record<string, string>> = {}): ReadColumns {
  const keys = header.map(columnKey);
  const named = keys.findLastIndex((key) => key !== "") + 1;
  const wrongName = checkNames(header, keys, named);
  if (wrongName !== undefined) {
    return refused(wrongName);
  }
  const mapped = new Map<number, Meaning>();
  const taken = new Set<string>();
  for (const [parameter, name] of Object.entries(mapping)) {
    const meaning = mappable(columnKey(parameter));
    if (meaning === undefined) {
      return refused(
        `"columns" in the options maps "${parameter}", which is no parameter of a message. Known are cnumber, message, snumber, stype, customer, file1, filename1, attachment1 and so on.`,
      );
    }
    const position = keys.indexOf(columnKey(name));
    if (position < 0 || columnKey(name) === "") {
      return refused(
        `"columns" in the options says that ${parameter} is the column ${shorten(name, 40)}, but ${has(header, named)}.`,
      );
    }
    if (mapped.has(position) || taken.has(identity(meaning))) {
      return refused(
        `"columns" in the options gives the column ${shorten(name, 40)} or the parameter ${parameter} twice. Name each once.`,
      );
    }
    mapped.set(position, meaning);
    taken.add(identity(meaning));
  }
  const apiHeader = keys.includes("cnumber");
  const byName = (key: string): Meaning => {
    // Never mapped away: what a report says was sent stays sent, whatever else the options take for it.
    const report = reportMeaning(key);
    if (report !== undefined) {
      return report;
    }
    const meaning = aliases.get(key) ?? fileMeaning(key) ?? (apiHeader ? apiOnly.get(key) : undefined);
    return meaning === undefined || taken.has(identity(meaning)) ? { kind: "variable" } : meaning;
  };
  const all = header.map(
    (name, at): Column => ({
      name,
      meaning: at >= named ? { kind: "nameless" } : (mapped.get(at) ?? byName(keys[at] ?? "")),
    }),
  );
  return understand(all, keys, header, named);
}

function understand(
  all: readonly Column[],
  keys: readonly string[],
  header: readonly string[],
  named: number,
): ReadColumns {
  const single = new Map<string, number>();
  const sendStatus: number[] = [];
  const sendDetail: number[] = [];
  for (const [at, { name, meaning }] of all.entries()) {
    switch (meaning.kind) {
      case "variable":
      case "nameless":
      case "earlier-report":
        break;
      case "send_status":
        sendStatus.push(at);
        break;
      case "send_detail":
        sendDetail.push(at);
        break;
      case "cnumber":
      case "message":
      case "snumber":
      case "stype":
      case "customer":
      case "file":
      case "filename":
      case "attachment": {
        const parameter = identity(meaning);
        const other = single.get(parameter);
        if (other !== undefined) {
          return refused(
            `The columns ${shorten(all[other]?.name ?? "", 40)} and ${shorten(name, 40)} both mean ${parameter}. Say in the options which one is meant, such as "columns": {"${parameter}": ${JSON.stringify(all[other]?.name.trim())}}.`,
          );
        }
        single.set(parameter, at);
        break;
      }
      default:
        return meaning satisfies never;
    }
  }
  const cnumber = single.get("cnumber");
  if (cnumber === undefined) {
    if (looksLikeData(header)) {
      return refused(noHeader);
    }
    return refused(
      `No column holds the phone numbers: ${has(header, named)}. Name it "cnumber", "phone" or "mobile" in the first line, or say which it is in the options: "columns": {"cnumber": ${JSON.stringify(suggestion(header, keys))}}.`,
    );
  }
  const numbers = new Set(all.flatMap(({ meaning }) => ("number" in meaning ? [meaning.number] : [])));
  return {
    kind: "columns",
    columns: {
      all,
      cnumber,
      message: single.get("message"),
      snumber: single.get("snumber"),
      stype: single.get("stype"),
      customer: single.get("customer"),
      files: [...numbers]
        .sort((a, b) => a - b)
        .map((number) => ({
          number,
          file: single.get(`file${number}`),
          filename: single.get(`filename${number}`),
          attachment: single.get(`attachment${number}`),
        })),
      sendStatus,
      sendDetail,
      nameless: header.length - named,
      find: (name) => {
        const at = keys.indexOf(columnKey(name));
        return at < 0 || at >= named ? undefined : at;
      },
    },
  };
}

function checkNames(header: readonly string[], keys: readonly string[], named: number): string | undefined {
  if (named === 0) {
    return "The first line has no column names. Give every column a name there.";
  }
  const seen = new Map<string, number>();
  for (const [at, key] of keys.slice(0, named).entries()) {
    if (key === "") {
      return `Column ${at + 1} of the first line has no name. Give it one, or remove the column.`;
    }
    const earlier = seen.get(key);
    if (earlier !== undefined && reportMeaning(key) === undefined) {
      return looksLikeData(header)
        ? noHeader
        : `The columns ${earlier + 1} and ${at + 1} have the same name ${shorten(header[at] ?? "", 40)} (case, spaces and underscores do not count). Rename one of them.`;
    }
    seen.set(key, at);
  }
  return undefined;
}

const noHeader =
  'The first line seems to be a row already, not the column names. Put a first line such as "phone,message" above it.';

/** What the header has, in words; its cells are not repeated when they look like somebody's number. */
const has = (header: readonly string[], named: number) =>
  looksLikeData(header)
    ? "the first line seems to be a row already, not the column names"
    : `the first line names ${header
        .slice(0, Math.min(named, 12))
        .map((name) => shorten(name, 40))
        .join(", ")}${named > 12 ? ` and ${named - 12} more` : ""}`;

const looksLikeData = (header: readonly string[]) =>
  header.some((name) => /\d{5}/.test(name.replace(/[\s().+-]/g, "")));

const suggestion = (header: readonly string[], keys: readonly string[]) =>
  looksLikeData(header)
    ? "…"
    : (header[keys.findIndex((key) => /num|phone|tel|mobil|cell|handy/.test(key))]?.trim() ?? "…");

const identity = (meaning: Meaning): string =>
  "number" in meaning ? `${meaning.kind}${meaning.number}` : meaning.kind;

function mappable(key: string): Meaning | undefined {
  const file = fileMeaning(key);
  if (file !== undefined) {
    return file;
  }
  switch (key) {
    case "cnumber":
    case "message":
    case "snumber":
    case "stype":
    case "customer":
    case "send_status":
      return { kind: key };
    default:
      return undefined;
  }
}

function fileMeaning(key: string): Meaning | undefined {
  const match = /^(file|filename|attachment)_?([1-9]\d?)$/.exec(key);
  const kind = match?.[1];
  return kind === "file" || kind === "filename" || kind === "attachment"
    ? { kind, number: Number(match?.[2]) }
    : undefined;
}

function reportMeaning(key: string): Meaning | undefined {
  if (key === "send_status" || key === "send_detail") {
    return { kind: key };
  }
  return reportColumns.includes(key) ? { kind: "earlier-report" } : undefined;
}

const refused = (reason: string): Refused => ({ kind: "refused", reason });
