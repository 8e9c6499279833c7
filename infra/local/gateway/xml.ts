import type { ServerResponse } from "node:http";

/** An XML element: its name and either text or its children; `undefined` children are left out. */
export type Xml = readonly [name: string, content: string | number | boolean | readonly (Xml | undefined)[]];

/** Writes an element and all in it. */
export function writeXml([name, content]: Xml): string {
  const inner =
    typeof content === "object"
      ? content
          .filter((child) => child !== undefined)
          .map(writeXml)
          .join("")
      : escapeText(String(content));
  return `<${name}>${inner}</${name.split(" ")[0]}>`;
}

/** Answers with an XML document. */
export function sendXml(
  response: ServerResponse,
  status: number,
  document: Xml,
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

/** The contents of every element of that name, unescaped when it holds text alone. For the few small documents S3 is sent. */
export function elementsOf(document: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g");
  return [...document.matchAll(pattern)].map(([, content = ""]) =>
    content.includes("<") ? content : unescapeText(content),
  );
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
