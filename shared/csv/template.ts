import { bounds } from "../bounds.ts";
import { excerpt, quoted } from "../shorten.ts";
import { isEmptyToken } from "./clean-cells.ts";
import { isForeignDefault, rewritten } from "./foreign-default.ts";
import { type DoubtfulPlaceholder, type ForeignPlaceholder, foreignPlaceholders } from "./foreign-placeholder.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type Spoilt, spoiltBy } from "./spoilt-cell.ts";
import { type SpreadsheetNumber, spreadsheetNumber } from "./spreadsheet-number.ts";
import { nearColumn, type TemplateColumns } from "./template-columns.ts";
import { wrappingOf } from "./wrapping-marks.ts";

/** A text with `{{column}}` in it, ready to be filled in from a row's cells. */
export interface Template {
  /**
   * The text for these cells, or the first column that has nothing for it; `long` as soon as it has more than `most` characters.
   * `notice` is told of doubtful values.
   */
  readonly render: (cells: readonly string[], notice: NoticeValue, most?: number) => Rendered;
  /** What looks like another tool's placeholder, and may be words of the text. */
  readonly doubtful: readonly DoubtfulPlaceholder[];
}

/**
 * Why a value is doubtful: it may mean "nothing", stands in quotation marks, has question marks where letters were, is a date as a
 * spreadsheet counts its days, has the digits that a calculation leaves, or is in scientific notation.
 */
export type ValueDoubt = "empty" | "quoted" | "lost" | SpreadsheetNumber;

/** Takes note of a doubtful value that is filled into a text. */
export type NoticeValue = (column: string, value: string, what: ValueDoubt) => void;

/**
 * A text, or the column that it lacks: `empty` without a default; `spoilt` when it holds what is never meant, and why.
 */
export type Rendered =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "long" }
  | { readonly kind: "empty"; readonly column: string }
  | { readonly kind: "spoilt"; readonly column: string; readonly value: string; readonly why: Spoilt };

/** The template, or a sentence saying what to change in it. */
export type CompiledTemplate = { readonly kind: "template"; readonly template: Template } | RefusedFile;

interface Slot {
  readonly column: string;
  readonly at: number;
  readonly fallback: string | undefined;
  /** The literal text that follows. */
  readonly after: string;
}

/**
 * Compiles `{{column}}`, `{{column|default}}`, and doubled braces (`{{{{` and `}}}}`) for literal ones. Placeholders as other tools
 * write them are refused where they name a column. Values are trimmed; nothing is escaped, and values are not templates themselves.
 */
export function compileTemplate(text: string, columns: TemplateColumns): CompiledTemplate {
  let before = "";
  let literal = "";
  const slots: Slot[] = [];
  const doubtful: DoubtfulPlaceholder[] = [];
  let open: Omit<Slot, "after"> | undefined;
  let placeholders = 0;
  const close = () => {
    if (open === undefined) {
      before = literal;
    } else {
      slots.push({ ...open, after: literal });
    }
    literal = "";
  };
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("{{{{", at) || text.startsWith("}}}}", at)) {
      literal += text.slice(at, at + 2);
      at += 4;
    } else if (text.startsWith("{{", at)) {
      const end = text.indexOf("}}", at);
      if (end === -1) {
        return refused(
          `The text has a "{{" that no "}}" closes: ${quoted(text.slice(at))}. Write "{{{{" for two braces.`,
        );
      }
      if (++placeholders > bounds.placeholders) {
        return refused(
          `The text names columns more than ${bounds.placeholders} times, which is more than a text can have.`,
        );
      }
      const slot = readSlot(text.slice(at + 2, end), columns);
      if (slot.kind === "refused") return slot;
      doubtful.push(...slot.doubtful);
      close();
      open = slot;
      at = end + 2;
      if (text[at] === "}" && !text.startsWith("}}}}", at) && !isInBraces(text.slice(0, at))) {
        return refused(
          `The text has a brace too many behind {{${excerpt(slot.column, 40)}}}, and it would be sent. Take it away, or write "}}}}" for two literal braces.`,
        );
      }
    } else {
      const next = nextBraces(text, at);
      // What its author put in doubled braces is meant to be seen.
      const shown = text.startsWith("{{{{", at - 4) && text.startsWith("}}}}", next);
      const part = text.slice(at, next);
      const doubts = shown ? noDoubts : readLiteral(part, columns);
      if (doubts.kind === "refused") return doubts;
      doubtful.push(...doubts.doubtful);
      literal += part;
      at = next;
    }
  }
  close();
  return {
    kind: "template",
    template: { render: (cells, notice, most) => render({ before, slots }, cells, notice, most), doubtful },
  };
}

/** Whether a text has opened more braces than it has closed, so that another one belongs to it. */
const isInBraces = (text: string) => text.split("{").length > text.split("}").length;

/** What is doubtful in a part of a text. */
interface Doubts {
  readonly kind: "doubts";
  readonly doubtful: readonly DoubtfulPlaceholder[];
}

const noDoubts: Doubts = { kind: "doubts", doubtful: [] };

