import { copyable } from "../shared/copyable.ts";
import { columnKey } from "../shared/csv/column-name.ts";
import type { RefusedFile } from "../shared/csv/refused-file.ts";
import { quoted } from "../shared/shorten.ts";
import type { CampaignFile } from "./campaign-file.ts";

/** Names of columns that are listed. */
const namesShown = 12;

/** Why a list is refused; where something is missing, with the list's own columns and a command to copy that gives it. */
export function refusal(file: CampaignFile, { reason, lacks, header = [] }: RefusedFile): string {
  switch (lacks) {
    case undefined:
      return reason;
    case "cnumber":
      return `${reason} Or answer the questions of: ${copyable("new", file.csv)}`;
    case "message":
      return `${reason} ${columnsInWords(file.csv, header)} For example: ${checkWith(file, "--message", exampleText(header))}`;
    case "snumber":
      return `${reason} Or on the command line, for example: ${checkWith(file, "--from", exampleSender)}`;
    default:
      return lacks satisfies never;
  }
}

/** One of the numbers that Ofcom keeps free for examples. */
const exampleSender = "01632960000";

/** Only ever a check: a command that is copied without a thought must not send an example to everybody. */
function checkWith({ csv, options }: CampaignFile, flag: string, value: string): string {
  const json = options?.file === undefined ? [] : ["--options", options.file];
  const { message, snumber, country, sheet } = options?.read ?? {};
  const values = { "--message": message, "--from": snumber, "--country": country, "--sheet": sheet };
  const others = Object.entries(values).flatMap(([name, kept]) =>
    options?.given.includes(name) && kept !== undefined ? [name, kept] : [],
  );
  return copyable("check", csv, ...json, ...others, flag, value);
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
