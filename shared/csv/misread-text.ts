import type { Options } from "../campaign/options.ts";
import { type Invalid, invalid } from "./problem.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { twiceEncoded, twiceEncodedExample } from "./twice-encoded.ts";
import type { Warnings } from "./warnings.ts";

/** Why a row's text must not be sent as it stands: it was misread before it came into the list. Notes a warning of its line. */
export type ReadMisreadText = (text: string, line: number) => Invalid | undefined;

const problem = "The text has characters that were encoded twice, so that letters became signs";

const believe = 'If texts are right as they stand, say "encoding": "utf-8" in the options.';

/**
 * Looks for texts like "MÃ¼ller", in the options' `message` (which is refused) and in each row. Where the options say an
 * encoding they are believed: then such texts are sent, with a warning.
 */
export function createMisreadTexts(
  { message, encoding }: Options,
  warnings: Warnings,
): { readonly kind: "reads"; readonly read: ReadMisreadText } | RefusedFile {
  const believed = encoding !== undefined;
  const inMessage = twiceEncoded(message ?? "");
  if (inMessage !== undefined && !believed) {
    return refused(
      `"message" in the options has characters that were encoded twice, so that letters became signs: ${twiceEncodedExample(inMessage)}. Write it as it is meant. ${believe}`,
    );
  }
  const warning = believed
    ? "Texts have characters that seem to be encoded twice, so that letters became signs. They are sent as they stand, since the options name an encoding."
    : `Texts have characters that were encoded twice, so that letters became signs; these rows are not sent. Export the list again as "CSV UTF-8" from where its letters are right. ${believe}`;
  return {
    kind: "reads",
    read: (text, line) => {
      const found = twiceEncoded(text);
      if (found === undefined) return undefined;
      const example = twiceEncodedExample(found);
      warnings.add("encoded-twice", warning, { line, example });
      return believed ? undefined : invalid(problem, example);
    },
  };
}
