import type { Options, Window } from "../../shared/campaign/options.ts";
import { withoutWrapping } from "../../shared/csv/number-cell.ts";
import { readOptions } from "../../shared/csv/read-options.ts";
import { readTypedNumber } from "../page/typed-number.ts";

/** What somebody has filled in, as the fields hold it. */
export interface Fields {
  /** Whether one text is written here for all rows. */
  readonly writes: boolean;
  readonly message: string;
  readonly snumber: string;
  readonly country: string;
  /** The column with the numbers; empty: found by itself. */
  readonly numberColumn: string;
  /** Whether it begins at a time rather than at once: a field that is being filled in is empty meanwhile. */
  readonly later: boolean;
  /** When to begin, as a `datetime-local` field has it, by this device's clock. */
  readonly begin: string;
  /** When to stop; empty: when all is sent. */
  readonly stop: string;
  /** Hours in which messages may be sent; absent: the stack's own alone. */
  readonly hours: DayHours | undefined;
  readonly sheet: string;
  readonly maxSegments: string;
  /** Whose rows are left out; absent: nobody's. */
  readonly leftOut: LeftOutBy | undefined;
  /** Options as findings quote them, without the braces around them. */
  readonly advice: string;
  /** Options of a file that was dropped with the list, for which there is no field. */
  readonly others: Options;
}

/** Hours of a day, on some days, by the clock of a zone. */
export type DayHours = Required<Pick<Window, "days" | "from" | "to" | "timezone">>;

/** Whose rows are left out: by a column, and the words in it, with commas between them. */
export interface LeftOutBy {
  readonly column: string;
  /** Those where it says one of the words, anything at all, or none of the words. */
  readonly by: "one" | "anything" | "none";
  readonly words: string;
}

/** Nothing filled in. */
export const noFields: Fields = {
  writes: false,
  message: "",
  snumber: "",
  country: "",
  numberColumn: "",
  later: false,
  begin: "",
  stop: "",
  hours: undefined,
  sheet: "",
  maxSegments: "",
  leftOut: undefined,
  advice: "",
  others: {},
};

/** The options that fields mean: as the text of their file, or what is wrong in a sentence. */
export type FieldOptions =
  | { readonly kind: "options"; readonly options: Options; readonly text: string }
  | { readonly kind: "fault"; readonly reason: string };

/** The options as the project's own schema reads them. */
export function optionsOf(fields: Fields): FieldOptions {
  const reason = faultOf(fields);
  if (reason !== undefined) return { kind: "fault", reason };
  const advice = adviceOf(fields.advice);
  if (advice.kind !== "options") return { kind: "fault", reason: `Options: ${advice.reason}` };
  const { writes, numberColumn, leftOut } = fields;
  const segments = readTypedNumber(fields.maxSegments);
  const others = { ...fields.others, ...advice.options };
  const columns = { ...fields.others.columns, ...advice.options.columns };
  const filled = {
    ...others,
    message: writes && fields.message.trim() !== "" ? fields.message : undefined,
    // A number that is copied from somewhere brings what a cell's brings.
    snumber: withoutWrapping(fields.snumber.trim()) || others.snumber,
    country: fields.country.trim().toUpperCase() || others.country,
    columns: columnsOf(numberColumn === "" ? columns : { ...columns, cnumber: numberColumn }),
    sendAfter: fields.later ? instantOf(fields.begin) : undefined,
    sendBefore: instantOf(fields.stop),
    window: fields.hours ?? others.window,
    sheet: fields.sheet.trim() || others.sheet,
    maxSegments: segments.kind === "number" ? segments.value : others.maxSegments,
    skipWhere: leftOut === undefined ? others.skipWhere : skipWhereOf(leftOut),
  };
  const text = `${JSON.stringify(filled, null, 2)}\n`;
  const read = readOptions(text);
  return read.kind === "options"
    ? { kind: "options", options: read.options, text }
    : { kind: "fault", reason: read.reason };
}

const columnsOf = (columns: Options["columns"] & {}) => (Object.keys(columns).length === 0 ? undefined : columns);

