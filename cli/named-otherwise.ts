import { extname } from "node:path";

/** What files with these endings are, in words; whatever else has no ending of a list is read as the CSV that it may be. */
const kinds: readonly (readonly [endings: string, kind: string])[] = [
  ["pdf", "a PDF"],
  ["doc docx docm dot dotx odt rtf pages wpd", "a text document"],
  ["xlsm xlsb xltx ods fods numbers gsheet", "another kind of spreadsheet"],
  ["ppt pptx odp key", "a presentation"],
  ["html htm xhtml mht mhtml", "a web page"],
  ["xml xsl json jsonl ndjson yaml yml toml ini", "data for programs"],
  ["vcf vcard ldif", "an address book"],
  ["ics", "a calendar"],
  ["eml msg mbox pst", "an e-mail"],
  ["zip gz tgz bz2 xz zst 7z rar tar", "an archive"],
  ["png jpg jpeg gif webp heic bmp tif tiff svg", "a picture"],
  ["db sqlite sqlite3 mdb accdb sql parquet avro", "a database"],
  ["lnk url webloc desktop", "a shortcut"],
  ["exe msi app dmg bat cmd ps1 sh js ts py", "a program"],
  // Half a list would be sent to half of the people.
  ["part partial crdownload download opdownload", "a download that did not come to its end"],
];

const kindOf: ReadonlyMap<string, string> = new Map(
  kinds.flatMap(([endings, kind]) => endings.split(" ").map((ending) => [ending, kind] as const)),
);

/**
 * What the name of a list says that it is, if that is neither a CSV nor a workbook. Text in an `.xls` is none of these: many programs
 * write tables so, because Excel opens them.
 */
export const namedOtherwise = (file: string): string | undefined => kindOf.get(extname(file).slice(1).toLowerCase());
