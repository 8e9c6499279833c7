import type { Defaults, Options } from "../shared/campaign/options.ts";
import { looksLikeNumber } from "../shared/csv/first-cells.ts";
import { type JudgedRow, judgeCsv } from "../shared/csv/judge-csv.ts";
import { type ListSample, readSample } from "../shared/csv/list-sample.ts";
import type { RefusedFile } from "../shared/csv/refused-file.ts";
import { counted } from "../shared/in-words.ts";
import { listAt, listBytes } from "./campaign-file.ts";

/** Reads the beginning of a list by these options, whatever they still lack; refused for any other reason. */
export const sampleList = async (
  csv: string,
  options: Options,
  defaults: Defaults,
): Promise<ListSample | RefusedFile> =>
  readSample(async (assumed) => judgeCsv(listBytes(await listAt(csv)), { options: assumed, defaults }), options);

/** The first line whose number begins with neither `+` nor `00`, for which a country may be needed. */
export function nationalNumberAt({ rows }: Pick<ListSample, "rows">, column: number): JudgedRow | undefined {
  return rows.find(({ cells }) => {
    const cell = (cells[column] ?? "").trim();
    return looksLikeNumber(cell) && !/^\(?\s*(\+|00|tel:\+)/.test(cell);
  });
}

/** How many messages are shown from the beginning. */
const firstShown = 3;

/** The first messages as they will read, and the longest of the sample, each with its segments. */
export function previewLines({ rows }: Pick<ListSample, "rows">): readonly string[] {
  const messages = rows.flatMap(({ line, verdict }) =>
    verdict.kind === "send"
      ? [{ line, to: verdict.send.cnumber, text: verdict.send.message, segments: verdict.segments }]
      : [],
  );
  const first = messages.slice(0, firstShown);
  const longest = messages.reduce<(typeof messages)[number] | undefined>(
    (best, each) => (best === undefined || isLonger(each, best) ? each : best),
    undefined,
  );
  const shown = longest === undefined || first.includes(longest) ? first : [...first, longest];
  return [
    ...shown.flatMap((message) => [
      `Line ${message.line}${message === longest && messages.length > 1 ? ", the longest" : ""}, to ${message.to}, ${counted(message.segments, "segment")}:`,
      ...message.text.split("\n").map((text) => `  ${text}`),
    ]),
    ...faultLines(rows),
  ];
}

const isLonger = (one: { text: string; segments: number }, other: { text: string; segments: number }) =>
  one.segments > other.segments || (one.segments === other.segments && one.text.length > other.text.length);

/** How many of the rows looked at could not be sent, and why the first could not. */
export function faultLines(rows: readonly JudgedRow[]): readonly string[] {
  const invalid = rows.filter(({ verdict }) => verdict.kind === "invalid");
  const [first] = invalid;
  if (first === undefined || first.verdict.kind === "send") return [];
  const of = counted(rows.length, "row");
  return [`Of the first ${of}, ${invalid.length} could not be sent; line ${first.line}: ${first.verdict.problem}.`];
}
