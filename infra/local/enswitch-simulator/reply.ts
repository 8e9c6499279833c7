import type { ServerResponse } from "node:http";
import type { EnswitchBehaviour } from "./behaviour.ts";
import type { Fault } from "./fault.ts";
import type { ReplyEntry } from "./judge.ts";

/** Leaves the caller without a proper answer, in the way of this fault. */
export function replyWithFault(response: ServerResponse, fault: Fault) {
  switch (fault.kind) {
    case "hang":
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "html":
      return replyWithPage(response, fault.status);
    case "too-many":
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
      return replyWithPage(response, 429);
    case "codes":
      return send(response, 200, "application/json", {
        responses: fault.codes.map((code) => ({ code, key: "", message: "Simulated" })),
      });
    case "garbage":
      return send(response, 200, "application/json", '{ "responses":[ { "code":"2');
    default:
      return fault satisfies never;
  }
}

/** Replies with a verdict, in the way Enswitch writes it; `data` is what it lists. */
export function replyWithVerdict(
  response: ServerResponse,
  answer: ReplyEntry,
  codes: EnswitchBehaviour["codes"],
  httpStatus: EnswitchBehaviour["httpStatus"],
  data?: readonly object[],
): void {
  const status = httpStatus === "always-200" || answer.code < 300 ? 200 : answer.code;
  const code = codes === "string" ? String(answer.code) : answer.code;
  send(response, status, "application/json", { responses: [{ ...answer, code }], data });
}

/** Replies with a page from something that isn't Enswitch. */
export function replyWithPage(response: ServerResponse, status: number): void {
  if (status >= 300 && status <= 399) response.setHeader("location", "/elsewhere");
  send(response, status, "text/html", `<!doctype html><title>${status}</title><h1>${status}</h1>`);
}

function send(response: ServerResponse, status: number, contentType: string, body: string | object): void {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  response.writeHead(status, { "content-type": contentType, "content-length": bytes.length });
  response.end(bytes);
}
