import type { Defaults, Options } from "../campaign/options.ts";
import type { SendFile } from "../enswitch/verdict.ts";
import type { SendRow } from "../plan/plan.ts";
import type { Columns } from "./columns.ts";
import { restoreFormula } from "./neutralise-formula.ts";
import { createNumberReader, type ReadNumber, withoutWrapping } from "./phone-number.ts";
import { detailOf, type Problem } from "./problem.ts";
import type { CsvRecord } from "./read-records.ts";
import { readFiles, type SizeOf } from "./row-files.ts";
import { createSeen } from "./seen.ts";
import { measureText } from "./segments.ts";
import { shorten } from "./shorten.ts";
import { type CompiledTemplate, compileTemplate, type Rendered, type Template } from "./template.ts";

/**
 * What is to become of a row. `unicode`: its text needs UCS-2. `problem` is the same for all rows of a kind, `detail`
 * is for the report.
 */
export type RowVerdict =
  | { readonly kind: "send"; readonly send: SendRow; readonly segments: number; readonly unicode: boolean }
  | {
      readonly kind: "invalid" | "skipped";
      readonly problem: string;
      readonly detail: string;
      readonly segments: number;
    };

/** Judges data row `row` (from 1). `suspect`: look for control and damaged characters. */
export type JudgeRow = (record: CsvRecord, row: number, suspect: boolean) => RowVerdict;

/** The judge of a campaign's rows, or a sentence saying why the campaign cannot be sent at all. */
export type RowJudge =
  | { readonly kind: "judge"; readonly judge: JudgeRow }
  | { readonly kind: "refused"; readonly reason: string };

/** Most bytes of a row's parameters as JSON: 25 rows must fit into a queue message of 1 MiB, with room for its frame. */
const rowBytesLimit = 32 * 1024;

/** Segments a text may take when the options do not say. */
const defaultMaxSegments = 10;

/** The sentences of rows sent before; also how a report of a report is recognised. */
const alreadySubmitted = "Already submitted, as send_status says";
const perhapsSubmitted = "Perhaps already submitted: send_status is unknown";

