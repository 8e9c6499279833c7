import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";

/** DynamoDB's own limit on a request, and more than any other call here may send. */
const maximumBytes = 16 * 1024 * 1024;

/** Reads a small request body whole. Throws a `RangeError` above 16 MiB; S3's objects never go through here. */
export async function readBody(request: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maximumBytes) throw new RangeError("The request is larger than 16 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const JsonObject = z.record(z.string(), z.unknown());

/** Parses a request's body as a JSON object; an empty body is an empty object. Throws when it is anything else. */
export function parseJsonObject(body: Buffer): Record<string, unknown> {
  return JsonObject.parse(body.length === 0 ? {} : JSON.parse(body.toString("utf8")));
}

/** Which operation an AWS JSON request asks for: the part of `X-Amz-Target` after the dot. */
export function targetOf(request: IncomingMessage): string {
  const target = request.headers["x-amz-target"];
  return typeof target === "string" ? target.slice(target.lastIndexOf(".") + 1) : "";
}

/** Answers in AWS's JSON protocols. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Refuses a request the way services with a JSON protocol do; some clients read `message`, others `Message`. */
export function sendJsonError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { __type: type, message, Message: message }, headers);
}

/** IAM's words when no policy allows an action. */
export function notAuthorized(principal: string, action: string, resource: string): string {
  return `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}
