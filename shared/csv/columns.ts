import { bounds } from "../bounds.ts";
import { grouped } from "../in-words.ts";
import { quoted } from "../shorten.ts";
import { withoutFormula } from "./clean-cells.ts";
import {
  isTextAlias,
  isTimezoneName,
  type Meaning,
  mappableMeaning,
  meaningByName,
  parameterOf,
  reportMeaning,
} from "./column-meaning.ts";
import { columnKey } from "./column-name.ts";
import { type DoubtfulColumn, findCountryColumns } from "./country-columns.ts";
import { undecorated } from "./decorated-name.ts";
import type { ReadNumber } from "./destination.ts";
import { type FindColumn, findAmong } from "./find-column.ts";
import { createFirstCells, type FirstCells } from "./first-cells.ts";
import { type Header, headerFault, looksLikeData, namesInWords, noNumberColumn } from "./header-faults.ts";
import {
  bestNumberColumn,
  isNumberName,
  likelyNumberColumn,
  noteTaken,
  numberColumnAdvice,
  otherCountryInName,
  rivalNumberColumn,
  severalColumns,
} from "./number-columns.ts";
import { invalid } from "./problem.ts";
import type { CsvRecord } from "./record-parser.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { createWarnings, type Warnings } from "./warnings.ts";

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
  /** Columns that say which country the row's number belongs to. */
  readonly country: number | undefined;
  readonly callingCode: number | undefined;
  /** The recipients' time zones; looked for only where hours are by their clocks. */
  readonly timezone: number | undefined;
  /** A column that holds countries or dialling codes, though nobody said that they are those of the numbers. */
  readonly doubtfulCountry: DoubtfulColumn | undefined;
  readonly files: readonly FileColumns[];
  /** All columns named `send_status` and `send_detail`: a report of a report has several. */
  readonly sendStatus: readonly number[];
  readonly sendDetail: readonly number[];
  /** Columns without a name at the end; a row is complete without them. */
  readonly nameless: number;
  /** The position of the column with a name; `"several"` have it when nobody can tell which is meant. */
  readonly find: FindColumn;
  /** A clause that lists the names. */
  readonly inWords: string;
}

