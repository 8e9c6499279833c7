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
  [" It is in “What everybody gets” in the options.", ""],
];

/** A sentence about a campaign for somebody who has never seen its options or the stack's settings. */
export const inPlainWords = (sentence: string): string =>
  words.reduce(
    (text, [said, plain]) => text.replace(said, plain),
    sentence.replace(/(?:The option )?"([\w.]+)"/gu, (whole, option: string) => {
      const field = Object.hasOwn(fields, option) ? fields[option] : undefined;
      return field === undefined ? whole : `“${field}”`;
    }),
  );
