import type { ServerResponse } from "node:http";
import type { Call } from "./call.ts";
import { sendXml } from "./xml.ts";

/** Reads a request of AWS's query protocol: a form with the operation in `Action`. */
export async function readQuery(
  call: Pick<Call, "body">,
): Promise<{ readonly action: string; readonly form: URLSearchParams }> {
  const form = new URLSearchParams((await call.body()).toString("utf8"));
  return { action: form.get("Action") ?? "", form };
}

/** Refuses a request the way services with the query protocol do. */
export function sendQueryError(response: ServerResponse, status: number, code: string, message: string): void {
  sendXml(response, status, { ErrorResponse: { Error: { Type: "Sender", Code: code, Message: message } } });
}
