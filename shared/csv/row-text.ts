import { quoted } from "../shorten.ts";
import { isEmptyToken, isSpreadsheetError } from "./clean-cells.ts";
import type { Columns } from "./columns.ts";
import { mayHoldPlaceholders } from "./foreign-placeholder.ts";
import { literalEscape } from "./literal-escapes.ts";
import { type Invalid, invalid } from "./problem.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type CompiledTemplate, compileTemplate, type NoticeValue, type Rendered, type Template } from "./template.ts";
import type { Warnings } from "./warnings.ts";

/** A row's text with its columns filled in, or why it has none. */
export type RowText = Extract<Rendered, { kind: "text" }> | Invalid;

/** Something in a row's text that a person should look at, if the row is sent. */
export interface TextDoubt {
  readonly code: string;
  readonly text: string;
  readonly example: string;
}

/** Writes each row's text: the row's own, or else the campaign's. */
export interface RowTexts {
  readonly kind: "texts";
  readonly render: (cells: readonly string[]) => RowText;
  /** What was doubtful in the text rendered last; nearly always nothing. */
  readonly doubts: () => readonly TextDoubt[];
}

/** Templates kept compiled when rows bring their own. */
const templatesKept = 1000;

const emptyText = invalid("The text is empty");

const none: readonly TextDoubt[] = [];

/** Compiles the campaign's text, `message` in the options. Refuses when neither it nor a column gives any text. */
export function createRowTexts(
  columns: Columns,
  campaignText: string | undefined,
  warnings: Warnings,
): RowTexts | RefusedFile {
  const nameable = { find: columns.find, names: columns.all.map(({ name }) => name) };
  const campaign =
    campaignText === undefined || campaignText.trim() === ""
      ? undefined
      : compileTemplate(lineFeeds(campaignText), nameable);
  if (campaign?.kind === "refused") return refused(`${campaign.reason} It is in "message" in the options.`);
  const { message } = columns;
  if (message === undefined && campaign === undefined) {
    return refused(
      'There is no text to send. Say "message" in the options, or add a column "message" (or "text").',
      "message",
    );
  }
  for (const found of campaign?.template.doubtful ?? []) {
    const { code, text, example } = doubtfulPlaceholder(found);
    warnings.add(code, text, { example });
  }
  const escaped = literalEscape(campaignText ?? "");
  if (escaped !== undefined) {
    const { code, text, example } = escapedText(escaped, campaignText ?? "");
    warnings.add(code, text, { example });
  }
  const compiled = keepingCompiled((text) => compileTemplate(text, nameable));
  let doubts = none;
  const doubt = (found: TextDoubt) => {
    doubts = [...doubts, found];
  };
  const notice = (column: string, value: string) => doubt(emptyValue(column, value));
  const written = (text: RowText): RowText => {
    // Said once for the campaign's own text.
    if (text.kind === "invalid" || escaped !== undefined) return text;
    const found = literalEscape(text.text);
    if (found !== undefined) doubt(escapedText(found, text.text));
    return text;
  };
  return {
    kind: "texts",
    doubts: () => doubts,
    render: (cells) => {
      doubts = none;
      const cell = message === undefined ? "" : (cells[message] ?? "");
      if (cell.trim() === "") {
        return campaign === undefined ? emptyText : written(fill(campaign.template, cells, notice));
      }
      if (isSpreadsheetError(cell.trim())) return spreadsheetError(columns.all[message ?? 0]?.name ?? "", cell.trim());
      if (isEmptyToken(cell.trim())) notice(columns.all[message ?? 0]?.name ?? "", cell.trim());
      const text = lineFeeds(cell);
      if (!mayHoldPlaceholders(text)) return written({ kind: "text", text });
      const own = compiled(text);
      if (own.kind === "refused") {
        return invalid("The row's text has a placeholder that cannot be filled in", own.reason);
      }
      for (const found of own.template.doubtful) doubt(doubtfulPlaceholder(found));
      return written(fill(own.template, cells, notice));
    },
  };
}

const doubtfulPlaceholder = (found: string): TextDoubt => ({
  code: "unknown-placeholder",
  text: "Something in a text looks like a placeholder of another tool, but no column has that name, so it is sent as it stands. Placeholders are written {{column}}.",
  example: quoted(found, 60),
});

const escapedText = (found: string, text: string): TextDoubt => ({
  code: "literal-escape",
  text: `A text has ${quoted(found, 20)} in it, or another such code, which is sent as it stands. If a line break or another character is meant, put that there.`,
  example: quoted(around(text, text.indexOf(found)), 60),
});

const around = (text: string, at: number) => text.slice(Math.max(0, at - 20), at + 40);

const emptyValue = (column: string, value: string): TextDoubt => ({
  code: "empty-token",
  text: 'Texts have a value filled in that usually stands for "nothing". If it does, empty these cells: then the default applies.',
  example: `${column}: ${quoted(value)}`,
});

const spreadsheetError = (column: string, value: string): Invalid =>
  invalid(`The column "${column}" holds a spreadsheet's error, and the text needs it; correct the cell`, quoted(value));

function fill(template: Template, cells: readonly string[], notice: NoticeValue): RowText {
  const rendered = template.render(cells, notice);
  if (rendered.kind === "error") return spreadsheetError(rendered.column, rendered.value);
  if (rendered.kind === "empty") {
    const { column } = rendered;
    return invalid(
      `The column "${column}" is empty, and the text needs it; fill it in, or give a default: {{${column}|…}}`,
    );
  }
  if (rendered.text.trim() === "") return emptyText;
  return rendered.text.includes("\r") ? { kind: "text", text: lineFeeds(rendered.text) } : rendered;
}

function keepingCompiled(compile: (text: string) => CompiledTemplate): (text: string) => CompiledTemplate {
  const kept = new Map<string, CompiledTemplate>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const compiled = compile(text);
    if (kept.size >= templatesKept) kept.clear();
    kept.set(text, compiled);
    return compiled;
  };
}

/** A line break is one character in a message, whatever the file used. */
const lineFeeds = (text: string) => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);
