import { firstRowsRead } from "./first-cells.ts";
import type { CsvEvent } from "./read-records.ts";
import type { CsvRecord } from "./record-parser.ts";

type HeaderRead = Extract<CsvEvent, { kind: "header" }>;
type RecordsRead = Extract<CsvEvent, { kind: "records" }>;

/** A header, and the first rows below it as they are in the file, which show what it means, or that the header is one of them. */
export type HeaderWithRows = HeaderRead & { readonly first: readonly CsvRecord[] };

/** Records, and the one that follows them. */
export type RecordsAbove = RecordsRead & { readonly below: CsvRecord | undefined };

/** The events of a CSV, looking ahead: with the header come its first rows, with records the next one. They are the same however the file is cut. */
export async function* withFirstRows(
  events: AsyncIterable<CsvEvent>,
): AsyncGenerator<HeaderWithRows | RecordsAbove | Extract<CsvEvent, { kind: "refused" }>> {
  let header: HeaderRead | undefined;
  let waiting: RecordsRead[] = [];
  let held: RecordsRead | undefined;
  let fit: HeaderRead["fit"];

  const firstRows = () => waiting.flatMap(({ records }) => records).slice(0, firstRowsRead);
  const released = function* () {
    if (header === undefined) return;
    yield { ...header, first: firstRows() };
    header = undefined;
    for (const read of waiting) yield* lookingAhead(read);
    waiting = [];
  };
  /** Gives out all but the last record, and that of the time before. */
  const lookingAhead = function* (read: RecordsRead) {
    const records = fit === undefined ? read.records : read.records.map(fit);
    const next = records[0];
    if (next === undefined) return;
    if (held !== undefined) yield { ...held, below: next };
    const last = records.slice(-1);
    if (records.length > 1) yield { ...read, records: records.slice(0, -1), below: last[0] };
    held = { ...read, records: last };
  };

  for await (const event of events) {
    switch (event.kind) {
      case "header":
        header = event;
        fit = event.fit;
        break;
      case "records":
        if (header === undefined) {
          yield* lookingAhead(event);
          break;
        }
        waiting.push(event);
        if (firstRows().length >= firstRowsRead) yield* released();
        break;
      case "refused":
        yield* released();
        if (held !== undefined) yield { ...held, below: undefined };
        yield event;
        return;
      default:
        event satisfies never;
    }
  }
  yield* released();
  if (held !== undefined) yield { ...held, below: undefined };
}
