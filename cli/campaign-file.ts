import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { bounds } from "../shared/bounds.ts";
import { inNfc, nameFault } from "../shared/campaign/name.ts";
import type { Options } from "../shared/campaign/options.ts";
import { fileKind } from "../shared/csv/file-kind.ts";
import type { ListBytes } from "../shared/csv/judge-csv.ts";
import { optionsTooLarge, readOptions } from "../shared/csv/read-options.ts";
import { type ListFormat, listFormatOf } from "../shared/ports/bucket-layout.ts";
import { Refused } from "./exit.ts";
import { type FlaggedOptions, type ListFlags, withFlags } from "./list-flags.ts";
import { namedOtherwise } from "./named-otherwise.ts";

/** A list on this machine, a CSV or a workbook, and its options. */
export interface CampaignFile {
  readonly csv: string;
  /** As its name ends; a file without a known ending is taken for a CSV. */
  readonly format: ListFormat;
  readonly bytes: number;
  /** The campaign's name. */
  readonly name: string;
  /** The campaign's options; `undefined` when there is neither a JSON file nor a flag. */
  readonly options: CampaignOptions | undefined;
}

/** Options as they are uploaded. */
export interface CampaignOptions extends Pick<FlaggedOptions, "given" | "replacing"> {
  /** The JSON file's path, if there is one. */
  readonly file: string | undefined;
  readonly text: string;
  readonly read: Options;
}

/** Options that are in no file. */
export interface OptionsText {
  readonly text: string;
}

/** How whoever gives a list says what its file does not: the words for it in a sentence. */
export interface SayingMore {
  readonly name: string;
  readonly options: string;
}

/** How a command line says it. */
export const flagsOfCommands: SayingMore = { name: "--name", options: "--options" };

/**
 * Finds the files that a command line, or a program, names. Without `options`, a path or their text, it takes the JSON beside the CSV, if there is one. The flags count before the JSON.
 * Throws a Refused for files that cannot be read, invalid options and names that cannot be a campaign's.
 */
export async function findCampaignFile(
  given: string,
  {
    name,
    options,
    says = flagsOfCommands,
    ...flags
  }: { readonly name?: string; readonly options?: string | OptionsText; readonly says?: SayingMore } & ListFlags,
): Promise<CampaignFile> {
  // A command that is printed to be copied would take it for a flag.
  const csv = given.startsWith("-") ? `./${given}` : given;
  const found = await stat(csv).catch(() => undefined);
  if (found === undefined) throw new Refused(`There is no file ${csv}.`);
  if (!found.isFile()) throw new Refused(`${csv} is not a file; name the list itself.`);
  await checkReadable(csv);
  const called = inNfc(name ?? basename(csv, extname(csv)));
  const fault = nameFault(called);
  if (fault !== undefined) {
    throw new Refused(name === undefined ? `${fault} Or name the campaign with ${says.name}.` : fault);
  }
  await checkKind(csv, found.size);
  const format = listFormatOf(csv) ?? "csv";
  if (flags.sheet !== undefined && format === "csv") {
    throw new Refused(`--sheet names a sheet of a workbook, but ${csv} is a CSV. Leave it out.`);
  }
  const merging = merged(await findOptions(csv, options, says), flags);
  return { csv, format, bytes: found.size, name: called, options: merging };
}

/** Bytes by which a file is told whose name says that it is no list. */
const headBytes = 4096;

/** Throws a Refused for a file whose name says that it is no list: with what it is, or that it only has such a name. */
async function checkKind(csv: string, size: number): Promise<void> {
  const kind = namedOtherwise(csv);
  if (kind === undefined || size === 0) return;
  const head = Buffer.concat(await Array.fromAsync(createReadStream(csv, { end: headBytes - 1 }), Buffer.from));
  const content = fileKind(head, undefined);
  throw new Refused(
    content.kind === "refused"
      ? content.reason
      : `${csv} has the name of ${kind}, but what it holds looks like a CSV. If it is the whole list, give it a name that ends in .csv.`,
  );
}

/** The options with those of the command line, as the JSON that is uploaded. */
function merged(found: FoundOptions | undefined, flags: ListFlags): CampaignOptions | undefined {
  const { options, given, replacing } = withFlags(found?.read ?? {}, flags);
  if (given.length > 0) {
    return { file: found?.file, text: `${JSON.stringify(options, undefined, 2)}\n`, read: options, given, replacing };
  }
  return found && { ...found, given, replacing };
}

type FoundOptions = Pick<CampaignOptions, "text" | "read" | "file">;

/** The file with a list's options in its folder, whatever the case of its ending. Throws a Refused when there are several. */
async function findBeside(csv: string, says: SayingMore): Promise<string | undefined> {
  const called = inNfc(basename(csv, extname(csv)));
  const isBeside = (file: string) =>
    file !== basename(csv) && /\.json$/iu.test(file) && inNfc(file.slice(0, -".json".length)) === called;
  const found = (await readdir(dirname(csv)).catch(() => [])).filter(isBeside).sort();
  if (found.length > 1) {
    throw new Refused(
      `${csv} has several files with options: ${found.join(" and ")}. Name the one that is meant with ${says.options}.`,
    );
  }
  return found[0] === undefined ? undefined : join(dirname(csv), found[0]);
}

/** Where a list's options are, unless the command line names another file. */
export const optionsBeside = (csv: string) => join(dirname(csv), `${basename(csv, extname(csv))}.json`);

async function findOptions(
  csv: string,
  given: string | OptionsText | undefined,
  says: SayingMore,
): Promise<FoundOptions | undefined> {
  if (typeof given === "object") {
    const read = readOptions(given.text);
    if (read.kind === "refused") throw new Refused(read.reason);
    return { file: undefined, text: given.text, read: read.options };
  }
  const file = given ?? (await findBeside(csv, says));
  if (file === undefined) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    if (given !== undefined) throw new Refused(`There is no file ${given}.`);
    return undefined;
  }
  if (!found.isFile()) throw new Refused(`${file} is not a file; name the JSON file with the campaign's options.`);
  if (found.size > bounds.optionsBytes) throw new Refused(`${file}: ${optionsTooLarge.reason}`);
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

/** The file's bytes as a stream, which `signal` ends with an error. */
export const openCsv = (csv: string, signal?: AbortSignal) =>
  createReadStream(csv, { highWaterMark: 1024 * 1024, signal });

/** A list on this machine as a file alone. */
export type ListFile = Pick<CampaignFile, "csv" | "format" | "bytes">;

/** The list at a path that exists; its format is what its name ends in, and otherwise a CSV's. */
export async function listAt(csv: string): Promise<ListFile> {
  return { csv, format: listFormatOf(csv) ?? "csv", bytes: (await stat(csv)).size };
}

/** The list, to be judged. */
export const listBytes = ({ csv, format, bytes }: ListFile): ListBytes =>
  format === "csv"
    ? openCsv(csv)
    : { size: bytes, read: (start, end) => createReadStream(csv, { start, end: end - 1, highWaterMark: 256 * 1024 }) };

/** SHA-256 of the file's bytes, in hexadecimal. */
export async function digestOf(csv: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of openCsv(csv)) digest.update(chunk);
  return digest.digest("hex");
}
