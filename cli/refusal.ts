import type { Defaults } from "../shared/campaign/options.ts";
import { copyable } from "../shared/copyable.ts";
import { columnKey } from "../shared/csv/column-name.ts";
import type { Lack, RefusedFile } from "../shared/csv/refused-file.ts";
import { quoted } from "../shared/shorten.ts";
import type { CampaignFile } from "./campaign-file.ts";
import { sampleList } from "./list-sample.ts";

/** Names of columns that are listed. */
const namesShown = 12;

/** The same as `refusal`, with all else that the list lacks. `defaults`: those that it was judged by. */
export async function wholeRefusal(file: CampaignFile, refused: RefusedFile, defaults: Defaults): Promise<string> {
  const { lacks } = refused;
  return refusal(file, refused, lacks === undefined ? [] : await lacksBeside(lacks, file, defaults));
}

/**
 * Why a list is refused; where something is missing, with `others` that are, the list's own columns and a command to copy that gives
 * them.
 */
export function refusal(
  file: CampaignFile,
  { reason, lacks, header = [] }: RefusedFile,
  others: readonly Lack[] = [],
): string {
  const also = alsoMissing(others);
  switch (lacks) {
    case undefined:
      return reason;
    case "cnumber":
      return `${reason}${also} Or answer the questions of: ${copyable("new", file.csv)}`;
    case "message":
      return `${reason}${also} ${columnsInWords(file.csv, header)} For example: ${checkWith(file, [lacks, ...others], header)}`;
    case "snumber":
      return `${reason}${also} Or on the command line, for example: ${checkWith(file, [lacks, ...others], header)}`;
    default:
      return lacks satisfies never;
  }
}

/** What else the list lacks that its options could give, so that nobody is told of one thing after the other. */
async function lacksBeside(lacks: Lack, { csv, options }: CampaignFile, defaults: Defaults): Promise<readonly Lack[]> {
  const sample = await sampleList(csv, options?.read ?? {}, defaults);
  return sample.kind === "refused" ? [] : [...sample.lacks].filter((lack) => lack !== lacks);
}

const missing: Readonly<Record<Lack, string>> = {
  cnumber: "a column with the numbers",
  message: "a text",
  snumber: "a number to send from",
};

function alsoMissing(lacks: readonly Lack[]): string {
  if (lacks.length === 0) return "";
  const what = lacks.map((lack) => missing[lack]).join(" and ");
  return ` ${what.slice(0, 1).toUpperCase()}${what.slice(1)} ${lacks.length === 1 ? "is" : "are"} missing, too.`;
}

/** One of the numbers that Ofcom keeps free for examples. */
const exampleSender = "01632960000";

/** Only ever a check: a command that is copied without a thought must not send an example to everybody. */
function checkWith({ csv, options }: CampaignFile, lacks: readonly Lack[], header: readonly string[]): string {
  const json = options?.file === undefined ? [] : ["--options", options.file];
  const { message, snumber, country, sheet } = options?.read ?? {};
  const values = { "--message": message, "--from": snumber, "--country": country, "--sheet": sheet };
  const others = Object.entries(values).flatMap(([name, kept]) =>
    options?.given.includes(name) && kept !== undefined ? [name, kept] : [],
  );
  const text = lacks.includes("message") ? ["--message", exampleText(header)] : [];
  const from = lacks.includes("snumber") ? ["--from", exampleSender] : [];
  return copyable("check", csv, ...json, ...others, ...text, ...from);
}

function columnsInWords(csv: string, header: readonly string[]): string {
  const named = header.filter((name) => name.trim() !== "");
  const shown = named.slice(0, namesShown).map((name) => quoted(name.trim(), 40));
  const more = named.length - shown.length;
  return `The columns of ${csv} are ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

/** A text with a column in it that sounds like somebody's name, where the list has one. */
function exampleText(header: readonly string[]): string {
  const usable = header.map((name) => name.trim()).filter((name) => /^[^{}|]{1,40}$/.test(name));
  const keys = usable.map(columnKey);
  const first = [/^(first|given|fore)_?name$|^vorname$|^pr[eé]nom$/, /name$|^nom$/].map((sounds) =>
    keys.findIndex((key) => sounds.test(key)),
  );
  const name = usable[first.find((at) => at >= 0) ?? -1];
  return name === undefined ? "Hello, …" : `Hi {{${name}}}, …`;
}
