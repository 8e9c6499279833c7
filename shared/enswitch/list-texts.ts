import { request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { parseEndpoint } from "./endpoint.ts";
import type { Credentials } from "./enswitch.ts";
import { answerFailure, connectFailure, seconds } from "./failure.ts";
import { type FormField, formBody } from "./form-body.ts";
import { readTexts, type TextsAnswer } from "./read-texts.ts";

/** Which texts are asked for: those received from `from` up to and including `until` (Unix seconds; absent: now). */
export interface TextSpan {
  readonly from: number;
  readonly until?: number;
}

/** Asks for texts that were received. Never rejects. */
export type ListTexts = (credentials: Credentials, span: TextSpan) => Promise<TextsAnswer>;

/** Where texts are asked for, and how. */
export interface ListTextsOptions {
  /** The whole prefix of the API; https, unless it is this machine. */
  readonly endpoint: string;
  /** Certificates (PEM) of a private authority, trusted in place of the system's. */
  readonly ca?: string;
  /** Id of the customer whose texts are asked for; absent: the user's own. */
  readonly customer?: string;
  /** The field with the number that a text came from. */
  readonly numberField: string;
  /** Longest wait for the whole answer, milliseconds. */
  readonly timeoutMs?: number;
  /** The longest answer that is read, bytes. */
  readonly longestAnswer?: number;
}

/** A list of some ten thousand texts. */
const defaultLongestAnswer = 4 * 1024 * 1024;

/** A client of `messages/text/list`, on a connection of its own for each call. Throws an EndpointError. */
export function createListTexts(options: ListTextsOptions): ListTexts {
  const { timeoutMs = 15_000, longestAnswer = defaultLongestAnswer, ca, customer, numberField } = options;
  const { url, host } = parseEndpoint(options.endpoint, "list");
  const isTls = url.protocol === "https:";

  return (credentials, { from, until }) => {
    const fields: FormField[] = [
      ["auth_username", credentials.username],
      ["auth_password", credentials.password],
      ["start", String(from)],
      ...(until === undefined ? [] : [["end", String(until)] as const]),
      ["sort", "received"],
      ["descending", "0"],
      ...(customer === undefined ? [] : [["customer", customer] as const]),
    ];
    const read = (status: number, text: string) => readTexts(status, text, numberField, [credentials.password]);
    const body = formBody(fields);
    const settings: RequestOptions = {
      method: "POST",
      agent: false,
      ...(isTls && ca !== undefined ? { ca } : {}),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": body.length,
        "accept-encoding": "identity",
        "user-agent": "bulk-send",
      },
    };
    return new Promise((resolve) => {
      let answering = false;
      const failed = (cause: string) => resolve({ kind: "failed", cause });
      const call = (isTls ? requestHttps : requestHttp)(url, settings, (response) => {
        answering = true;
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= longestAnswer) return void chunks.push(chunk);
          resolve({ kind: "too-large" });
          call.destroy();
        });
        response.on("end", () => resolve(read(response.statusCode ?? 0, Buffer.concat(chunks).toString("utf8"))));
        response.on("close", () => failed(`${host} closed the connection before its answer was complete`));
      });
      call.on("error", (error) =>
        failed(answering ? answerFailure(error, host) : connectFailure(error, host, timeoutMs)),
      );
      const timer = setTimeout(() => {
        // A list that is long in coming may be a long one.
        if (answering) resolve({ kind: "too-large" });
        else failed(`no answer to messages/text/list from ${host} within ${seconds(timeoutMs)}`);
        call.destroy();
      }, timeoutMs);
      call.on("close", () => clearTimeout(timer));
      call.end(body);
    });
  };
}
