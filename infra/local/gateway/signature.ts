import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** What a signed request says of itself, in its `Authorization` header or, presigned, in its URL. */
export interface Claimed {
  readonly accessKeyId: string;
  /** The service of the credential scope: `s3`, `sqs`, `dynamodb` … */
  readonly service: string;
  readonly day: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** When it was signed: `20260102T030405Z`. */
  readonly at: string;
  /** How long a presigned URL is good for, in seconds; `undefined` for a request signed in its header. */
  readonly expiresInSeconds: number | undefined;
}

/** Why a request is not believed. */
export type Disbelief = "expired" | "not yet valid" | "unsigned header" | "wrong signature";

/** How far a request's clock may be off, as on AWS. https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html */
const skewMs = 15 * 60_000;

/** The longest that a presigned URL may be good for: a week, as on AWS. */
const longestMs = 7 * 86_400_000;

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const scope = /^([^/]+)\/(\d{8})\/([^/]+)\/([a-z0-9-]+)\/aws4_request$/;

/**
 * What a request claims by signature version 4; `undefined` when it is not signed so. Nothing of it is proven before
 * `disbelief` has looked at it.
 */
export function readSignature(request: Pick<IncomingMessage, "headers" | "url">): Claimed | undefined {
  const { headers, url = "/" } = request;
  if (headers.authorization !== undefined) {
    const found = authorization.exec(headers.authorization.trim());
    if (found === null) return undefined;
    const [, accessKeyId = "", day = "", region = "", service = "", signed = "", signature = ""] = found;
    const at = String(headers["x-amz-date"] ?? "");
    return {
      accessKeyId,
      day,
      region,
      service,
      signedHeaders: signed.split(";"),
      signature,
      at,
      expiresInSeconds: undefined,
    };
  }
  const query = new URLSearchParams(queryOf(url));
  const found = scope.exec(query.get("X-Amz-Credential") ?? "");
  if (found === null || query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") return undefined;
  const [, accessKeyId = "", day = "", region = "", service = ""] = found;
  return {
    accessKeyId,
    day,
    region,
    service,
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    at: query.get("X-Amz-Date") ?? "",
    expiresInSeconds: Number(query.get("X-Amz-Expires") ?? Number.NaN),
  };
}

/**
 * Whether a request is what the owner of a secret key signed, and in time; `undefined` when it is. `payloadHash` is the
 * SHA-256 of the body in hex, or what the client signed in its place (`UNSIGNED-PAYLOAD` …).
 */
export function disbelief(
  request: Pick<IncomingMessage, "headers" | "url" | "method">,
  claimed: Claimed,
  {
    secretAccessKey,
    payloadHash,
    now,
  }: { readonly secretAccessKey: string; readonly payloadHash: string; readonly now: number },
): Disbelief | undefined {
  const { at, day, region, service, signedHeaders, signature, expiresInSeconds } = claimed;
  const signedAt = instantOf(at);
  if (signedAt === undefined || !at.startsWith(day) || !signedHeaders.includes("host")) return "wrong signature";
  const goodForMs = expiresInSeconds === undefined ? skewMs : expiresInSeconds * 1000;
  if (!(goodForMs >= 0 && goodForMs <= longestMs)) return "expired";
  const given = Buffer.from(signature, "hex");
  const key = signingKey(secretAccessKey, day, region, service);
  const matches = pathsOf(request.url ?? "/").some((path) => {
    const canonical = [
      request.method ?? "GET",
      path,
      canonicalQuery(queryOf(request.url ?? "/")),
      ...signedHeaders.map((name) => `${name}:${headerOf(request.headers, name)}`),
      "",
      signedHeaders.join(";"),
      payloadHash,
    ].join("\n");
    const toSign = ["AWS4-HMAC-SHA256", at, `${day}/${region}/${service}/aws4_request`, sha256(canonical)].join("\n");
    const expected = hmac(key, toSign);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!matches) return "wrong signature";
  if (Object.keys(request.headers).some((name) => saysMore(name) && !signedHeaders.includes(name))) {
    return "unsigned header";
  }
  if (signedAt > now + skewMs) return "not yet valid";
  return now > signedAt + goodForMs ? "expired" : undefined;
}

/**
 * Whether a header says what is to be done, such as that another object is to be copied: who has only a presigned URL must not add
 * one. The signature covers two by itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
const saysMore = (name: string): boolean =>
  name.startsWith("x-amz-") && name !== "x-amz-date" && name !== "x-amz-content-sha256";

/** The SHA-256 of a body, in hex. */
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** How many signing keys are remembered: those of the functions and of whoever else calls, each for its services and today. */
const mostKeys = 100;
const signingKeys = new Map<string, Buffer>();

/** The key that a secret signs with on a day, in a region, for a service: every request of that day has the same. */
function signingKey(secretAccessKey: string, day: string, region: string, service: string): Buffer {
  const name = [secretAccessKey, day, region, service].join("/");
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const key = [day, region, service, "aws4_request"].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
  const [oldest] = signingKeys.keys();
  if (signingKeys.size >= mostKeys && oldest !== undefined) signingKeys.delete(oldest);
  signingKeys.set(name, key);
  return key;
}

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

function instantOf(at: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(at);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

const queryOf = (url: string): string => (url.includes("?") ? url.slice(url.indexOf("?") + 1) : "");

/** The path as it was sent, and as S3 writes it: some clients sign the one, some the other. */
function pathsOf(url: string): readonly string[] {
  const sent = url.split("?", 1)[0] ?? "/";
  const canonical = sent.split("/").map(reencode).join("/");
  return canonical === sent ? [sent] : [canonical, sent];
}

function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="))
    .map((pair) => {
      const mark = pair.indexOf("=");
      const [name, value] = mark < 0 ? [pair, ""] : [pair.slice(0, mark), pair.slice(mark + 1)];
      return { name: reencode(name), value: reencode(value) };
    })
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Escapes everything but the unreserved characters of RFC 3986, however the client wrote it. */
function reencode(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return text;
  }
}

function headerOf(headers: IncomingMessage["headers"], name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replace(/ +/g, " ");
}
