/** What options are called on the page, where they are fields. */
const fields: Readonly<Record<string, string>> = {
  message: "What everybody gets",
  snumber: "Number to send from",
  country: "Country of numbers without a country code",
  sendAfter: "Day and time",
  sendBefore: "Stop at",
  "window.days": "Days",
  "window.from": "From",
  "window.to": "To",
  "window.timezone": "By the clock of",
  sheet: "Sheet of the workbook",
  maxSegments: "Most SMS for one message",
};

/** What sentences that are shared with the command line call other things, and what they are called here. */
const words: readonly (readonly [said: string | RegExp, plain: string])[] = [
  [/The campaign's sendAfter/gu, "The time to begin"],
  [/\bsendBefore\b/gu, "the time to stop"],
  [/ \((?:maxMessagesPerDay|optOut\.footer)\)/gu, ""],
  [": the stack's setting approval says so", ""],
  [" It is in “What everybody gets”.", ""],
];

/** What findings say of rows that can be left out, and where the page does it. */
const leavingOut: typeof words = [
  [
    /put this into the options(, with every value that means so)?: "skipWhere": \{.*\}\.$/su,
    "choose that column under “Who is left out”$1.",
  ],
  [/"skipWhere" in the options (?=can )/u, "“Who is left out” "],
  [', which "skipWhere" in the options leaves out', ", and is left out for that"],
];

/** What an option is called on the page; `undefined` where it has no field. */
const fieldOf = (option: string): string | undefined => (Object.hasOwn(fields, option) ? fields[option] : undefined);

/** A finding about the list for somebody who has never seen its options; names of columns in it stay as they are. */
export const findingInPlainWords = (sentence: string): string =>
  leavingOut
    .reduce((text, [said, plain]) => text.replace(said, plain), sentence)
    .replace(/\b(say|Say) (?:its )?"(\w+)" in the options\b/gu, (whole, say: string, option: string) => {
      const field = fieldOf(option);
      return field === undefined ? whole : `${say === "Say" ? "Fill" : "fill"} in “${field}”`;
    })
    .replace(/"(\w+)" in the options\b/gu, (whole, option: string) => {
      const field = fieldOf(option);
      return field === undefined ? whole : `“${field}”`;
    })
    .replace(/\b(in|into) the options\b/gu, "$1 “Options” under “More”");

/** A sentence about a campaign for somebody who has never seen its options or the stack's settings. */
export const inPlainWords = (sentence: string): string =>
  words.reduce(
    (text, [said, plain]) => text.replace(said, plain),
    findingInPlainWords(sentence).replace(/(?:The option )?"([\w.]+)"(?!:)/gu, (whole, option: string) => {
      const field = fieldOf(option);
      return field === undefined ? whole : `“${field}”`;
    }),
  );
