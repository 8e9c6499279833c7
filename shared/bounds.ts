/**
 * How large the things may be that somebody else's file decides: in one place, because memory and time of the functions
 * (`infra/rates.ts`) depend on all of them. What is beyond a bound is refused, or its row is invalid, with the reason; where it is
 * only shown, it is shortened. `docs/guarantees.md` lists them.
 */
export const bounds = {
  /** Data rows of a list. */
  rows: 10_000_000,
  /** Bytes of a record of a list: an unclosed quotation mark must not fill the memory. */
  recordBytes: 1024 * 1024,
  /** Columns of a list, as many as a sheet of Excel has. */
  columns: 16_384,
  /** Characters of a column's name; those of surveys are whole questions. */
  columnName: 1000,
  /** Bytes of a campaign's options: they are part of its item in the ledger, which DynamoDB limits to 400 KB. */
  optionsBytes: 256 * 1024,
  /** Dates that a window excepts: the stack's window is part of a function's environment, which has room for 4 KB. */
  exceptDates: 100,
  /** SMS of one text: their number is one byte of the header that joins them (3GPP TS 23.040, 9.2.3.24.1). */
  segments: 255,
  /** Characters of one text, before and after its columns are filled in: 255 SMS of 153. With a lower `maxSegments` it is less. */
  text: 255 * 153,
  /** Placeholders of one text. */
  placeholders: 500,
  /** Characters of a number or name to send from. */
  snumber: 64,
  /** Digits of a customer's number. */
  customer: 15,
  /** Characters of a file's name in a message. */
  fileName: 255,
  /** Bytes of a row's parameters as JSON: 25 rows must fit into a queue message of 1 MiB, with room for its frame. */
  rowBytes: 32 * 1024,
  /** Numbers on all suppression lists together: they are held in the memory of splitter and reporter, at some 32 bytes each. */
  suppressed: 5_000_000,
  /** Milliseconds that judging a list may take: well below the splitter's time-out, which would have it tried five times. */
  judgingMs: 12 * 60_000,
  /** Characters that the plan and the report say about one row. */
  detail: 500,
} as const;
