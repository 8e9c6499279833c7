/**
 * How large the things may be that somebody else's file decides: in one place, because memory and time of the functions
 * (`infra/rates.ts`) depend on all of them. What is beyond a bound is refused, or its row is invalid, with the reason; where it is
 * only shown, it is shortened. `docs/guarantees.md` lists them.
 */
export const bounds = {
  /** Data rows of a list. */
  rows: 10_000_000,
  /** Bytes in a record's cells, of a list or a suppression list: an unclosed quotation mark must not fill the memory. */
  recordBytes: 1024 * 1024,
  /** Columns of a list, and cells of any of its records: as many as a sheet of Excel has. */
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
  /** Characters of base64 in a row's own cells: the row travels in a queue message of 1 MiB with 24 others. */
  inlineFiles: 24 * 1024,
  /** Bytes of a row's attached objects together: at best, what carriers accept as one multimedia message. */
  attachmentBytes: 1024 * 1024,
  /** Bytes of a row's parameters as JSON: 25 rows must fit into a queue message of 1 MiB, with room for its frame. */
  rowBytes: 32 * 1024,
  /** Numbers on all suppression lists together: they are held in the memory of splitter and reporter, at some 32 bytes each. */
  suppressed: 5_000_000,
  /** Lines of the list of who opted out; it is held in memory while it is read or written, at some 200 bytes each. */
  optOutLines: 250_000,
  /** Bytes of that list: lines of the system's own have some 60. */
  optOutBytes: 32 * 1024 * 1024,
  /** Milliseconds that judging a list may take: well below the splitter's time-out, which would have it tried five times. */
  judgingMs: 12 * 60_000,
  /** Characters that the plan and the report say about one row. */
  detail: 500,
} as const;

/** How large the parts of a workbook may be, which say of themselves how large they are. Beyond a bound it is refused. */
export const workbookBounds = {
  /** Columns of a sheet that is a list; Excel's sheets have room for 16,384. */
  columns: 1000,
  /** Bytes of a sheet unpacked: a million rows of a list are some 300 MiB. */
  sheetBytes: 1024 ** 3,
  /** Bytes of its texts unpacked. */
  textBytes: 384 * 1024 ** 2,
  /**
   * Tags, comments and the like of the sheets that are read, or of another part: each takes time however short it is. A sheet as large as
   * it may be has so many if all its cells have their texts in them. Cells of nothing but a value do not count.
   */
  marks: 60_000_000,
  /** Texts, so that empty ones cannot fill the memory either: ten for each of a million rows. */
  texts: 10_000_000,
  /**
   * Characters that all rows of a sheet show. Cells that share a text take a few bytes each: without this a workbook of some
   * kilobytes could make a plan of a terabyte.
   */
  shownCharacters: 1024 ** 3,
  /** Characters of a number format; Excel's have at most 255. Each costs time in every cell that has the format. */
  formatCharacters: 1000,
  /** Bytes that are unpacked altogether, so that many small reads of a large part come to an end too. */
  unpackedBytes: 4 * 1024 ** 3,
  /** Parts; Excel writes some dozens, and one more for each sheet, drawing and pivot table. */
  parts: 10_000,
  /** Sheets that are looked through for the first one with something in it; each takes two requests. */
  sheetsSearched: 50,
  /** Cells of a sheet that were merged downwards. */
  merges: 100_000,
} as const;
