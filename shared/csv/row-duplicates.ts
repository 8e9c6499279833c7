import type { Options } from "../campaign/options.ts";
import type { SendFile } from "../enswitch/verdict.ts";
import { createFirstRows } from "./first-rows.ts";

/** When a row is a duplicate of an earlier one: the same number, the same number and text, or never. */
export type DuplicateRule = NonNullable<Options["duplicates"]>;

/** Why a duplicate is left out, by the rule; a summary knows duplicates by these. */
export const duplicateProblems = {
  number: "The number has an earlier row",
  text: "The number has an earlier row with the same text",
} as const;

/** What a row sends, as far as it tells two rows with one number apart. */
export interface RowContent {
  readonly text: string;
  readonly files: readonly SendFile[];
}

/** Remembers the rows of a campaign by what makes them duplicates. */
export interface Duplicates {
  readonly rule: DuplicateRule;
  /**
   * The line of the earlier row of which this one is a duplicate; else remembers this one's. `identity` is the number's; the content counts
   * only under the rule "text".
   */
  firstLine(identity: string, content: RowContent, line: number): number | undefined;
}

/** Applies `rule`, with no rows remembered yet. */
export function createDuplicates(rule: DuplicateRule): Duplicates {
  const rows = createFirstRows();
  return {
    rule,
    firstLine(identity, { text, files }, line) {
      switch (rule) {
        case "send":
          return undefined;
        case "number":
          return rows.firstRow(identity, line);
        case "text": {
          const key = `${identity}\n${text}`;
          return rows.firstRow(files.length === 0 ? key : `${key}\n${JSON.stringify(files)}`, line);
        }
        default:
          return rule satisfies never;
      }
    },
  };
}
