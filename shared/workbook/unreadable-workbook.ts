/** A workbook that is damaged, protected, not what it says it is, or too large to be a list; the sentence is for a person. */
export class UnreadableWorkbook extends Error {}

/** What to do about a workbook whose content contradicts itself. */
export const damaged = (cause?: unknown): UnreadableWorkbook =>
  new UnreadableWorkbook(
    "This workbook is damaged or was not uploaded as a whole. Open it, save it again and upload that.",
    { cause },
  );
