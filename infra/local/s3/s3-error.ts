import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { sendXml } from "../gateway/xml.ts";
import { MalformedBody } from "./aws-chunked.ts";

/** Why a request was refused: S3's own code and HTTP status. */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The error as S3 would report it; `undefined` when it isn't the caller's fault. */
export function toS3Error(error: unknown): S3Error | undefined {
  if (error instanceof S3Error) return error;
  if (error instanceof MalformedBody) return new S3Error(400, "IncompleteBody", error.message);
  if (error instanceof z.ZodError) return new S3Error(400, "InvalidArgument", "A parameter of the request is invalid.");
  return undefined;
}

/** Answers with the error, or breaks the connection when an answer has already been started. */
export function sendS3Error(request: IncomingMessage, response: ServerResponse, error: S3Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  request.resume();
  if (request.method === "HEAD" || error.status === 304) {
    response.writeHead(error.status, error.headers);
    response.end();
    return;
  }
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  const body = { Code: error.code, Message: error.message, RequestId: requestId };
  sendXml(response, error.status, { Error: body }, error.headers);
}
