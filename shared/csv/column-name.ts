/** What a header name is compared by: case, surrounding blanks, and the choice of space, underscore or hyphen do not count. */
export const columnKey = (name: string): string =>
  name
    .normalize("NFC")
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "_");
