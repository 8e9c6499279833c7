/** A workbook that is damaged, protected, not what it says it is, or too large to be a list; the sentence is for a person. */
export class UnreadableWorkbook extends Error {}

/** What to do about a workbook whose content contradicts itself. */
export const damaged = (cause?: unknown): UnreadableWorkbook =>
  new UnreadableWorkbook(
    "This workbook is damaged or was not uploaded as a whole. Open it, save it again and upload that.",
    { cause },
  );

/** What is said of a cell, or of anything else in a workbook, that no list needs at that length. */
export const cellTooLong = "A cell of this workbook is far too long. Shorten or remove it.";

/** What is said of a workbook whose content was encrypted. */
export const protectedByPassword =
  "This workbook is protected by a password. Save it without one (File, Info, Protect Workbook, Encrypt with Password, and empty the field), or save the list as CSV.";
