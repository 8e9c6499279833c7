import * as z from "zod";
import { createWayToStop } from "./way-to-stop.ts";
import { optInWords, tokensOf } from "./words.ts";

/** Characters of the sentence that is put under texts: it must leave room for them. */
const longestFooter = 160;

/** Words and numbers of a stack's own: its functions are told all of them in 4 KB. */
const most = { words: 50, characters: 40, numbers: 20 } as const;

const Word = z
  .string()
  .max(most.characters)
  .refine((word) => {
    const letters = tokensOf(word).join("");
    return letters !== "" && !optInWords.some((known) => known.toLowerCase() === letters);
  });

const Wanted = z
  .strictObject({
    /** The words that opt out, in place of the usual ones. */
    words: z.array(Word).min(1).max(most.words).optional(),
    /** Is put under every text that names no way to stop. */
    footer: z.string().trim().min(1).max(longestFooter).optional(),
    /** The field of a received text that says who wrote it; "snumber" when absent. */
    numberField: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/u)
      .optional(),
    /** Further numbers of the owner's: what comes from them is nobody's reply. */
    ownNumbers: z.array(z.string().regex(/\d/u).max(most.characters)).max(most.numbers).optional(),
  })
  .refine(({ footer, words }) => footer === undefined || createWayToStop({ words })(footer));

/** The setting `optOut`: whether and how replies are read; `undefined` where they are not. */
export const OptOutSetting = z
  .union([z.boolean(), Wanted])
  .transform((setting): z.output<typeof Wanted> | undefined => (setting === true ? {} : setting || undefined));
export type OptOutSetting = NonNullable<z.output<typeof OptOutSetting>>;
