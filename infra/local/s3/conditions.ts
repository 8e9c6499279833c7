import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { S3Error } from "./s3-error.ts";
import type { Version } from "./version.ts";

/** Throws an `S3Error` when a read's conditions do not hold (`If-Match` and its kin); `headers` go with a 304. */
export function checkReadConditions(
  request: IncomingMessage,
  version: Version,
  headers: Readonly<Record<string, string>>,
): void {
  const failed = failedCondition(request.headers, "", version);
  if (failed === "match") throw preconditionFailed();
  if (failed === "none-match") throw new S3Error(304, "NotModified", "Not modified.", headers);
}

/** Throws an `S3Error` when a copy's conditions on its source do not hold. */
export function checkSourceConditions(request: IncomingMessage, source: Version): void {
  if (failedCondition(request.headers, "x-amz-copy-source-", source) !== undefined) throw preconditionFailed();
}

/** Which kind of condition does not hold. A date counts only where no tag is given beside it. */
function failedCondition(
  headers: IncomingHttpHeaders,
  prefix: string,
  version: Version,
): "match" | "none-match" | undefined {
  const given = (name: string) => headers[`${prefix}${name}`]?.toString();
  // HTTP's dates are in seconds.
  const modified = Math.floor(version.modifiedAt / 1000) * 1000;
  const match = given("if-match");
  const unmodifiedSince = Date.parse(given("if-unmodified-since") ?? "");
  if (match === undefined ? modified > unmodifiedSince : match !== "*" && !sameTag(match, version)) return "match";
  const noneMatch = given("if-none-match");
  const modifiedSince = Date.parse(given("if-modified-since") ?? "");
  const unchanged =
    noneMatch === undefined ? modified <= modifiedSince : noneMatch === "*" || sameTag(noneMatch, version);
  return unchanged ? "none-match" : undefined;
}

/** Throws an `S3Error` when a write's or a deletion's `If-Match` or `If-None-Match` does not hold for the object there is now. */
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

/**
 * The bytes of a source that a part is copied from, `end` inclusive; `undefined` for all. Throws an `S3Error` when the
 * range is not written as S3 wants it (`bytes=first-last`) or goes beyond the source.
 */
export function rangeToCopy(request: IncomingMessage, size: number): { start: number; end: number } | undefined {
  const range = request.headers["x-amz-copy-source-range"]?.toString();
  if (range === undefined) return undefined;
  const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  const start = Number(first);
  const end = Number(last);
  if (first === "" || start > end || end >= size) {
    throw new S3Error(400, "InvalidArgument", `The range ${range} is not one of a source of ${size} bytes.`);
  }
  return { start, end };
}

function preconditionFailed(): S3Error {
  return new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
}

/** Whether a condition's list of tags has the version's. */
export function sameTag(header: string, version: Version): boolean {
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "").replaceAll('"', "") === version.etag);
}
