import type { ServerResponse } from "node:http";

/**
 * The content of an XML element: text, or its children by name. An array repeats its element once per item, `undefined`
 * leaves it out, and names that start with `@` are attributes.
 */
export type XmlContent = string | number | boolean | XmlChildren;

/** An element's children and attributes by name, in the order in which they are written. */
export interface XmlChildren {
  readonly [name: string]: XmlContent | readonly XmlContent[] | undefined;
}

/** Writes elements as XML text, with everything escaped. */
export function writeXml(elements: XmlChildren): string {
  return Object.entries(elements)
    .filter(([name]) => !name.startsWith("@"))
    .flatMap(([name, content]) => itemsOf(content).map((item) => writeElement(name, item)))
    .join("");
}

/** Sends an XML document; `document` has its one root element. */
export function sendXml(
  response: ServerResponse,
  status: number,
  document: XmlChildren,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(document)}`;
  response.writeHead(status, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/**
 * The contents of every element of that name, unescaped where it holds nothing but text. Enough for the few small
 * documents S3 receives.
 */
export function elementsOf(document: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g");
  return [...document.matchAll(pattern)].map(([, content = ""]) =>
    content.includes("<") ? content : unescapeText(content),
  );
}

function itemsOf(content: XmlContent | readonly XmlContent[] | undefined): readonly XmlContent[] {
  if (content === undefined) return [];
  return isList(content) ? content : [content];
}

/** `Array.isArray` does not recognise readonly arrays in a union. */
function isList(content: XmlContent | readonly XmlContent[]): content is readonly XmlContent[] {
  return Array.isArray(content);
}

function writeElement(name: string, content: XmlContent): string {
  if (typeof content !== "object") return `<${name}>${escapeText(String(content))}</${name}>`;
  const attributes = Object.entries(content)
    .filter(([key, value]) => key.startsWith("@") && value !== undefined)
    .map(([key, value]) => ` ${key.slice(1)}="${escapeText(String(value))}"`);
  return `<${name}${attributes.join("")}>${writeXml(content)}</${name}>`;
}

function escapeText(text: string): string {
  return text.replace(/[<>&"\u0000-\u001f]/g, (char) => {
    const name = { "<": "lt", ">": "gt", "&": "amp", '"': "quot" }[char];
    return name === undefined ? `&#x${char.charCodeAt(0).toString(16)};` : `&${name};`;
  });
}

function unescapeText(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(lt|gt|amp|quot|apos));/g, (_, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }[String(name)] ?? "";
  });
}
