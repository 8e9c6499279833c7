/** What sentences that are shared with the command line call things, and what they are called where there are fields for them. */
const words: readonly (readonly [said: string | RegExp, plain: string])[] = [
  [/The campaign's sendAfter/gu, "The time to begin"],
  [/\bsendBefore\b/gu, "the time to stop"],
  [/ \((?:maxMessagesPerDay|optOut\.footer)\)/gu, ""],
  [": the stack's setting approval says so", ""],
  [
    /put this into the options(, with every value that means so)?: "skipWhere": \{.*\}\.$/su,
    "choose that column under “Who is left out”$1.",
  ],
  [', which "skipWhere" in the options leaves out', ", and is left out for that"],
  [' It is in "message" in the options.', ""],
];

/** A sentence about a campaign for somebody who has never seen its options or the stack's settings. */
export const inPlainWords = (sentence: string): string =>
  words.reduce((text, [said, plain]) => text.replace(said, plain), sentence);