/** Compiles what header, options and the stack's defaults say into the judge of single rows. */
export function createRowJudge({
  columns,
  options,
  defaults,
  sizeOf,
}: {
  readonly columns: Columns;
  readonly options: Options;
  readonly defaults: Defaults;
  readonly sizeOf: SizeOf;
}): RowJudge {
  const country = options.country ?? defaults.country;
  const reader = createNumberReader(options.numberFormat ?? (country === undefined ? "as-is" : "e164"), country);
  if (reader.kind === "refused") {
    return reader;
  }
  const compiledTexts = createTexts(columns, options.message);
  if (compiledTexts.kind === "refused") {
    return compiledTexts;
  }
  const texts: Texts = compiledTexts;
  const snumber = filled(options.snumber) ?? filled(defaults.snumber);
  if (columns.snumber === undefined && snumber === undefined) {
    return {
      kind: "refused",
      reason:
        'Nothing says which number to send from. Say "snumber" in the options, or add a column "snumber" (or "sender").',
    };
  }
  const stype = options.stype ?? defaults.stype ?? "";
  const customer = options.customer ?? defaults.customer;
  const maxSegments = options.maxSegments ?? defaultMaxSegments;
  const duplicates = options.duplicates ?? (columns.message === undefined ? "number" : "text");
  const seen = createSeen();
  const width = columns.all.length;
  const reported = columns.sendStatus.length > 0;

  function judge(record: CsvRecord, row: number, suspect: boolean): RowVerdict {
    const shape =
      shapeProblem(record, columns, width) ?? (suspect ? characterProblem(record.cells, columns) : undefined);
    if (shape !== undefined) {
      return invalid(shape);
    }
    const cells = reported ? record.cells.map(restoreFormula) : record.cells;
    const before = reported ? sentBefore(columns, cells) : undefined;
    if (before?.kind === "invalid") {
      return invalid(before);
    }
    const destination = readNumber(cells[columns.cnumber] ?? "");
    if (before !== undefined) {
      if (destination.kind === "destination" && duplicates !== "send") {
        const rendered = duplicates === "text" ? texts.render(cells) : undefined;
        const files = duplicates === "text" ? filesOf(cells) : undefined;
        remember(
          destination.identity,
          rendered?.kind === "text" ? rendered.text : "",
          files?.kind === "files" ? files.files : [],
          row,
        );
      }
      return { kind: "skipped", problem: before.problem, detail: before.problem, segments: 0 };
    }
    if (destination.kind === "invalid") {
      return invalid(destination);
    }
    const rendered = texts.render(cells);
    if (rendered.kind !== "text") {
      return invalid(rendered);
    }
    const message = rendered.text;
    const { segments, unicode } = measureText(message, maxSegments);
    if (segments > maxSegments) {
      return invalid(
        {
          problem: `The text is too long: more than ${maxSegments} SMS (maxSegments in the options)`,
          example: `${message.length} characters`,
        },
        segments,
      );
    }
    const sender = readSender(cells);
    if (sender.kind === "invalid") {
      return invalid(sender, segments);
    }
    const files = filesOf(cells);
    if (files?.kind === "invalid") {
      return invalid(files, segments);
    }
    const send: SendRow = {
      row,
      cnumber: destination.cnumber,
      message,
      snumber: sender.snumber,
      stype: sender.stype,
      customer: sender.customer,
      files: files === undefined || files.files.length === 0 ? undefined : [...files.files],
      own: sender.own,
    };
    // A UTF-16 code unit is at most six bytes of JSON: only long rows need measuring.
    if (
      (message.length > 4000 || files !== undefined || sender.snumber.length > 100) &&
      Buffer.byteLength(JSON.stringify(send)) > rowBytesLimit
    ) {
      return invalid(
        { problem: "The row is larger than 32 KiB; shorten its text or put its files under attachments/" },
        segments,
      );
    }
    if (duplicates !== "send") {
      const first = remember(destination.identity, message, send.files ?? [], row);
      if (first !== undefined) {
        return duplicates === "number"
          ? {
              kind: "skipped",
              problem: "The number has an earlier row",
              detail: `same number as row ${first}`,
              segments,
            }
          : {
              kind: "skipped",
              problem: "The number has an earlier row with the same text",
              detail: `same number and text as row ${first}`,
              segments,
            };
      }
    }
    return { kind: "send", send, segments, unicode };
  }

  const readNumber: ReadNumber = reader.read;
  const campaignSender: Sender = { kind: "sender", snumber: snumber ?? "", stype, customer, own: undefined };

  const filesOf = (cells: readonly string[]) =>
    columns.files.length === 0 ? undefined : readFiles(columns.files, cells, sizeOf);

  function remember(identity: string, text: string, files: readonly SendFile[], row: number): number | undefined {
    if (duplicates === "number") {
      return seen.firstRow(identity, row);
    }
    const key = `${identity}\n${text}`;
    return seen.firstRow(files.length === 0 ? key : `${key}\n${JSON.stringify(files)}`, row);
  }

  function readSender(cells: readonly string[]): Sender | ({ readonly kind: "invalid" } & Problem) {
    if (columns.snumber === undefined && columns.stype === undefined && columns.customer === undefined) {
      return campaignSender;
    }
    const own: NonNullable<SendRow["own"]> = [];
    const cell = (at: number | undefined, name: (typeof own)[number]) => {
      const value = at === undefined ? "" : withoutWrapping(cells[at] ?? "");
      if (value !== "") {
        own.push(name);
      }
      return value;
    };
    const ownNumber = cell(columns.snumber, "snumber");
    const ownType = cell(columns.stype, "stype").toLowerCase();
    const ownCustomer = cell(columns.customer, "customer");
    const from = ownNumber || snumber;
    if (from === undefined) {
      return { kind: "invalid", problem: "The row has no number to send from, and the options have none either" };
    }
    if (ownNumber.length > 64 || /^\d+([.,]\d+)?e[+-]?\d+$/i.test(ownNumber)) {
      return { kind: "invalid", problem: "The number to send from is not one", example: shorten(ownNumber) };
    }
    if (ownType !== "" && ownType !== "phone") {
      return {
        kind: "invalid",
        problem: 'stype must be "phone" (from a telephone line) or empty (from a number)',
        example: shorten(ownType),
      };
    }
    if (!/^\d{0,15}$/.test(ownCustomer)) {
      return {
        kind: "invalid",
        problem: "customer must be a customer's number in Enswitch",
        example: shorten(ownCustomer),
      };
    }
    return {
      kind: "sender",
      snumber: from,
      stype: ownType || stype,
      customer: ownCustomer || customer,
      own: own.length === 0 ? undefined : own,
    };
  }

  return { kind: "judge", judge };
}

interface Sender {
  readonly kind: "sender";
  readonly snumber: string;
  readonly stype: string;
  readonly customer: string | undefined;
  readonly own: SendRow["own"];
}

interface Texts {
  readonly kind: "texts";
  readonly render: (cells: readonly string[]) => Text;
}
type Text = Extract<Rendered, { kind: "text" }> | ({ readonly kind: "invalid" } & Problem);
type Refused = { readonly kind: "refused"; readonly reason: string };

/** Texts kept compiled when rows bring templates of their own. */
const templatesKept = 1000;

