import { excerpt, quoted } from "../shorten.ts";
import { type RefusedFile, refused } from "./refused-file.ts";

/** A text with `{{column}}` in it, ready to be filled in from a row's cells. */
export interface Template {
  /** The text for these cells, or the name of the first column that is empty and has no default. */
  readonly render: (cells: readonly string[]) => Rendered;
}

/** A text, or the column that it lacks. */
export type Rendered =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "empty"; readonly column: string };

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
 * Compiles `{{column}}`, `{{column|default}}`, and doubled braces (`{{{{` and `}}}}`) for literal ones.
 * `find` gives the position of the column with a name. Values are trimmed; nothing is escaped, and values are not
 * templates themselves.
 */
export function compileTemplate(text: string, find: (name: string) => number | undefined): CompiledTemplate {
  let before = "";
  let literal = "";
  const slots: Slot[] = [];
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
      const [name = "", ...fallback] = text.slice(at + 2, end).split("|");
      const column = name.trim();
      const position = find(column);
      if (position === undefined) {
        return refused(
          `The text names {{${excerpt(column, 40)}}}, but no column has that name. Correct the name, or write "{{{{" for two literal braces.`,
        );
      }
      close();
      open = { column, at: position, fallback: fallback.length === 0 ? undefined : fallback.join("|").trim() };
      at = end + 2;
    } else {
      const next = nextBraces(text, at + 1);
      literal += text.slice(at, next);
      at = next;
    }
  }
  close();
  return { kind: "template", template: { render: (cells) => render(before, slots, cells) } };
}

function nextBraces(text: string, from: number): number {
  const opening = text.indexOf("{{", from);
  const closing = text.indexOf("}}}}", from);
  return Math.min(opening < 0 ? text.length : opening, closing < 0 ? text.length : closing);
}

function render(before: string, slots: readonly Slot[], cells: readonly string[]): Rendered {
  let text = before;
  for (const { column, at, fallback, after } of slots) {
    const value = (cells[at] ?? "").trim() || fallback;
    if (value === undefined) return { kind: "empty", column };
    text += value + after;
  }
  return { kind: "text", text };
}
