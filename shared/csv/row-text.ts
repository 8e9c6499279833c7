import { bounds } from "../bounds.ts";
import { knownResults } from "../known-results.ts";
import { excerpt, quoted } from "../shorten.ts";
import { isEmptyToken } from "./clean-cells.ts";
import type { Columns } from "./columns.ts";
import { failedMerge } from "./failed-merge.ts";
import type { DoubtfulPlaceholder } from "./foreign-placeholder.ts";
import { literalEscape } from "./literal-escapes.ts";
import { oddCharacter } from "./odd-character.ts";
import { hasPlaceholderSigns } from "./placeholder-signs.ts";
import { type Invalid, invalid } from "./problem.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type Spoilt, spoiltBy } from "./spoilt-cell.ts";
import { compileTemplate, type NoticeValue, type Rendered, type Template, type ValueDoubt } from "./template.ts";
import type { TemplateColumns } from "./template-columns.ts";
import type { Warnings } from "./warnings.ts";
import { wrappingOf } from "./wrapping-marks.ts";

/** A row's text with its columns filled in, or why it has none; `long`: it takes more SMS than a text may. */
export type RowText = Exclude<Rendered, { kind: "empty" | "spoilt" }> | Invalid;

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

const emptyText = invalid("The text is empty");

const long: RowText = { kind: "long" };

/**
 * Most characters of a text that is read and filled in, so that a row takes no more work than that. No text of so many can be sent: a part
 * has 153. Columns' names may be longer than their values, and how long a text is that is a little too long is worth knowing.
 */
const longestText = (maxSegments: number) => Math.min(bounds.text, maxSegments * 4 * 153);

const none: readonly TextDoubt[] = [];

/** Compiles the campaign's text, `message` in the options. Refuses when neither it nor a column gives any text. */
export function createRowTexts(
  columns: Pick<Columns, "all" | "find" | "message">,
  campaignText: string | undefined,
  warnings: Warnings,
  maxSegments: number = bounds.segments,
): RowTexts | RefusedFile {
  const most = longestText(maxSegments);
  const nameable = { find: columns.find, names: columns.all.map(({ name }) => name) };
  const read = readCampaignText(lineFeeds(campaignText ?? ""), nameable, warnings, most);
  if (read.kind === "refused") return refused(`${read.reason} It is in "message" in the options.`);
  const { template: campaign, escaped } = read;
  const { message } = columns;
  if (message === undefined && campaign === undefined) return noText;
  const compiled = knownResults((text) => compileTemplate(text, nameable));
  let doubts = none;
  const doubt = (found: TextDoubt) => {
    doubts = [...doubts, found];
  };
  const notice: NoticeValue = (column, value, what) => doubt(valueDoubts[what](column, value));
  const written = (text: RowText): RowText => {
    // Said once for the campaign's own text.
    if (text.kind !== "text" || escaped) return text;
    const found = literalEscape(text.text);
    if (found !== undefined) doubt(escapedText(found, text.text));
    return text;
  };
  const own = (cell: string, cells: readonly string[]): RowText => {
    if (cell.length > most) return long;
    const column = columns.all[message ?? 0]?.name ?? "";
    const trimmed = cell.trim();
    const why = spoiltBy(trimmed);
    if (why !== undefined) return spoilt(column, trimmed, why);
    const merge = failedMerge(trimmed);
    if (merge?.certain) return invalid("The row's text has a program's error in it; correct it", quoted(merge.found));
    if (merge !== undefined) doubt(lackingValue(merge.found));
    if (isEmptyToken(trimmed)) notice(column, trimmed, "empty");
    if (wrappingOf(trimmed) !== undefined) doubt(quotedText(trimmed));
    const text = lineFeeds(cell);
    if (!hasPlaceholderSigns(text)) return written({ kind: "text", text });
    const template = compiled(text);
    if (template.kind === "refused") {
      return invalid("The row's text has a placeholder that cannot be filled in", template.reason);
    }
    for (const found of template.template.doubtful) doubt(doubtfulPlaceholder(found));
    return written(fill(template.template, cells, notice, most));
  };
  return {
    kind: "texts",
    doubts: () => doubts,
    render: (cells) => {
      doubts = none;
      const cell = message === undefined ? "" : (cells[message] ?? "");
      if (cell.trim() !== "") return own(cell, cells);
      return campaign === undefined ? emptyText : written(fill(campaign, cells, notice, most));
    },
  };
}

const noText = refused(
  'There is no text to send. Say "message" in the options, or add a column "message" (or "text").',
  "message",
);

/** The campaign's text, if it has one. */
interface CampaignText {
  readonly kind: "campaign";
  readonly template: Template | undefined;
  /** Whether it has another format's codes in it, which was warned of. */
  readonly escaped: boolean;
}

function readCampaignText(
  text: string,
  columns: TemplateColumns,
  warnings: Warnings,
  most: number,
): CampaignText | RefusedFile {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "campaign", template: undefined, escaped: false };
  if (text.length > most) {
    return refused(`The text has ${text.length} characters, which are far more SMS than "maxSegments" allows.`);
  }
  switch (oddCharacter(text)) {
    case "control":
      return refused("The text has a control character, which cannot be sent. Remove it.");
    case "damaged":
      return refused("The text has a damaged character (�). Write the one that is meant.");
  }
  switch (spoiltBy(trimmed)) {
    case "formula":
      return refused("The text is a spreadsheet's formula in place of its value.");
    case "marks":
      return refused("The text has the marks around it with which programs quote it, and they would be sent.");
  }
  const compiled = compileTemplate(text, columns);
  if (compiled.kind === "refused") return compiled;
  const doubts = compiled.template.doubtful.map(doubtfulPlaceholder);
  if (wrappingOf(trimmed) !== undefined) doubts.push(quotedText(trimmed));
  const code = literalEscape(text);
  if (code !== undefined) doubts.push(escapedText(code, text));
  for (const { code, text, example } of doubts) warnings.add(code, text, { example });
  return { kind: "campaign", template: compiled.template, escaped: code !== undefined };
}

