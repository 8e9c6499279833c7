/**
 * The campaign bucket's folders. `campaigns/` and `check/` take uploads, `attachments/` and `suppression/` what they
 * refer to; `work/` holds plans while they are needed, `reports/` is what people read.
 */
export const folders = {
  campaigns: "campaigns/",
  check: "check/",
  attachments: "attachments/",
  suppression: "suppression/",
  work: "work/",
  reports: "reports/",
} as const;

/** One of the bucket's folders, as permissions tell them apart. */
export type Folder = (typeof folders)[keyof typeof folders];

/** Key of a campaign's CSV. People may have written the extension in capitals: to find theirs, list instead. */
export const csvKey = (name: string): string => `${folders.campaigns}${name}.csv`;

/** How a list is stored, which is how its name ends. */
export type ListFormat = "csv" | "xlsx";

/** The format of a list by its key or file name, whatever the case of its ending; `undefined` when it is no list. */
export function listFormatOf(key: string): ListFormat | undefined {
  const ending = /\.(csv|xlsx)$/iu.exec(key)?.[1]?.toLowerCase();
  return ending === "csv" || ending === "xlsx" ? ending : undefined;
}

/** Key under which a list is uploaded to be sent. */
export const uploadKey = (name: string, format: ListFormat): string => `${folders.campaigns}${name}.${format}`;

/** Key of the options that belong to a list: the same name, ending in `.json`. */
export const optionsKey = (list: string): string => list.replace(/\.(csv|xlsx)$/iu, ".json");

/** Keys of a planning run's objects. Every run has its own prefix, so that two runs never mix. */
export const planKeys = (name: string, run: string) => {
  const prefix = `${folders.work}${name}/${run}/`;
  const part = (number: number) => `${String(number).padStart(6, "0")}.ndjson`;
  return {
    prefix,
    head: `${prefix}head.json`,
    /** Batches to send; a part without sendable rows is an empty object. */
    plan: (number: number) => `${prefix}plan/${part(number)}`,
    /** Original cells and planned statuses of all rows. */
    rows: (number: number) => `${prefix}rows/${part(number)}`,
  };
};

/** The files of a campaign's report. */
export const reportFileNames = {
  report: "report.csv",
  notSent: "not-sent.csv",
  unknown: "unknown.csv",
  reportSheet: "report.xlsx",
  notSentSheet: "not-sent.xlsx",
  unknownSheet: "unknown.xlsx",
  summary: "summary.json",
  page: "report.html",
} as const;

/** The name of the one sheet in the workbook of rows that were not sent. */
export const notSentSheetName = "Not sent";

/** Key of a file among a campaign's reports; with `""`, their prefix. */
export const reportKey = (name: string, file: string): string => `${folders.reports}${name}/${file}`;

/** The name under which a check's result is reported: that of its campaign, in a folder of its own. */
export const checkName = (name: string): string => `${folders.check}${name}`;

/** Key of the note about an upload refused because its name was taken; it never replaces the first campaign's report. */
export const refusalKey = (name: string, version: string): string => reportKey(name, `refused-${version}.json`);

/** File name of a page (from 1) of the index of all campaigns, directly under `reports/`. */
export const indexFile = (page: number): string => (page === 1 ? "index.html" : `index-${page}.html`);

/** File name of a page (from 1, the oldest) of campaigns that are older than those in the index, beside it. */
export const olderIndexFile = (page: number): string => `older-${page}.html`;
