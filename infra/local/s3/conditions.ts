import type { IncomingMessage } from "node:http";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";

/** Throws an `S3Error` when a read's `If-Match` or `If-None-Match` does not hold; `headers` go with a 304. */
export function checkReadConditions(
  request: IncomingMessage,
  version: Version,
  headers: Readonly<Record<string, string>>,
): void {
  const match = request.headers["if-match"];
  if (match !== undefined && match !== "*" && !sameTag(match, version)) throw preconditionFailed();
  const noneMatch = request.headers["if-none-match"];
  if (noneMatch !== undefined && (noneMatch === "*" || sameTag(noneMatch, version))) {
    throw new S3Error(304, "NotModified", "Not modified.", headers);
  }
}

/** Throws an `S3Error` when a write's `If-Match` or `If-None-Match` does not hold for the object there is now. */
export function checkWriteConditions(request: IncomingMessage, current: Version | undefined): void {
  const present = current !== undefined && current.deleted !== true ? current : undefined;
  const noneMatch = request.headers["if-none-match"];
  const match = request.headers["if-match"];
  if (match !== undefined && present === undefined) {
    throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
  }
  if (noneMatch === "*" && present !== undefined) throw preconditionFailed();
  if (match !== undefined && present !== undefined && !sameTag(match, present)) throw preconditionFailed();
}

/** The bytes a read asks for, `end` inclusive; `undefined` for all. Throws an `S3Error` when no such bytes exist. */
export function rangeOf(request: IncomingMessage, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end) {
    throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
      "content-range": `bytes */${size}`,
    });
  }
  return { start, end };
}

function preconditionFailed(): S3Error {
  return new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
}

function sameTag(header: string, version: Version): boolean {
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === version.etag);
}
