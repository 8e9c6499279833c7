import type { Columns } from "./columns.ts";
import { type Invalid, invalid } from "./problem.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type CompiledTemplate, compileTemplate, type Rendered, type Template } from "./template.ts";

/** A row's text with its columns filled in, or why it has none. */
export type RowText = Extract<Rendered, { kind: "text" }> | Invalid;

/** Writes each row's text: the row's own, or else the campaign's. */
export interface RowTexts {
  readonly kind: "texts";
  readonly render: (cells: readonly string[]) => RowText;
}

/** Templates kept compiled when rows bring their own. */
const templatesKept = 1000;

const emptyText = invalid("The text is empty");

/** Compiles the campaign's text, `message` in the options. Refuses when neither it nor a column gives any text. */
export function createRowTexts(columns: Columns, campaignText: string | undefined): RowTexts | RefusedFile {
  const campaign =
    campaignText === undefined || campaignText.trim() === ""
      ? undefined
      : compileTemplate(lineFeeds(campaignText), columns.find);
  if (campaign?.kind === "refused") return refused(`${campaign.reason} It is in "message" in the options.`);
  const { message } = columns;
  if (message === undefined && campaign === undefined) {
    return refused(
      'There is no text to send. Say "message" in the options, or add a column "message" (or "text").',
      "message",
    );
  }
  const compiled = keepingCompiled((text) => compileTemplate(text, columns.find));
  return {
    kind: "texts",
    render: (cells) => {
      const cell = message === undefined ? "" : (cells[message] ?? "");
      if (cell.trim() === "") return campaign === undefined ? emptyText : fill(campaign.template, cells);
      const text = lineFeeds(cell);
      if (!text.includes("{{")) return { kind: "text", text };
      const own = compiled(text);
      return own.kind === "refused"
        ? invalid("The row's text has braces that cannot be filled in", own.reason)
        : fill(own.template, cells);
    },
  };
}

function fill(template: Template, cells: readonly string[]): RowText {
  const rendered = template.render(cells);
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
