import { quoted } from "../shorten.ts";
import { reportMeaning } from "./column-meaning.ts";

/** The first line of a file, as it is judged. */
export interface Header {
  readonly names: readonly string[];
  /** The names as they are compared (see `columnKey`). */
  readonly keys: readonly string[];
  /** How many columns there are up to the last one with a name. */
  readonly named: number;
}

/** Names that are listed when a header lacks a column. */
const namesShown = 12;

const noHeader =
  'The first line seems to be a row already, not the column names. Put a first line such as "phone,message" above it.';

/** What is wrong with the names themselves: every column has one, and no two have the same. */
export function nameFault({ names, keys, named }: Header): string | undefined {
  if (named === 0) return "The first line has no column names. Give every column a name there.";
  const seen = new Map<string, number>();
  for (const [at, key] of keys.slice(0, named).entries()) {
    if (key === "") return `Column ${at + 1} of the first line has no name. Give it one, or remove the column.`;
    const earlier = seen.get(key);
    if (earlier !== undefined && reportMeaning(key) === undefined) {
      return looksLikeData(names)
        ? noHeader
        : `The columns ${earlier + 1} and ${at + 1} have the same name ${quoted(names[at] ?? "", 40)} (case, spaces and underscores do not count). Rename one of them.`;
    }
    seen.set(key, at);
  }
  return undefined;
}

/** Says that no column holds the phone numbers, and what to do about it. */
export const noNumberColumn = (header: Header): string =>
  looksLikeData(header.names)
    ? noHeader
    : `No column holds the phone numbers: ${namesInWords(header)}. Name it "cnumber", "phone" or "mobile" in the first line, or say which it is in the options: "columns": {"cnumber": ${JSON.stringify(likelyNumberColumn(header))}}.`;

/** The header's names, for a sentence; its cells are not repeated when they look like somebody's number. */
export const namesInWords = ({ names, named }: Header): string =>
  looksLikeData(names)
    ? "the first line seems to be a row already, not the column names"
    : `the first line names ${names
        .slice(0, Math.min(named, namesShown))
        .map((name) => quoted(name, 40))
        .join(", ")}${named > namesShown ? ` and ${named - namesShown} more` : ""}`;

/** Whether the names look like a row: they are never repeated in a sentence then. */
export const looksLikeData = (names: readonly string[]) =>
  names.some((name) => /\d{5}/.test(name.replace(/[\s().+-]/g, "")));

const likelyNumberColumn = ({ names, keys }: Header) =>
  names[keys.findIndex((key) => /num|phone|tel|mobil|cell|handy/.test(key))]?.trim() ?? "…";
