/** What a tokenizer tells, names as they are written. Texts come whole, but for CDATA sections. */
export interface XmlTokens {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
  /** The document has a document type, which is not read. */
  doctype(): void;
  /**
   * Reads whole elements that are common, at once, from where one begins within the root: the place behind them, or -1 where it
   * knows none. It must tell what these events would.
   */
  shortcut?(text: string, at: number): number;
  /** Whether enough was told for now: reading pauses, and what has come is held. */
  full?(): boolean;
}

/** Why a document is not well-formed. */
export class MalformedXml extends Error {
  override readonly name = "MalformedXml";
}

const malformed = (why: string) => new MalformedXml(`The XML is not well-formed: ${why}.`);

/** Characters that no document has, not even as a reference. */
const notXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const start =
  ":A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const nameOnly = new RegExp(`^[${start}][${start}\\-.0-9\\xb7\\u0300-\\u036f\\u203f\\u2040]*$`, "u");
const declaration =
  /^xml[ \t\n]+version[ \t\n]*=[ \t\n]*(["'])1\.0\1(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(["'])[A-Za-z][\w.-]*\2)?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(["'])(?:yes|no)\3)?[ \t\n]*$/;
const blank = /^[ \t\n]*$/;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** A text with its references replaced; XML's own five and characters by number are all there are. */
const withoutReferences = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]+);|#([0-9]+);|(amp|lt|gt|quot|apos);)?/g, (_, hex, decimal, named) => {
    if (named !== undefined) return entities[named] ?? "";
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff) || notXml.test(String.fromCodePoint(code))) throw malformed("a reference is unknown");
    return String.fromCodePoint(code);
  });

const isBlank = (code: number) => code === 0x20 || code === 0x0a || code === 0x09;
const [lt, gt, slash, bang, question, equals, quote, apostrophe] = Array.from("<>/!?=\"'", (c) => c.charCodeAt(0));

/** Names are few and come over and over; so many are remembered. */
const namesKept = 1000;

/** A document as far as it has come. */
interface XmlDocument {
  readonly tokens: XmlTokens;
  readonly names: Set<string>;
  /** The elements that are open. */
  readonly open: string[];
  /** What has come and is not read. */
  text: string;
  began: boolean;
  rooted: boolean;
  /** How many tags, comments and the like have been read, but for closing tags. */
  marks: number;
}

function checkName(document: XmlDocument, name: string): void {
  if (document.names.has(name)) return;
  if (!nameOnly.test(name)) throw malformed("a name is none");
  if (document.names.size >= namesKept) document.names.clear();
  document.names.add(name);
}

function tellText(document: XmlDocument, raw: string): void {
  if (document.open.length === 0) {
    if (!blank.test(raw)) throw malformed("a text stands outside of the root");
    return;
  }
  if (raw.includes("]]>")) throw malformed("a text has the end of a section in it");
  document.tokens.text(raw.includes("&") ? withoutReferences(raw) : raw);
}

function close(document: XmlDocument, name: string): void {
  if (document.open.pop() !== name) throw malformed("a closing tag does not match");
  document.tokens.close(name);
}

/** Reads `<!…` from `at`; the place behind it, or -1 if its end is not there yet. */
function readBang(document: XmlDocument, at: number): number {
  const { text } = document;
  if (text.startsWith("<!--", at)) {
    const end = text.indexOf("--", at + 4);
    if (end < 0 || end + 2 >= text.length) return -1;
    if (text.charCodeAt(end + 2) !== gt) throw malformed("a comment has two hyphens in it");
    return end + 3;
  }
  if (text.startsWith("<![CDATA[", at)) {
    const end = text.indexOf("]]>", at + 9);
    if (end < 0) return -1;
    if (document.open.length === 0) throw malformed("a text stands outside of the root");
    if (end > at + 9) document.tokens.text(text.slice(at + 9, end));
    return end + 3;
  }
  const begun = text.slice(at, at + 9);
  if (begun === "<!DOCTYPE") document.tokens.doctype();
  const mayBe = ["<!--", "<![CDATA[", "<!DOCTYPE"].some(
    (whole) => whole.length > begun.length && whole.startsWith(begun),
  );
  if (mayBe) return -1;
  throw malformed("a declaration is unknown");
}

/** The same for `<?…`. */
function readInstruction(document: XmlDocument, at: number): number {
  const { text } = document;
  const end = text.indexOf("?>", at + 2);
  if (end < 0) return -1;
  const inner = text.slice(at + 2, end);
  const target = /^[^ \t\n]*/.exec(inner)?.[0] ?? "";
  if (target.toLowerCase() === "xml") {
    if (document.began || !declaration.test(inner)) throw malformed("its declaration is none");
  } else checkName(document, target);
  return end + 2;
}

/** The same for a closing tag. */
function readClose(document: XmlDocument, at: number): number {
  const { text } = document;
  const end = text.indexOf(">", at + 2);
  if (end < 0) return -1;
  let last = end;
  while (isBlank(text.charCodeAt(last - 1))) last--;
  close(document, text.slice(at + 2, last));
  return end + 1;
}

