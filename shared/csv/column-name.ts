const notCompared = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Z}\p{Pd}\s_\ufffc]+/gu;

/**
 * What a name in the header is compared by: case, blanks, underscores, hyphens, invisible characters and the difference between
 * full-width and plain letters do not count, so that `LastName` is `last name`. Empty for a column that nobody can name.
 */
export const columnKey = (name: string): string => name.normalize("NFKC").toLowerCase().replace(notCompared, "");

/** The same without accents and signs: for recognising words that people spell in many ways. */
export const wordKey = (name: string): string =>
  columnKey(name)
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]+/gu, "");
