import type { Options } from "../campaign/options.ts";
import { quoted } from "../shorten.ts";
import { comparable } from "./skip-where.ts";
import { tagsIn } from "./tags.ts";

/** What is known of a column that says of some rows that they are not to be written to. */
export interface OptOutColumn {
  /** Without the blanks around it. */
  readonly name: string;
  /** Whether the options' `skipWhere` names it. */
  readonly skipped: boolean;
  /** Whether its name or cells speak of messages, not of an offer that may come by other ways. */
  readonly sure: boolean;
  /** Words that usually say so in such a column, besides those that were found. */
  readonly usual: readonly string[];
  /** What says so, and what stands in rows that are to be sent to. */
  readonly out: DistinctValues;
  readonly stay: DistinctValues;
  /** Whether something says so only by being there, such as a date. */
  other: boolean;
  /** How many rows it says so of. */
  rows: number;
}

/** All columns that say so, how many rows they do it of, and what the options leave out already. */
export interface OptOutFindings {
  readonly columns: readonly OptOutColumn[];
  readonly rows: number;
  readonly skipWhere: Options["skipWhere"];
}

/** Values of cells, each once. */
export interface DistinctValues {
  add(value: string): void;
  /** In the order in which they came; `undefined` if there are too many, or too long ones, to list them in the options. */
  all(): readonly string[] | undefined;
}

/** More or longer ones make options that nobody reads. */
const valuesListed = 20;
const charactersListed = 100;

/** No value yet; `complete` is false where values are not listed at all. */
export function createDistinctValues(complete = true): DistinctValues {
  const values = new Map<string, string>();
  let listed = complete;
  return {
    add(value) {
      listed &&= value.length <= charactersListed;
      if (!listed) return;
      const key = comparable(value);
      if (!values.has(key)) values.set(key, value);
      listed = values.size <= valuesListed;
    },
    all: () => (listed ? [...values.values()] : undefined),
  };
}

/**
 * What is wrong with sending to the rows of a column, and what to do. Options can name one column only: a `skipWhere` is advised
 * for the one that they name already, else for the surest one that says so of most rows, and never one that loses what they leave out.
 */
export function optOutAdvice(column: OptOutColumn, { columns, rows, skipWhere }: OptOutFindings): string {
  const doubt = `Rows are sent to although the column ${quoted(column.name, 40)} seems to say that these people do not want it.`;
  const [named] = columns
    .filter((one) => (skipWhere === undefined || one.skipped) && entry(one, skipWhere) !== undefined)
    .toSorted((one, other) => Number(other.sure) - Number(one.sure) || other.rows - one.rows);
  const own = column === named ? entry(column, skipWhere) : undefined;
  if (own !== undefined) {
    const advice =
      own.is !== undefined
        ? "To leave them out, put this into the options, with every value that means so"
        : column.skipped
          ? "To leave them out, too, put this into the options"
          : "To leave out all who have something there, put this into the options";
    return `${doubt} ${advice}: "skipWhere": ${JSON.stringify(own)}.`;
  }
  if (named?.rows === rows) {
    return `${doubt} What leaves out those of the column ${quoted(named.name, 40)} leaves these out, too.`;
  }
  const said = column.out.all()?.map((value) => (value === "" ? "nothing" : quoted(value, charactersListed)));
  const which = said === undefined ? "these rows" : `the rows that say ${said.join(" or ")} there`;
  return `${doubt} ${whyNone(column, named, skipWhere)}: delete ${which}, put their numbers on a suppression list, or give the list a column of its own that says so for everybody to be left out, and name that one.`;
}

function whyNone(column: OptOutColumn, named: OptOutColumn | undefined, skipWhere: Options["skipWhere"]): string {
  const other = column.skipped ? undefined : (skipWhere?.column ?? named?.name);
  if (other === undefined) return '"skipWhere" in the options can hardly list what they say there';
  const name = quoted(other.trim(), 40);
  return `"skipWhere" in the options can name one column only, ${skipWhere === undefined ? `best ${name}` : `and names ${name} already`}`;
}

/** The `skipWhere` that leaves out the rows of a column, and what it leaves out already; `undefined` if there is none. */
function entry({ name: column, out, stay, other, usual, skipped }: OptOutColumn, skipWhere: Options["skipWhere"]) {
  const said = out.all();
  const kept = stay.all();
  const before = skipped ? skipWhere : undefined;
  if (before?.isNot !== undefined) {
    const isOut = new Set(said?.map(comparable));
    const isNot = before.isNot.filter((value) => ![value, ...tagsIn(value)].some((one) => isOut.has(comparable(one))));
    return said === undefined || isNot.length === 0 ? undefined : { column, isNot };
  }
  if (other && before === undefined && kept !== undefined) return { column, isNot: each(["", "no", ...kept]) };
  return said === undefined ? undefined : { column, is: each([...said, ...(before?.is ?? []), ...usual]) };
}

/** Each once, as `skipWhere` compares them. */
const each = (values: readonly string[]) =>
  [...new Map(values.toReversed().map((value) => [comparable(value), value])).values()].toReversed();
