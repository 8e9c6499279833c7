/** A workbook that is damaged, protected, not what it says it is, or too large to be a list; the sentence is for a person. */
export class UnreadableWorkbook extends Error {}

/** A part of a workbook that is sound, but larger than what is read of a list. */
export class TooLarge extends UnreadableWorkbook {}

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

/** What to do with a workbook of another kind. */
export const saveAsWorkbook = "Open it, save it as an Excel workbook (.xlsx) or as CSV, and upload that.";

/** What to do with a document that may have the list in it. */
export const copyFromIt =
  "Copy its list into a spreadsheet, save that as an Excel workbook (.xlsx) or as CSV, and upload that.";

/** What to do with a mail that may have the list as an attachment. */
export const takeAttachment = "Save the list that is attached to it, and upload that.";