const doubtfulPlaceholder = ({ found, write }: DoubtfulPlaceholder): TextDoubt =>
  write === undefined
    ? {
        code: "unknown-placeholder",
        text: "Something in a text looks like a placeholder of another tool, but no column has that name, so it is sent as it stands. Placeholders are written {{column}}.",
        example: quoted(found, 60),
      }
    : {
        code: "column-name-in-text",
        text: "Texts have a column's name in them as another tool may write a placeholder, and it is sent as it stands. If the row's own value is meant, write the column as the examples say.",
        example: `${quoted(found, 60)}: ${excerpt(write, 60)}`,
      };

const escapedText = (found: string, text: string): TextDoubt => ({
  code: "literal-escape",
  text: `A text has ${quoted(found, 20)} in it, or another such code, which is sent as it stands. If a line break or another character is meant, put that there.`,
  example: quoted(around(text, text.indexOf(found)), 60),
});

const around = (text: string, at: number) => text.slice(Math.max(0, at - 20), at + 40);

const emptyValue = (column: string, value: string): TextDoubt => ({
  code: "empty-token",
  text: 'Texts have a value filled in that usually stands for "nothing". If it does, empty these cells: then the default applies.',
  example: `${excerpt(column, 40)}: ${quoted(value)}`,
});

const lostLetters = (column: string, value: string): TextDoubt => ({
  code: "letters-lost",
  text: 'Texts have a value filled in whose letters seem to have been lost, with question marks in their place. Export the list again as "CSV UTF-8" from where they are right.',
  example: `${column}: ${quoted(value)}`,
});

const quotedText = (text: string): TextDoubt => ({
  code: "text-in-quotes",
  text: "Texts stand in quotation marks as a whole, which are sent as they stand. If the program that wrote the list put them there, take them away.",
  example: quoted(text, 60),
});

const quotedValue = (column: string, value: string): TextDoubt => ({
  code: "value-in-quotes",
  text: "Texts have a value filled in that stands in quotation marks, which are sent as they stand. If the program that wrote the list put them there, take them away.",
  example: `${excerpt(column, 40)}: ${quoted(value)}`,
});

const dateAsNumber = (column: string, value: string): TextDoubt => ({
  code: "date-as-number",
  text: "Texts have a number filled in where the column's name says a date, as spreadsheets store dates. Format the column as a date and export the list again.",
  example: `${excerpt(column, 40)}: ${quoted(value)}`,
});

const calculatedValue = (column: string, value: string): TextDoubt => ({
  code: "calculated-value",
  text: "Texts have a number filled in with the tail of digits that a calculation leaves. Round the column and export the list again.",
  example: `${excerpt(column, 40)}: ${quoted(value)}`,
});

const scientificValue = (column: string, value: string): TextDoubt => ({
  code: "scientific-value",
  text: "Texts have a number filled in as spreadsheets shorten long ones. Format the column as a number without decimals, or as text, and export the list again.",
  example: `${excerpt(column, 40)}: ${quoted(value)}`,
});

const valueDoubts: Readonly<Record<ValueDoubt, (column: string, value: string) => TextDoubt>> = {
  empty: emptyValue,
  quoted: quotedValue,
  lost: lostLetters,
  "date-number": dateAsNumber,
  calculated: calculatedValue,
  scientific: scientificValue,
};

const lackingValue = (found: string): TextDoubt => ({
  code: "text-without-value",
  text: "A text seems to lack a value that the program which wrote it should have filled in. Look at it.",
  example: quoted(found, 60),
});

const reasons: Readonly<Record<Spoilt, (column: string) => string>> = {
  error: (column) =>
    `The column ${quoted(column, 40)} holds a spreadsheet's error, and the text needs it; correct the cell`,
  formula: (column) =>
    `The column ${quoted(column, 40)} holds a spreadsheet's formula in place of its value, and the text needs it; save the list with its values`,
  marks: (column) =>
    `The column ${quoted(column, 40)} holds the marks of the program that wrote it, and the text needs it; remove them from the cell`,
  unshown: (column) =>
    `The column ${quoted(column, 40)} holds what a program writes that cannot show a value, and the text needs it; correct the cell`,
};

const spoilt = (column: string, value: string, why: Spoilt): Invalid => invalid(reasons[why](column), quoted(value));

function fill(template: Template, cells: readonly string[], notice: NoticeValue, most: number): RowText {
  const rendered = template.render(cells, notice, most);
  if (rendered.kind === "long") return rendered;
  if (rendered.kind === "spoilt") return spoilt(rendered.column, rendered.value, rendered.why);
  if (rendered.kind === "empty") {
    const { column } = rendered;
    return invalid(
      `The column ${quoted(column, 40)} is empty, and the text needs it; fill it in, or give a default: {{${excerpt(column, 40)}|…}}`,
    );
  }
  if (rendered.text.trim() === "") return emptyText;
  return rendered.text.includes("\r") ? { kind: "text", text: lineFeeds(rendered.text) } : rendered;
}

/** A line break is one character in a message, whatever the file used. */
const lineFeeds = (text: string) => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);
