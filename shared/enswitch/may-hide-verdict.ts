import { readJson } from "../read-json.ts";
import type { Reply } from "./reply.ts";

/** The control characters that text has; any other tells of bytes that are no text. */
const binary = /[\0-\x08\x0e-\x1f]/;

/** How a page ends that has come whole. */
const pageEnd = /<\/html>\s*$/i;

/**
 * Whether a body without a readable verdict may yet contain one: because it is compressed or no text, because it is JSON
 * that was cut, because it speaks of `responses` in another way, or because nothing tells that it has come whole.
 */
export function mayHideVerdict({ headers, body }: Reply): boolean {
  // It ends where its connection does, which may have been closed, or broken off, before its time.
  if (!isMeasured(headers) && !pageEnd.test(body)) return true;
  if (body === "") return false;
  if (isEncoded(headers["content-encoding"], "identity") || isEncoded(headers["transfer-encoding"], "chunked")) {
    return true;
  }
  const isJson = /^[\s\uFEFF]*[[{"]/.test(body);
  return binary.test(body) || /responses/i.test(body) || (isJson && readJson(body.trim()) === undefined);
}

/** Whether an answer says where its body ends. */
const isMeasured = (headers: Reply["headers"]): boolean =>
  headers["content-length"] !== undefined || words(headers["transfer-encoding"]).includes("chunked");

/** Whether a header names an encoding that would have to be undone; `plain` need not. */
const isEncoded = (header: Reply["headers"][string], plain: string): boolean =>
  words(header).some((word) => word !== plain);

/** What a header names, in lower case. */
const words = (header: Reply["headers"][string]): readonly string[] =>
  [header ?? []].flat().flatMap((line) =>
    line
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter((word) => word !== ""),
  );
