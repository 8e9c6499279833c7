import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { columnKey } from "../../shared/csv/column-name.ts";
import { findAmong } from "../../shared/csv/find-column.ts";
import { withFooter } from "../../shared/csv/row-footer.ts";
import { createRowTexts } from "../../shared/csv/row-text.ts";
import { measureText } from "../../shared/csv/segments.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";
import type { CheckedList } from "../../shared/report/summary.ts";

/** A text as a row would read it. */
export type TriedText =
  | { readonly kind: "text"; readonly line: number; readonly text: string; readonly segments: number }
  | { readonly kind: "invalid"; readonly line: number; readonly problem: string };

/** A text tried on the rows that a check shows, or what is wrong with it as a whole. */
export type TriedTexts =
  | { readonly kind: "tried"; readonly first: readonly TriedText[]; readonly longest: TriedText | undefined }
  | { readonly kind: "fault"; readonly reason: string };

/** How many of the first rows are shown. */
const firstShown = 3;

/**
 * What a text would read like: the first rows and the longest of those that the check shows, by the code by which it is
 * sent. `undefined` where there is nothing to try it on.
 */
export function tryText(
  message: string,
  { columns, rows = [] }: Pick<CheckedList, "columns" | "rows">,
  sending: ConsoleSettings["sending"],
): TriedTexts | undefined {
  if (columns === undefined || rows.length === 0 || message.trim() === "") return undefined;
  const keys = columns.map(({ name }) => columnKey(name));
  const all = columns.map(({ name }) => ({ name, meaning: { kind: "variable" as const } }));
  // Beside a text for all, only a column of this name has the rows' own.
  const own = keys.indexOf("message");
  const known = { all, find: findAmong(keys), message: own < 0 ? undefined : own };
  const texts = createRowTexts(known, message, createWarnings());
  if (texts.kind === "refused") return { kind: "fault", reason: texts.reason };
  const { footer } = sending.optOut ?? {};
  const { render } = withFooter(texts, footer === undefined ? undefined : { footer });
  const tried = rows.map(({ line, cells }): TriedText => {
    const rendered = render(cells);
    switch (rendered.kind) {
      case "text":
        return { kind: "text", line, text: rendered.text, segments: measureText(rendered.text).segments };
      case "long":
        return { kind: "invalid", line, problem: "The text is longer than any message can be" };
      case "invalid":
        return { kind: "invalid", line, problem: rendered.problem };
      default:
        return rendered satisfies never;
    }
  });
  const first = tried.toSorted((a, b) => a.line - b.line).slice(0, firstShown);
  const longest = tried.reduce<TriedText | undefined>((best, each) => (isLonger(each, best) ? each : best), undefined);
  return { kind: "tried", first, longest: longest === undefined || first.includes(longest) ? undefined : longest };
}

const isLonger = (one: TriedText, other: TriedText | undefined) =>
  one.kind === "text" &&
  (other === undefined ||
    other.kind === "invalid" ||
    one.segments > other.segments ||
    (one.segments === other.segments && one.text.length > other.text.length));