/** What is wrong with the fields in the page's own words; what else there may be, the schema says. */
function faultOf({ later, begin, hours, maxSegments, leftOut }: Fields): string | undefined {
  if (later && begin === "") return "Say on which day and at which time it begins.";
  if (hours?.days.length === 0) return "Choose at least one day on which messages may be sent.";
  if (hours?.from === "" || hours?.to === "") return "Say from when until when messages may be sent.";
  const most = readTypedNumber(maxSegments);
  const isWhole = most.kind === "number" && Number.isInteger(most.value);
  if (maxSegments.trim() !== "" && !isWhole) return "Say the most SMS for one message as a number, such as 3.";
  if (leftOut?.by === "one" && wordsOf(leftOut).every((word) => word === "")) {
    return `Say what is in the column ${leftOut.column} of those who are left out, such as yes.`;
  }
  return undefined;
}

/** Options as they are quoted, with or without braces; one text may be all there is, which is put in its own field. */
function adviceOf(advice: string): ReturnType<typeof readOptions> {
  const quoted = advice.trim().replace(/[.,]+$/u, "");
  if (quoted === "") return { kind: "options", options: {} };
  const read = readOptions(quoted.startsWith("{") ? quoted : `{${quoted}}`);
  if (read.kind !== "options") return read;
  const own = ["message", "sendAfter", "sendBefore"] as const;
  const taken = own.find((option) => read.options[option] !== undefined);
  return taken === undefined ? read : { kind: "refused", reason: `"${taken}" has a field of its own on this page.` };
}

const wordsOf = ({ words }: LeftOutBy) => words.split(",").map((word) => word.trim());

function skipWhereOf(leftOut: LeftOutBy): Options["skipWhere"] {
  const { column, by } = leftOut;
  switch (by) {
    case "one":
      return { column, is: wordsOf(leftOut).filter((word) => word !== "") };
    case "anything":
      return { column, isNot: [""] };
    case "none":
      return { column, isNot: wordsOf(leftOut) };
    default:
      return by satisfies never;
  }
}

/** As the fields have it; `undefined` for what they cannot hold. */
function leftOutOf(skipWhere: Options["skipWhere"]): LeftOutBy | undefined {
  if (skipWhere === undefined) return undefined;
  const { column, is, isNot = [] } = skipWhere;
  const words = (is ?? isNot).join(", ");
  const by = is !== undefined ? "one" : words === "" ? "anything" : "none";
  const leftOut: LeftOutBy = { column, by, words };
  return JSON.stringify(skipWhereOf(leftOut)) === JSON.stringify(skipWhere) ? leftOut : undefined;
}

/** The fields that options fill in. */
export function fieldsOf(options: Options): Fields {
  const { message, snumber, country, columns, sendAfter, sendBefore, sheet, maxSegments, skipWhere, ...others } =
    options;
  const leftOut = leftOutOf(skipWhere);
  const { cnumber, ...otherColumns } = columns ?? {};
  return {
    ...noFields,
    writes: message !== undefined,
    message: message ?? "",
    snumber: snumber ?? "",
    country: country ?? "",
    numberColumn: cnumber ?? "",
    later: sendAfter !== undefined,
    begin: localOf(sendAfter),
    stop: localOf(sendBefore),
    sheet: sheet ?? "",
    maxSegments: maxSegments === undefined ? "" : String(maxSegments),
    leftOut,
    others: {
      ...others,
      ...(Object.keys(otherColumns).length === 0 ? {} : { columns: otherColumns }),
      ...(skipWhere === undefined || leftOut !== undefined ? {} : { skipWhere }),
    },
  };
}

/** Whether a beginning, as its field has it, is not before `now` (epoch ms) any more, so that sending begins at once. */
export const hasPassed = ({ later, begin }: Pick<Fields, "later" | "begin">, now: number): boolean =>
  later && begin !== "" && new Date(begin).getTime() <= now;

/** An instant of this device's clock; what is no instant stays as it is, so that it is refused. */
function instantOf(local: string): string | undefined {
  if (local === "") return undefined;
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? local : at.toISOString();
}

/** As a `datetime-local` field has it. */
function localOf(instant: string | undefined): string {
  if (instant === undefined) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
