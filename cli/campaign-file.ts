import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { nameFault } from "../shared/campaign/name.ts";
import type { Options } from "../shared/campaign/options.ts";
import type { ListBytes } from "../shared/csv/judge-csv.ts";
import { readOptions } from "../shared/csv/read-options.ts";
import { type ListFormat, listFormatOf } from "../shared/ports/bucket-layout.ts";
import { Refused } from "./exit.ts";

/** A list on this machine, a CSV or a workbook, and its options. */
export interface CampaignFile {
  readonly csv: string;
  /** As its name ends; a file without a known ending is taken for a CSV. */
  readonly format: ListFormat;
  readonly bytes: number;
  /** The campaign's name. */
  readonly name: string;
  /** The options file's path, text and parsed content; `undefined` when there is no such file. */
  readonly options: { readonly file: string; readonly text: string; readonly read: Options } | undefined;
}

/**
 * Finds the files that a command line names. Without `options` it takes the JSON beside the CSV, if there is one.
 * Throws a Refused for files that cannot be read, invalid options and names that cannot be a campaign's.
 */
export async function findCampaignFile(
  csv: string,
  { name, options }: { readonly name?: string; readonly options?: string },
): Promise<CampaignFile> {
  const found = await stat(csv).catch(() => undefined);
  if (found === undefined) throw new Refused(`There is no file ${csv}.`);
  if (!found.isFile()) throw new Refused(`${csv} is not a file; name the list itself.`);
  await checkReadable(csv);
  const called = name ?? basename(csv, extname(csv));
  const fault = nameFault(called);
  if (fault !== undefined) throw new Refused(name === undefined ? `${fault} Or name the campaign with --name.` : fault);
  const format = listFormatOf(csv) ?? "csv";
  return { csv, format, bytes: found.size, name: called, options: await findOptions(csv, options) };
}

async function findOptions(csv: string, given: string | undefined): Promise<CampaignFile["options"]> {
  const file = given ?? join(dirname(csv), `${basename(csv, extname(csv))}.json`);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    if (given !== undefined) throw new Refused(`There is no file ${given}.`);
    return undefined;
  }
  if (!found.isFile()) throw new Refused(`${file} is not a file; name the JSON file with the campaign's options.`);
  if (found.size > 1024 * 1024) throw new Refused(`${file} is larger than 1 MiB, which is too large for options.`);
  await checkReadable(file);
  const text = await readFile(file, "utf8");
  const read = readOptions(text);
  if (read.kind === "refused") throw new Refused(`${file}: ${read.reason}`);
  return { file, text, read: read.options };
}

async function checkReadable(file: string): Promise<void> {
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw new Refused(`${file} cannot be read; check its permissions.`, { cause });
  });
}

/** The file's bytes as a stream. */
export const openCsv = (csv: string) => createReadStream(csv, { highWaterMark: 1024 * 1024 });

/** The list, to be judged. */
export const listBytes = ({ csv, format, bytes }: CampaignFile): ListBytes =>
  format === "csv"
    ? openCsv(csv)
    : { size: bytes, read: (start, end) => createReadStream(csv, { start, end: end - 1, highWaterMark: 256 * 1024 }) };

/** SHA-256 of the file's bytes, in hexadecimal. */
export async function digestOf(csv: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of openCsv(csv)) digest.update(chunk);
  return digest.digest("hex");
}
