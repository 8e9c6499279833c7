import { workbookBounds } from "../bounds.ts";
import { cellTooLong, damaged, TooLarge, UnreadableWorkbook } from "./unreadable-workbook.ts";
import { createXmlTokenizer, MalformedXml } from "./xml-tokens.ts";

/** What a reader of XML is told, names without their prefixes: the two editions of the format differ in nothing else. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Elements without prefixes that are read at once; see `XmlTokens`. */
  shortcut?(text: string, at: number): number;
  /** Whether enough was told to be taken. */
  full?(): boolean;
}

/** Longest text, tag or comment that is read, in characters; a cell of Excel's holds 32,767, each of which may be escaped. */
const longest = 1024 * 1024;

/** Deepest that elements are nested; in a workbook it is about ten. */
const deepest = 64;

const tooManyMarks =
  "This workbook has far more in it than a list has, most of it empty. Copy the list into a new workbook, or save it as CSV.";

/** Names without their prefixes, by the names as they are written; so many are remembered. */
const namesKept = 1000;

/** What reading a workbook has cost so far, all its parts together. */
export interface XmlWork {
  /** Tags, comments and the like. */
  marks: number;
}

/**
 * Reads XML as it comes, and yields what `take` gives after each chunk, and whenever the events are full. No entity but XML's own five is
 * known.
 */
export async function* parseXml<T>(
  chunks: AsyncIterable<string>,
  events: XmlEvents,
  take: () => T,
  work: XmlWork = { marks: 0 },
): AsyncGenerator<T> {
  const names = new Map<string, string>();
  const localName = (name: string): string => {
    const known = names.get(name);
    if (known !== undefined) return known;
    if (names.size >= namesKept) names.clear();
    const local = name.slice(name.indexOf(":") + 1);
    names.set(name, local);
    return local;
  };
  let depth = 0;
  const tokenizer = createXmlTokenizer({
    open: (name, attributes) => {
      if (++depth > deepest) throw damaged();
      events.open?.(localName(name), attributes);
    },
    close: (name) => {
      depth--;
      events.close?.(localName(name));
    },
    text: (text) => events.text?.(text),
    shortcut: events.shortcut?.bind(events),
    full: events.full?.bind(events),
    doctype: () => {
      throw new UnreadableWorkbook(
        "This workbook has a document type, which no spreadsheet program writes. Save it again.",
      );
    },
  });
  try {
    for await (const chunk of chunks) {
      for (let paused = tokenizer.write(chunk); paused; paused = tokenizer.write("")) yield take();
      if (tokenizer.held() > longest) throw new TooLarge(cellTooLong);
      work.marks += tokenizer.takeMarks();
      if (work.marks > workbookBounds.marks) throw new UnreadableWorkbook(tooManyMarks);
      yield take();
    }
    tokenizer.end();
  } catch (error) {
    throw error instanceof MalformedXml ? damaged(error) : error;
  }
  yield take();
}

/** Reads XML to its end. */
export async function readXml(chunks: AsyncIterable<string>, events: XmlEvents): Promise<void> {
  for await (const _ of parseXml(chunks, events, () => undefined));
}
