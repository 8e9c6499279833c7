import type { Options } from "../shared/campaign/options.ts";
import { readOptions } from "../shared/csv/read-options.ts";
import { Refused } from "./exit.ts";

/** Options that the command line gives itself; they count before those of the JSON. */
export interface ListFlags {
  readonly message?: string;
  readonly from?: string;
  readonly country?: string;
  readonly sheet?: string;
}

/** The option that each flag stands for. */
const optionOf = { message: "message", from: "snumber", country: "country", sheet: "sheet" } as const;

const flagNames = ["message", "from", "country", "sheet"] as const;

/** Options with the flags that gave some of them. */
export interface FlaggedOptions {
  readonly options: Options;
  /** The flags given, such as `--message`. */
  readonly given: readonly string[];
  /** The same flags where the JSON says something else, which they replace. */
  readonly replacing: readonly string[];
}

/** The options with those of the command line in their place. Throws a Refused that names the flag for an unusable value. */
export function withFlags(options: Options, flags: ListFlags): FlaggedOptions {
  const given = flagNames.filter((name) => flags[name] !== undefined);
  const replacing = given.filter((name) => {
    const before = options[optionOf[name]];
    return before !== undefined && before !== flags[name];
  });
  return {
    options: Object.assign({}, options, ...given.map((name) => readFlag(name, flags[name] ?? ""))),
    given: given.map((name) => `--${name}`),
    replacing: replacing.map((name) => `--${name}`),
  };
}

/** Reads a flag as its option in a JSON would be read. */
function readFlag(name: (typeof flagNames)[number], value: string): Options {
  const option = optionOf[name];
  if (value.trim() === "") throw new Refused(`--${name} is empty; give it a value, or leave it out.`);
  const read = readOptions(JSON.stringify({ [option]: value }));
  if (read.kind === "options") return read.options;
  throw new Refused(read.reason.replace(`The option "${option}"`, `--${name}`));
}
