/** What a country's name is compared by: names are the same whatever their case, accents, blanks and punctuation. */
export const nameKey = (name: string) =>
  name
    .normalize("NFKD")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
