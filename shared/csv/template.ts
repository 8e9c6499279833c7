import { excerpt, quoted } from "../shorten.ts";
import { isEmptyToken, isSpreadsheetError } from "./clean-cells.ts";
import type { FindColumn } from "./columns.ts";
import { foreignPlaceholders, isForeignFallback, nearColumn, rewritten } from "./foreign-placeholder.ts";
import { type RefusedFile, refused } from "./refused-file.ts";

/** A text with `{{column}}` in it, ready to be filled in from a row's cells. */
export interface Template {
  /** The text for these cells, or the first column that has nothing for it. `notice` is told of values that may mean "nothing". */
  readonly render: (cells: readonly string[], notice: NoticeValue) => Rendered;
  /** What looks like another tool's placeholder, but names no column. */
  readonly doubtful: readonly string[];
}

/** Takes note of a value that is filled into a text. */
export type NoticeValue = (column: string, value: string) => void;

/** A text, or the column that it lacks: `empty` without a default, `error` when it holds a spreadsheet's error. */
export type Rendered =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "empty"; readonly column: string }
  | { readonly kind: "error"; readonly column: string; readonly value: string };

/** The columns that a template may name. */
export interface TemplateColumns {
  readonly find: FindColumn;
  readonly names: readonly string[];
}

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
  const doubtful: string[] = [];
  let open: Omit<Slot, "after"> | undefined;
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
      if (end < 0) {
        return refused(
          `The text has a "{{" that no "}}" closes: ${quoted(text.slice(at))}. Write "{{{{" for two braces.`,
        );
      }
      const slot = readSlot(text.slice(at + 2, end), columns);
      if (slot.kind === "refused") return slot;
      close();
      open = slot;
      at = end + 2;
    } else {
      const next = nextBraces(text, at + 1);
      const part = text.slice(at, next);
      for (const foreign of foreignPlaceholders(part, columns.find)) {
        if (foreign.kind === "column") return refused(foreignSpelling(foreign.found, foreign.write));
        doubtful.push(foreign.found);
      }
      literal += part;
      at = next;
    }
  }
  close();
  return { kind: "template", template: { render: (cells, notice) => render(before, slots, cells, notice), doubtful } };
}

/** Reads what stands between two braces. */
function readSlot(
  inner: string,
  { find, names }: TemplateColumns,
): (Omit<Slot, "after"> & { readonly kind: "slot" }) | RefusedFile {
  const [name = "", ...fallbacks] = inner.split("|");
  const column = name.trim();
  const at = find(column);
  const fallback = fallbacks.length === 0 ? undefined : fallbacks.join("|").trim();
  if (at === "several") {
    return refused(
      `The text names {{${excerpt(column, 40)}}}, but several columns have that name. Rename the one that is meant in the first line, and name that.`,
    );
  }
  if (at !== undefined && (fallback === undefined || !isForeignFallback(fallback))) {
    return { kind: "slot", column, at, fallback };
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

const foreignSpelling = (found: string, write: string) =>
  `The text has ${excerpt(found, 60)}, which is not how a column is named here and would be sent as it stands. Write ${write}.`;

function nextBraces(text: string, from: number): number {
  const opening = text.indexOf("{{", from);
  const closing = text.indexOf("}}}}", from);
  return Math.min(opening < 0 ? text.length : opening, closing < 0 ? text.length : closing);
}

function render(before: string, slots: readonly Slot[], cells: readonly string[], notice: NoticeValue): Rendered {
  let text = before;
  for (const { column, at, fallback, after } of slots) {
    const cell = (cells[at] ?? "").trim();
    if (cell !== "") {
      if (isSpreadsheetError(cell)) return { kind: "error", column, value: cell };
      if (isEmptyToken(cell)) notice(column, cell);
    }
    const value = cell || fallback;
    if (value === undefined) return { kind: "empty", column };
    text += value + after;
  }
  return { kind: "text", text };
}