/** What decides, beside the header, what its columns mean. */
export interface ColumnClues {
  /** API name to column name, the options' `columns`. */
  readonly mapping?: Readonly<Record<string, string>>;
  /** Whether the options give a text, so that only a column `message` is one. */
  readonly campaignText?: boolean;
  /** Whether hours are by the recipients' clocks, so that a column `timezone` says when a row is sent. */
  readonly byRecipient?: boolean;
  /** The first rows, which show what a doubtful name means. */
  readonly records?: readonly CsvRecord[];
  readonly warnings?: Warnings;
  /** The country of numbers without a country code, and what reads them; by it, cells that name countries are understood. */
  readonly home?: string;
  readonly readNumber?: ReadNumber;
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

/** Works out what each column means: by the options' `columns`, else by its name, and in doubt by what the first rows hold. */
export function readColumns(cells: readonly string[], clues: ColumnClues = {}): ReadColumns {
  const { mapping = {}, records = [], warnings = createWarnings() } = clues;
  const long = cells.findIndex((name) => name.length > bounds.columnName);
  if (long >= 0) return refused(nameTooLong(cells[long] ?? "", long));
  const names = cells.map(withoutFormula);
  const keys = names.map(columnKey);
  const header: Header = { names, keys, named: keys.findLastIndex((key) => key !== "") + 1 };
  const first = createFirstCells(records);
  const mapped = readMapping(header, mapping);
  const misplaced = () => headerFault(header, first, isNumberNameIn(mapping));
  if (mapped.kind === "refused") return refused(misplaced() ?? mapped.reason);
  const meanings = meaningsOf(header, mapped, { ...clues, warnings });
  const numbers = withNumberColumn(header, meanings, first, mapped, { home: clues.home, warnings });
  if (numbers.kind === "refused") {
    const fault = numbers.missing ? misplaced() : undefined;
    return fault === undefined ? refused(numbers.reason, numbers.lacks) : refused(fault);
  }
  const all = withCountryColumns(numbers.all, first, mapped, { ...clues, warnings });
  return all.kind === "refused" ? all : locate(header, all.all, all.doubtfulCountry, first);
}

const nameTooLong = (name: string, at: number) =>
  `The name of column ${grouped(at + 1)} in the first line has more than ${grouped(bounds.columnName)} characters: ${quoted(name, 40)}. Shorten it; if the first line is no header, add one above it.`;

/** Whether a name is one by which a number's column is known, or that the options give to it. */
const isNumberNameIn = (mapping: Readonly<Record<string, string>>) => {
  const said = Object.entries(mapping).find(([parameter]) => columnKey(parameter) === "cnumber")?.[1];
  return (name: string) => (said === undefined ? isNumberName(name) : columnKey(name) === columnKey(said));
};

/** What the options may say that no column is, although one looks like it. */
const mayBeNone: ReadonlySet<Meaning["kind"]> = new Set(["country", "callingCode", "timezone"] as const);

/** What the options say: meanings by position, and the parameters that they say something about. */
interface Mapping {
  readonly kind: "mapping";
  readonly byPosition: ReadonlyMap<number, Meaning>;
  readonly taken: ReadonlySet<string>;
}

function readMapping(header: Header, mapping: Readonly<Record<string, string>>): Mapping | RefusedFile {
  const byPosition = new Map<number, Meaning>();
  const taken = new Set<string>();
  for (const [parameter, name] of Object.entries(mapping)) {
    const meaning = mappableMeaning(columnKey(parameter));
    if (meaning === undefined) {
      return refused(
        `"columns" in the options maps "${parameter}", which is not a parameter of a message. Known are cnumber, message, snumber, stype, customer, country, callingCode, timezone, file1, filename1, attachment1 and so on.`,
      );
    }
    const key = columnKey(name);
    if (key === "" && mayBeNone.has(meaning.kind)) {
      taken.add(meaning.kind);
      continue;
    }
    const position = header.keys.indexOf(key);
    if (position < 0 || key === "") {
      return refused(
        `"columns" in the options says that ${parameter} is the column ${quoted(name, 40)}, but ${namesInWords(header)}.`,
      );
    }
    if (header.keys.includes(key, position + 1)) {
      return refused(
        `"columns" in the options says that ${parameter} is the column ${quoted(name, 40)}, but several columns have that name. Rename them in the first line.`,
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
  return { kind: "mapping", byPosition, taken };
}

function meaningsOf(
  { names, keys }: Header,
  { byPosition, taken }: Mapping,
  { campaignText, byRecipient, warnings }: ColumnClues & { readonly warnings: Warnings },
): readonly Column[] {
  const apiHeader = keys.includes("cnumber");
  const byName = (name: string, key: string): Meaning => {
    // Never mapped away: what a report says was sent stays sent, even if the options map another column to it.
    const report = reportMeaning(key);
    if (report !== undefined) return report;
    if (byRecipient && isTimezoneName(key) && !taken.has("timezone")) return { kind: "timezone" };
    const meaning = meaningByName(key, apiHeader);
    if (meaning === undefined || taken.has(parameterOf(meaning))) return { kind: "variable" };
    if (!campaignText || !isTextAlias(key)) return meaning;
    noteLeftAside(warnings, name);
    return { kind: "variable" };
  };
  const all = names.map((name, at): Column => {
    const key = columnKey(name);
    return { name, meaning: key === "" ? { kind: "nameless" } : (byPosition.get(at) ?? byName(name, key)) };
  });
  return withDecorated(all, (at) => byPosition.has(at), byName, { campaignText: campaignText === true, warnings });
}

const noteLeftAside = (warnings: Warnings, name: string): void =>
  warnings.add(
    "column-left-aside",
    `The column ${quoted(name.trim(), 40)} is not sent: "message" in the options is the text. To send each row's own text, say so in the options: "columns": {"message": ${JSON.stringify(name.trim())}}.`,
  );

/** The columns with those that have a text's or a sender's name but for numbering or marks around it, where no other column has it. */
function withDecorated(
  all: readonly Column[],
  isMapped: (at: number) => boolean,
  byName: (name: string, key: string) => Meaning,
  { campaignText, warnings }: { readonly campaignText: boolean; readonly warnings: Warnings },
): readonly Column[] {
  const named = new Set(all.map(({ meaning }) => meaning.kind));
  return all.map((column, at) => {
    if (column.meaning.kind !== "variable" || isMapped(at)) return column;
    const plain = undecorated(column.name);
    if (plain === column.name.trim()) return column;
    const meaning = byName(column.name, columnKey(plain));
    if ((meaning.kind !== "message" && meaning.kind !== "snumber") || named.has(meaning.kind)) return column;
    if (meaning.kind === "message" && campaignText) {
      noteLeftAside(warnings, column.name);
      return column;
    }
    warnings.add(
      "column-guessed",
      `The column ${quoted(column.name.trim(), 40)} is taken for each row's ${meaning.kind}. If it is something else, rename it in the first line.`,
    );
    return { ...column, meaning };
  });
}

type Understood = { readonly kind: "understood"; readonly all: readonly Column[] };

const withMeaning = (all: readonly Column[], position: number | undefined, meaning: Meaning) =>
  all.map((column, at) => (at === position ? { ...column, meaning } : column));

/** The columns with the one that holds the numbers; `missing` when there is none, and perhaps no header. */
function withNumberColumn(
  header: Header,
  all: readonly Column[],
  first: FirstCells,
  { taken }: Mapping,
  { home, warnings }: { readonly home: string | undefined; readonly warnings: Warnings },
): Understood | (RefusedFile & { readonly missing?: true }) {
  const named = all.flatMap(({ meaning }, at) => (meaning.kind === "cnumber" ? [at] : []));
  const [chosen] = named;
  if (chosen !== undefined) {
    const rival = named.length > 1 || taken.has("cnumber") ? undefined : rivalNumberColumn(header, chosen, first);
    return rival === undefined
      ? { kind: "understood", all }
      : refused(severalColumns(header, [chosen, rival], first), "cnumber");
  }
  const likely = likelyNumberColumn(header, first);
  switch (likely.kind) {
    case "column": {
      const { name = "" } = all[likely.at] ?? {};
      const country = otherCountryInName(name, likely.at, first, home);
      if (country !== undefined) return refused(numbersOfAnother(name, country, home));
      noteTaken(warnings, name);
      return { kind: "understood", all: withMeaning(all, likely.at, { kind: "cnumber" }) };
    }
    case "several":
      return refused(likely.reason, "cnumber");
    case "none":
      return {
        ...refused(
          noNumberColumn(header, numberColumnAdvice(header, first)),
          looksLikeData(header.names) ? undefined : "cnumber",
        ),
        missing: true,
      };
    default:
      return likely satisfies never;
  }
}

function numbersOfAnother(name: string, country: string, home: string | undefined): string {
  const column = JSON.stringify(name.trim());
  return `The column ${quoted(name.trim(), 40)} seems to hold numbers of ${quoted(country)}, but ${home === undefined ? "the list has no country" : `the list's country is ${home}`}. Say "country" in the options as the numbers need it, and "columns": {"cnumber": ${column}}.`;
}

type WithCountries = Understood & { readonly doubtfulCountry: DoubtfulColumn | undefined };

function withCountryColumns(
  all: readonly Column[],
  first: FirstCells,
  { taken }: Mapping,
  { home, readNumber = readsNothing, warnings }: ColumnClues & { readonly warnings: Warnings },
): WithCountries | RefusedFile {
  const names = all.map(({ name }) => name);
  const found = findCountryColumns(names, {
    first,
    number: all.findIndex(({ meaning }) => meaning.kind === "cnumber"),
    readNumber,
    home,
    free: (at) => all[at]?.meaning.kind === "variable",
    undecided: (role) => !taken.has(role),
    warnings,
  });
  if (found.kind === "refused") return found;
  const withCountry = withMeaning(all, found.country, { kind: "country" });
  const withCode = withMeaning(withCountry, found.callingCode, { kind: "callingCode" });
  return { kind: "understood", all: withCode, doubtfulCountry: found.doubtful };
}

const readsNothing: ReadNumber = () => invalid("The row has no number");

/** Refuses two columns that give the same parameter. The one to advise for numbers is the one whose first rows hold them. */
function givenTwice(parameter: string, one: string, other: string, { names }: Header, first: FirstCells): RefusedFile {
  if (columnKey(one) === columnKey(other)) {
    return refused(
      `Two columns have the name ${quoted(other, 40)}, which means ${parameter} (case, blanks, hyphens and underscores do not count). Rename one of them.`,
    );
  }
  const isNumber = parameter === "cnumber";
  const such = isNumber && bestNumberColumn(names, first) === other ? other : one;
  return refused(
    `The columns ${quoted(one, 40)} and ${quoted(other, 40)} both mean ${parameter}. Say in the options which one is meant, such as "columns": {"${parameter}": ${JSON.stringify(such.trim())}}.`,
    isNumber ? parameter : undefined,
  );
}

function locate(
  header: Header,
  all: readonly Column[],
  doubtfulCountry: DoubtfulColumn | undefined,
  first: FirstCells,
): ReadColumns {
  const at = new Map<string, number>();
  for (const [position, { name, meaning }] of all.entries()) {
    if (!givesParameter(meaning)) continue;
    const parameter = parameterOf(meaning);
    const other = at.get(parameter);
    if (other !== undefined) return givenTwice(parameter, all[other]?.name ?? "", name, header, first);
    at.set(parameter, position);
  }
  const cnumber = at.get("cnumber");
  if (cnumber === undefined) throw new Error("The columns were located without one for the number.");
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
      country: at.get("country"),
      callingCode: at.get("callingCode"),
      timezone: at.get("timezone"),
      doubtfulCountry,
      files: fileNumbers(all).map((number) => ({
        number,
        file: at.get(`file${number}`),
        filename: at.get(`filename${number}`),
        attachment: at.get(`attachment${number}`),
      })),
      sendStatus: positionsOf("send_status"),
      sendDetail: positionsOf("send_detail"),
      nameless: header.names.length - header.named,
      find: findAmong(header.keys),
      inWords: sentence(namesInWords(header)),
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
    default:
      return true;
  }
}

const sentence = (clause: string) => `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`;

const fileNumbers = (all: readonly Column[]) =>
  [...new Set(all.flatMap(({ meaning }) => ("number" in meaning ? [meaning.number] : [])))].sort((a, b) => a - b);
