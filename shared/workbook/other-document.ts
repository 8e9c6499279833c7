/** A document that is no list: a workbook of another kind, which a spreadsheet program can save as one, a text, or something else. */
export interface OtherDocument {
  /** For a sentence, such as "an OpenDocument text (.odt)". */
  readonly what: string;
  readonly kind: "workbook" | "text" | "mail" | "encrypted";
}

/** An OpenDocument file, by the last word of its media type. */
export function openDocument(type: string): OtherDocument {
  const name = type.replace(/-template$/, "");
  switch (name) {
    case "spreadsheet":
      return { what: "an OpenDocument spreadsheet (.ods)", kind: "workbook" };
    case "text":
      return { what: "an OpenDocument text (.odt)", kind: "text" };
    case "presentation":
      return { what: "an OpenDocument presentation (.odp)", kind: "text" };
    default:
      return { what: `an OpenDocument file with a ${name}`, kind: "text" };
  }
}

/** Entries in the directory of Microsoft's old container that say what it holds. Other documents may be embedded: the first counts. */
const entries: readonly (readonly [entry: string, document: OtherDocument])[] = [
  ["WordDocument", { what: "an old Word document (.doc)", kind: "text" }],
  ["PowerPoint Document", { what: "an old PowerPoint presentation (.ppt)", kind: "text" }],
  ["Workbook", { what: "an old Excel workbook (.xls)", kind: "workbook" }],
  ["Book", { what: "an old Excel workbook (.xls)", kind: "workbook" }],
  ["__properties_version1.0", { what: "an Outlook message (.msg)", kind: "mail" }],
];

/** What a file in Microsoft's old container holds, by bytes in which its directory is; `undefined` where they do not say. */
export function oldOfficeDocument(bytes: Uint8Array): OtherDocument | undefined {
  const buffer = Buffer.from(bytes);
  const find = (entry: string) => buffer.indexOf(Buffer.from(entry, "utf16le"));
  if (find("EncryptedPackage") >= 0 || find("EncryptionInfo") >= 0) return { what: "a workbook", kind: "encrypted" };
  const found = entries.map(([entry, document]) => ({ at: find(entry), document })).filter(({ at }) => at >= 0);
  return found.toSorted((one, other) => one.at - other.at)[0]?.document;
}