function createTexts(columns: Columns, campaignText: string | undefined): Texts | Refused {
  const hasCampaignText = filled(campaignText) !== undefined;
  if (columns.message === undefined && !hasCampaignText) {
    return {
      kind: "refused",
      reason: 'There is no text to send. Say "message" in the options, or add a column "message" (or "text").',
    };
  }
  const campaign = hasCampaignText ? compileTemplate(lineFeeds(campaignText ?? ""), columns.find) : undefined;
  if (campaign?.kind === "refused") {
    return { kind: "refused", reason: `${campaign.reason} It stands in "message" in the options.` };
  }
  const own = new Map<string, CompiledTemplate>();
  const { message } = columns;
  const fill = (template: Template, cells: readonly string[]): Text => {
    const rendered = template.render(cells);
    return rendered.kind === "text"
      ? rendered.text.trim() === ""
        ? emptyText
        : rendered.text.includes("\r")
          ? { kind: "text", text: lineFeeds(rendered.text) }
          : rendered
      : {
          kind: "invalid",
          problem: `The column "${rendered.column}" is empty, and the text needs it; fill it in, or give a default: {{${rendered.column}|…}}`,
        };
  };
  return {
    kind: "texts",
    render: (cells) => {
      const cell = message === undefined ? "" : (cells[message] ?? "");
      if (cell.trim() === "") {
        return campaign === undefined ? emptyText : fill(campaign.template, cells);
      }
      const text = lineFeeds(cell);
      if (!text.includes("{{")) {
        return { kind: "text", text };
      }
      let compiled = own.get(text);
      if (compiled === undefined) {
        compiled = compileTemplate(text, columns.find);
        if (own.size >= templatesKept) {
          own.clear();
        }
        own.set(text, compiled);
      }
      return compiled.kind === "refused"
        ? { kind: "invalid", problem: "The row's text has braces that cannot be filled in", example: compiled.reason }
        : fill(compiled.template, cells);
    },
  };
}

const emptyText: Text = { kind: "invalid", problem: "The text is empty" };

/** A line break is one character in a message, whatever the file used. */
const lineFeeds = (text: string) => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);

function shapeProblem({ cells, misquoted }: CsvRecord, columns: Columns, width: number): Problem | undefined {
  if (misquoted) {
    return {
      problem: "A quotation mark inside a quoted cell is not doubled, so that nobody can tell where the cell ends",
    };
  }
  if (cells.length === width && columns.nameless === 0) {
    return undefined;
  }
  const named = width - columns.nameless;
  if (cells.length < named) {
    return {
      problem: "The row has fewer cells than the header; perhaps a line break in a text is not in quotation marks",
      example: `${cells.length} instead of ${named}`,
    };
  }
  return cells.slice(named).some((cell) => cell.trim() !== "")
    ? {
        problem:
          "The row has more cells than the header has names; perhaps a text with a comma or semicolon is not in quotation marks",
        example: `${cells.length} instead of ${named}`,
      }
    : undefined;
}

function characterProblem(cells: readonly string[], columns: Columns): Problem | undefined {
  for (const [at, cell] of cells.entries()) {
    const wrong = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]/.exec(cell)?.[0];
    if (wrong !== undefined) {
      const column = `column ${shorten(columns.all[at]?.name ?? "", 40)}`;
      return wrong === "\ufffd"
        ? { problem: "A cell has a damaged character (�); correct it in the list", example: column }
        : { problem: "A cell has a control character, which cannot be sent", example: column };
    }
  }
  return undefined;
}

/** What an earlier report says: undefined if the row may be sent (again). */
function sentBefore(
  columns: Columns,
  cells: readonly string[],
): { readonly kind: "sent" | "invalid"; readonly problem: string; readonly example?: string } | undefined {
  for (const at of columns.sendDetail) {
    const detail = cells[at] ?? "";
    if (detail.startsWith(alreadySubmitted) || detail.startsWith(perhapsSubmitted)) {
      return { kind: "sent", problem: detail.startsWith(alreadySubmitted) ? alreadySubmitted : perhapsSubmitted };
    }
  }
  let wrong: string | undefined;
  for (const at of columns.sendStatus) {
    const status = (cells[at] ?? "").trim().toLowerCase();
    switch (status) {
      case "submitted":
        return { kind: "sent", problem: alreadySubmitted };
      case "unknown":
        return { kind: "sent", problem: perhapsSubmitted };
      case "":
      case "failed":
      case "invalid":
      case "cancelled":
      case "skipped":
        break;
      default:
        wrong ??= status;
    }
  }
  return wrong === undefined
    ? undefined
    : {
        kind: "invalid",
        problem:
          "send_status is none of submitted, failed, unknown, invalid, skipped, cancelled; empty the cell to send the row",
        example: shorten(wrong),
      };
}

const filled = (text: string | undefined) => (text === undefined || text.trim() === "" ? undefined : text);

const invalid = (problem: Problem, segments = 0): RowVerdict => ({
  kind: "invalid",
  problem: problem.problem,
  detail: detailOf(problem),
  segments,
});
