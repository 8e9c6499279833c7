import { SaxesParser } from "saxes";
import { cellTooLong, damaged, UnreadableWorkbook } from "./unreadable-workbook.ts";

/** What a reader of XML is told, names without their prefixes: the two editions of the format differ in nothing else. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Longest text, tag or comment that is read, in characters; a cell of Excel's holds 32,767, each of which may be escaped. */
const longest = 1024 * 1024;

/** Deepest that elements are nested; in a workbook it is about ten. */
const deepest = 64;

const localName = (name: string) => name.slice(name.indexOf(":") + 1);

/** Reads XML as it comes, and yields what `take` gives after each chunk. No entity but XML's own five is known. */
export async function* parseXml<T>(chunks: AsyncIterable<string>, events: XmlEvents, take: () => T): AsyncGenerator<T> {
  /** Characters since the last tag or text: what the parser may be holding. */
  let held = 0;
  let depth = 0;
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on("error", (error) => {
    throw damaged(error);
  });
  parser.on("doctype", () => {
    throw new UnreadableWorkbook(
      "This workbook has a document type, which no spreadsheet program writes. Save it again.",
    );
  });
  parser.on("opentag", ({ name, attributes }) => {
    held = 0;
    if (++depth > deepest) throw damaged();
    events.open?.(localName(name), attributes);
  });
  parser.on("closetag", ({ name }) => {
    held = 0;
    depth--;
    events.close?.(localName(name));
  });
  const told = (text: string) => {
    held = 0;
    events.text?.(text);
  };
  parser.on("text", told);
  parser.on("cdata", told);
  for await (const chunk of chunks) {
    parser.write(chunk);
    held += chunk.length;
    if (held > longest) throw new UnreadableWorkbook(cellTooLong);
    yield take();
  }
  parser.close();
  yield take();
}

/** Reads XML to its end. */
export async function readXml(chunks: AsyncIterable<string>, events: XmlEvents): Promise<void> {
  for await (const _ of parseXml(chunks, events, () => undefined));
}
