import { quoted } from "../shorten.ts";
import { type Meaning, mappableMeaning, meaningByName, parameterOf, reportMeaning } from "./column-meaning.ts";
import { columnKey } from "./column-name.ts";
import { type Header, looksLikeData, nameFault, namesInWords, noNumberColumn } from "./header-faults.ts";
import { type RefusedFile, refused } from "./refused-file.ts";

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
  /** Columns without a name at the end; a row is complete without them. */
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
export type ReadColumns = { readonly kind: "columns"; readonly columns: Columns } | RefusedFile;

/** Works out what each column means: by `mapping` (API name to column name, the options' `columns`), else by its name. */
export function readColumns(names: readonly string[], mapping: Readonly<Record<string, string>> = {}): ReadColumns {
  const keys = names.map(columnKey);
  const header: Header = { names, keys, named: keys.findLastIndex((key) => key !== "") + 1 };
  const fault = nameFault(header);
  if (fault !== undefined) return refused(fault);
  const mapped = readMapping(header, mapping);
  if (mapped.kind === "refused") return mapped;
  return locate(header, meaningsOf(header, mapped.byPosition));
}

type Mapping = { readonly kind: "mapping"; readonly byPosition: ReadonlyMap<number, Meaning> } | RefusedFile;

function readMapping(header: Header, mapping: Readonly<Record<string, string>>): Mapping {
  const byPosition = new Map<number, Meaning>();
  const taken = new Set<string>();
  for (const [parameter, name] of Object.entries(mapping)) {
    const meaning = mappableMeaning(columnKey(parameter));
    if (meaning === undefined) {
      return refused(
        `"columns" in the options maps "${parameter}", which is not a parameter of a message. Known are cnumber, message, snumber, stype, customer, file1, filename1, attachment1 and so on.`,
      );
    }
    const key = columnKey(name);
    const position = header.keys.indexOf(key);
    if (position < 0 || key === "") {
      return refused(
        `"columns" in the options says that ${parameter} is the column ${quoted(name, 40)}, but ${namesInWords(header)}.`,
      );
    }
    if (byPosition.has(position) || taken.has(parameterOf(meaning))) {
      return refused(
        `"columns" in the options gives the column ${quoted(name, 40)} or the parameter ${parameter} twice. Name each once.`,
      );
    }
    byPosition.set(position, meaning);
    taken.add(parameterOf(meaning));
  }
  return { kind: "mapping", byPosition };
}

function meaningsOf({ names, keys, named }: Header, mapped: ReadonlyMap<number, Meaning>): readonly Column[] {
  const taken = new Set([...mapped.values()].map(parameterOf));
  const apiHeader = keys.includes("cnumber");
  const byName = (key: string): Meaning => {
    // Never mapped away: what a report says was sent stays sent, even if the options map another column to it.
    const report = reportMeaning(key);
    if (report !== undefined) return report;
    const meaning = meaningByName(key, apiHeader);
    return meaning === undefined || taken.has(parameterOf(meaning)) ? { kind: "variable" } : meaning;
  };
  return names.map((name, at) => ({
    name,
    meaning: at >= named ? { kind: "nameless" } : (mapped.get(at) ?? byName(keys[at] ?? "")),
  }));
}

function locate(header: Header, all: readonly Column[]): ReadColumns {
  const at = new Map<string, number>();
  for (const [position, { name, meaning }] of all.entries()) {
    if (!givesParameter(meaning)) continue;
    const parameter = parameterOf(meaning);
    const other = at.get(parameter);
    if (other !== undefined) {
      const otherName = all[other]?.name ?? "";
      return refused(
        `The columns ${quoted(otherName, 40)} and ${quoted(name, 40)} both mean ${parameter}. Say in the options which one is meant, such as "columns": {"${parameter}": ${JSON.stringify(otherName.trim())}}.`,
        parameter === "cnumber" ? parameter : undefined,
      );
    }
    at.set(parameter, position);
  }
  const cnumber = at.get("cnumber");
  if (cnumber === undefined) {
    return refused(noNumberColumn(header), looksLikeData(header.names) ? undefined : "cnumber");
  }
  const positionsOf = (kind: Meaning["kind"]) =>
    all.flatMap(({ meaning }, position) => (meaning.kind === kind ? [position] : []));
  return {
    kind: "columns",
    columns: {
      all,
      cnumber,
      message: at.get("message"),
      snumber: at.get("snumber"),
      stype: at.get("stype"),
      customer: at.get("customer"),
      files: fileNumbers(all).map((number) => ({
        number,
        file: at.get(`file${number}`),
        filename: at.get(`filename${number}`),
        attachment: at.get(`attachment${number}`),
      })),
      sendStatus: positionsOf("send_status"),
      sendDetail: positionsOf("send_detail"),
      nameless: header.names.length - header.named,
      find: (name) => {
        const position = header.keys.indexOf(columnKey(name));
        return position < 0 || position >= header.named ? undefined : position;
      },
    },
  };
}

/** Whether a column gives a parameter of the message, which only one column may do. */
function givesParameter({ kind }: Meaning): boolean {
  switch (kind) {
    case "variable":
    case "nameless":
    case "earlier-report":
    case "send_status":
    case "send_detail":
      return false;
    case "cnumber":
    case "message":
    case "snumber":
    case "stype":
    case "customer":
    case "file":
    case "filename":
    case "attachment":
      return true;
    default:
      return kind satisfies never;
  }
}

const fileNumbers = (all: readonly Column[]) =>
  [...new Set(all.flatMap(({ meaning }) => ("number" in meaning ? [meaning.number] : [])))].sort((a, b) => a - b);