/** The same for an opening tag. */
function readOpen(document: XmlDocument, at: number): number {
  const { text } = document;
  const { length } = text;
  let next = at + 1;
  let code = 0;
  for (; next < length; next++) {
    code = text.charCodeAt(next);
    if (code === gt || code === slash || isBlank(code)) break;
  }
  const name = text.slice(at + 1, next);
  const attributes: Record<string, string> = {};
  for (;;) {
    const from = next;
    while (next < length && isBlank(text.charCodeAt(next))) next++;
    if (next >= length) return -1;
    code = text.charCodeAt(next);
    if (code === gt) break;
    if (code === slash) {
      if (next + 1 >= length) return -1;
      if (text.charCodeAt(next + 1) !== gt) throw malformed("a tag is broken");
      break;
    }
    if (next === from) throw malformed("attributes are not set apart");
    const begins = next;
    for (; next < length; next++) {
      code = text.charCodeAt(next);
      if (code === equals || code === gt || code === lt || isBlank(code)) break;
    }
    const attribute = text.slice(begins, next);
    while (next < length && isBlank(text.charCodeAt(next))) next++;
    if (next >= length) return -1;
    if (text.charCodeAt(next++) !== equals) throw malformed("an attribute has no value");
    while (next < length && isBlank(text.charCodeAt(next))) next++;
    if (next >= length) return -1;
    code = text.charCodeAt(next);
    if (code !== quote && code !== apostrophe) throw malformed("a value has no quotation marks");
    const end = text.indexOf(code === quote ? '"' : "'", next + 1);
    if (end < 0) return -1;
    checkName(document, attribute);
    if (Object.hasOwn(attributes, attribute)) throw malformed("a tag has an attribute twice");
    attributes[attribute] = attributeValue(text.slice(next + 1, end));
    next = end + 1;
  }
  checkName(document, name);
  if (document.open.length === 0 && document.rooted) throw malformed("it has two roots");
  document.rooted = true;
  document.open.push(name);
  document.tokens.open(name, attributes);
  if (code !== slash) return next + 1;
  close(document, name);
  return next + 2;
}

function readMarkup(document: XmlDocument, at: number): number {
  const { text } = document;
  const second = text.charCodeAt(at + 1);
  if (second === slash) return readClose(document, at);
  document.marks++;
  switch (second) {
    case bang:
      return readBang(document, at);
    case question:
      return readInstruction(document, at);
    default:
      return at + 1 < text.length ? readOpen(document, at) : -1;
  }
}

/** Reads as far as ends are there; whether it paused before. */
function read(document: XmlDocument): boolean {
  let at = 0;
  let paused = false;
  for (;;) {
    paused = document.tokens.full?.() === true;
    if (paused) break;
    const markup = document.text.indexOf("<", at);
    if (markup < 0) break;
    if (markup > at) {
      tellText(document, document.text.slice(at, markup));
      document.began = true;
    }
    at = markup;
    const taken = document.open.length > 0 ? (document.tokens.shortcut?.(document.text, markup) ?? -1) : -1;
    const behind = taken < 0 ? readMarkup(document, markup) : taken;
    if (behind < 0) break;
    document.began = true;
    at = behind;
  }
  document.text = document.text.slice(at);
  return paused;
}

/** Reads XML 1.0 without document types, cut anywhere but within a character. Throws MalformedXml for what is not well-formed. */
export function createXmlTokenizer(tokens: XmlTokens) {
  const document: XmlDocument = { tokens, names: new Set(), open: [], text: "", began: false, rooted: false, marks: 0 };
  return {
    /** Reads on; a text or tag whose end has not come is held. Whether it paused: then it reads on with an empty chunk. */
    write: (chunk: string): boolean => {
      if (notXml.test(chunk)) throw malformed("it has a character that no text has");
      document.text += chunk;
      // The line feed behind a carriage return may be in the next chunk.
      if (document.text.includes("\r")) document.text = document.text.replace(/\r\n|\r(?!$)/g, "\n");
      return document.text.includes("<") && read(document);
    },
    /** How many characters are held. */
    held: () => document.text.length,
    /** How many tags, comments and the like have come since this was asked last, but for closing tags and for what was read at once. */
    takeMarks: () => {
      const { marks } = document;
      document.marks = 0;
      return marks;
    },
    /** Whether everything was there. Throws for a document that is cut off. */
    end: () => {
      const { rooted, open, text } = document;
      if (!rooted || open.length > 0 || !blank.test(text.replace(/\r$/, "\n"))) throw malformed("it is cut off");
    },
  };
}

function attributeValue(raw: string): string {
  if (!/[<&\t\n]/.test(raw)) return raw;
  if (raw.includes("<")) throw malformed("a value has a tag in it");
  const value = raw.replace(/[\t\n]/g, " ");
  return value.includes("&") ? withoutReferences(value) : value;
}
