/** A number that a spreadsheet or a program took for a quantity, as its digits again; `lost` if some are gone. */
export function undoCalculation(text: string): string | "lost" {
  if (/\d['’‘´`]\d/.test(text)) return undoCalculation(withoutApostrophes(text));
  if (!/[.,e]/i.test(text)) return text;
  const [, whole, decimals = "", exponent] = /^[+-]?(\d+)(?:[.,](\d+))?e\+?(\d{1,3})$/i.exec(text) ?? [];
  if (whole !== undefined) {
    const places = Number(exponent);
    // Digits that are not written may be zeros that a program left out, or others that it rounded away.
    if (text[0] === "-" || decimals.length < places || /[1-9]/.test(decimals.slice(places))) return "lost";
    return whole + decimals.slice(0, places);
  }
  if (/^[+-]?\d+(?:[.,]\d+)?e-?\d+$/i.test(text)) return "lost";
  const quantity = text.replace(
    /^(\+?\d{5,}|\+?\d{1,3}(?:,\d{3}){2,}|\+?\d{1,3}(?:\.\d{3}){2,}(?=,))[.,]0{1,2}$/,
    "$1",
  );
  if (isGrouped(quantity)) return quantity.replace(/[,.]/g, "");
  return isInUnevenGroups(quantity) ? quantity.replaceAll(",", " ") : quantity;
}

/** Apostrophes group digits, as in Switzerland: a quantity's thousands are one piece, other groups stay apart. */
function withoutApostrophes(text: string): string {
  const thousands = /^\+?[1-9]\d{0,2}(?:['’‘´`]\d{3}){2,}(?:[.,]0{1,2})?$/.test(text);
  return text.replace(/(?<=\d)['’‘´`](?=\d)/g, thousands ? "" : " ");
}

/** Whether a number is grouped as quantities are, in thousands or as in India, which no two numbers of a list are. */
const isGrouped = (text: string) =>
  /^\+?[1-9]\d{0,2}(?:,\d{3}){2,}$/.test(text) || /^\+?[1-9]\d?(?:,\d\d)+,\d{3}$/.test(text);

/** Whether commas set groups apart that are too short for numbers of their own, and too different for a list of short codes. */
const isInUnevenGroups = (text: string) =>
  /^\+?\d{1,4}(?:,\d{2,5}){2,}$/.test(text) && new Set(text.split(",").map(({ length }) => length)).size > 1;