/** Looks for placeholders of other tools in what is sent as it stands. */
function readLiteral(part: string, columns: TemplateColumns): Doubts | RefusedFile {
  const found = foreignPlaceholders(part, columns);
  if (found.length === 0) return noDoubts;
  const doubtful: DoubtfulPlaceholder[] = [];
  for (const one of found) {
    if (one.kind !== "doubtful") return refused(foreignPlaceholder(one, columns));
    doubtful.push(one);
  }
  return { kind: "doubts", doubtful };
}

/** Reads what stands between two braces. */
function readSlot(
  inner: string,
  columns: TemplateColumns,
): (Omit<Slot, "after"> & Omit<Doubts, "kind"> & { readonly kind: "slot" }) | RefusedFile {
  const { find, names } = columns;
  const [name = "", ...fallbacks] = inner.split("|");
  const column = name.trim();
  const at = find(column);
  const fallback = fallbacks.length === 0 ? undefined : fallbacks.join("|").trim();
  if (at === "several") {
    return refused(
      `The text names {{${excerpt(column, 40)}}}, but several columns have that name. Rename the one that is meant in the first line, and name that.`,
    );
  }
  if (at !== undefined && (fallback === undefined || !isForeignDefault(fallback))) {
    const doubts = readDefault(fallback ?? "", `{{${inner}}}`, columns);
    return doubts.kind === "refused" ? doubts : { kind: "slot", column, at, fallback, doubtful: doubts.doubtful };
  }
  const write = rewritten(inner, find);
  if (write !== undefined) return refused(foreignSpelling(`{{${inner}}}`, write));
  if (/^\s*[#/^]|^\s*(?:if|else|end|endif|unless)\b/i.test(inner)) {
    return refused(
      `The text has {{${excerpt(inner, 40)}}}, as other tools write conditions. There are none here: write {{column|default}} with a default for empty cells.`,
    );
  }
  const near = nearColumn(column, names);
  return refused(
    near === undefined
      ? `The text names {{${excerpt(column, 40)}}}, but no column has that name. Correct the name, or write "{{{{" for two literal braces.`
      : `The text names {{${excerpt(column, 40)}}}, but no column has that name. Did you mean {{${excerpt(near, 40)}}}?`,
  );
}

/** Looks at a default, which is sent as it stands: other tools take a column's name there. */
function readDefault(fallback: string, found: string, columns: TemplateColumns): Doubts | RefusedFile {
  const doubts = readLiteral(fallback, columns);
  if (doubts.kind === "refused" || columns.find(fallback) === undefined) return doubts;
  return { kind: "doubts", doubtful: [{ kind: "doubtful", found, write: `{{${fallback}}}` }] };
}

/** What to change where a text has another tool's placeholder. */
function foreignPlaceholder(one: Exclude<ForeignPlaceholder, DoubtfulPlaceholder>, { names }: TemplateColumns): string {
  if (one.kind === "column") return foreignSpelling(one.found, one.write);
  const near = nearColumn(one.name, names);
  const advice =
    near === undefined
      ? "Placeholders are written {{column}}, with a name from the first line."
      : `Did you mean {{${excerpt(near, 40)}}}?`;
  return `The text has ${excerpt(one.found, 60)}, which would be sent as it stands: no column has that name. ${advice}`;
}

const foreignSpelling = (found: string, write: string) =>
  `The text has ${excerpt(found, 60)}, which is not how a column is named here and would be sent as it stands. Write ${write}.`;

/** Both kinds in one search: one that looked for the other kind up to the text's end, time and again, would be slow. */
const braces = /\{\{|\}\}\}\}/g;

function nextBraces(text: string, from: number): number {
  braces.lastIndex = from;
  return braces.exec(text)?.index ?? text.length;
}

/** Whether letters of a value became question marks, as they do where an encoding lacks them: "M?ller", "????". */
const lacksLetters = (value: string) =>
  /^[?\s]*\?{3}[?\s]*$/.test(value) || /(?<![^\s(-])\p{L}*\?\p{L}+(?![^\s),.!?-])/u.test(value);

function render(
  { before, slots }: { readonly before: string; readonly slots: readonly Slot[] },
  cells: readonly string[],
  notice: NoticeValue,
  most = Number.POSITIVE_INFINITY,
): Rendered {
  let text = before;
  for (const { column, at, fallback, after } of slots) {
    const cell = (cells[at] ?? "").trim();
    if (cell !== "") {
      const why = spoiltBy(cell);
      if (why !== undefined) return { kind: "spoilt", column, value: cell, why };
      if (isEmptyToken(cell)) notice(column, cell, "empty");
      else if (wrappingOf(cell) !== undefined) notice(column, cell, "quoted");
      else if (cell.includes("?") && lacksLetters(cell)) notice(column, cell, "lost");
      else {
        const number = spreadsheetNumber(column, cell);
        if (number !== undefined) notice(column, cell, number);
      }
    }
    const value = cell || fallback;
    if (value === undefined) return { kind: "empty", column };
    text += value + after;
    if (text.length > most) return { kind: "long" };
  }
  return { kind: "text", text };
}
