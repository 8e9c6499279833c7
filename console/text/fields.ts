import type { Options, Window } from "../../shared/campaign/options.ts";
import { readOptions } from "../../shared/csv/read-options.ts";

/** What somebody has filled in, as the fields hold it. */
export interface Fields {
  /** Whether one text is written here for all rows. */
  readonly writes: boolean;
  readonly message: string;
  readonly snumber: string;
  readonly country: string;
  /** The column with the numbers; empty: found by itself. */
  readonly numberColumn: string;
  /** When to begin, as a `datetime-local` field has it, by this device's clock; empty: now. */
  readonly begin: string;
  /** When to stop; empty: when all is sent. */
  readonly stop: string;
  /** Hours in which messages may be sent; absent: the stack's own alone. */
  readonly hours: DayHours | undefined;
  readonly sheet: string;
  readonly maxSegments: string;
  /** Options of a file that was dropped with the list, for which there is no field. */
  readonly others: Options;
}

/** Hours of a day, on some days, by the clock of a zone. */
export type DayHours = Required<Pick<Window, "days" | "from" | "to" | "timezone">>;

/** Nothing filled in. */
export const noFields: Fields = {
  writes: false,
  message: "",
  snumber: "",
  country: "",
  numberColumn: "",
  begin: "",
  stop: "",
  hours: undefined,
  sheet: "",
  maxSegments: "",
  others: {},
};

/** The options that fields mean: as the text of their file, or what is wrong in a sentence. */
export type FieldOptions =
  | { readonly kind: "options"; readonly options: Options; readonly text: string }
  | { readonly kind: "fault"; readonly reason: string };

/** The options as the project's own schema reads them. */
export function optionsOf(fields: Fields): FieldOptions {
  const { others, writes, numberColumn } = fields;
  const segments = fields.maxSegments.trim();
  const filled = {
    ...others,
    message: writes && fields.message.trim() !== "" ? fields.message : undefined,
    snumber: fields.snumber.trim() || undefined,
    country: fields.country.trim().toUpperCase() || undefined,
    columns: numberColumn === "" ? others.columns : { ...others.columns, cnumber: numberColumn },
    sendAfter: instantOf(fields.begin),
    sendBefore: instantOf(fields.stop),
    window: fields.hours ?? others.window,
    sheet: fields.sheet.trim() || undefined,
    maxSegments: segments === "" ? undefined : Number(segments),
  };
  const text = `${JSON.stringify(filled, null, 2)}\n`;
  const read = readOptions(text);
  return read.kind === "options"
    ? { kind: "options", options: read.options, text }
    : { kind: "fault", reason: read.reason };
}

/** The fields that options fill in. */
export function fieldsOf(options: Options): Fields {
  const { message, snumber, country, columns, sendAfter, sendBefore, sheet, maxSegments, ...others } = options;
  const { cnumber, ...otherColumns } = columns ?? {};
  return {
    ...noFields,
    writes: message !== undefined,
    message: message ?? "",
    snumber: snumber ?? "",
    country: country ?? "",
    numberColumn: cnumber ?? "",
    begin: localOf(sendAfter),
    stop: localOf(sendBefore),
    sheet: sheet ?? "",
    maxSegments: maxSegments === undefined ? "" : String(maxSegments),
    others: { ...others, ...(Object.keys(otherColumns).length === 0 ? {} : { columns: otherColumns }) },
  };
}

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
