import type { IncomingMessage, ServerResponse } from "node:http";
import { accountId } from "../template/resources.ts";
import type { AccessControl, RequestContext } from "./access-control.ts";
import type { UsageRecorder } from "./usage.ts";
import { sendXml } from "./xml.ts";

/** Who calls: someone outside with all rights, or a function or person with those of a role's policies. */
export type Caller =
  | { readonly kind: "operator" }
  | { readonly kind: "role"; readonly name: string; readonly roleArn: string };

/** One request as a service sees it. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  /** The caller's ARN, for error messages. */
  readonly principal: string;
  /** Names the operation, for the account of requests. */
  count(operation: string): void;
  /** Whether the caller's policies allow it; recorded. */
  allows(action: string, resource: string, context?: RequestContext): boolean;
  /** The same, unrecorded. */
  wouldAllow(action: string, resource: string, context?: RequestContext): boolean;
}

/** A service's whole HTTP side. It answers every call; a rejection becomes HTTP 500. */
export type Service = (call: Call) => Promise<void>;

/** Services of AWS's query protocol, which answer in XML. */
const queryServices: ReadonlySet<string> = new Set(["cloudformation", "sns", "sts"]);

const credential = /Credential=([^/,\s]+)\/\d+\/[^/]+\/([a-z0-9-]+)\/aws4_request/;

/**
 * One HTTP handler in front of all services. The signature's credential scope says which service is meant, its access
 * key who calls; signatures themselves are not verified: everything is on one machine.
 */
export function createGateway(deps: {
  /** By the scope's service name: `s3`, `sqs`, `dynamodb` … */
  readonly services: Readonly<Record<string, Service>>;
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
  readonly access: AccessControl;
  readonly usage: UsageRecorder;
  readonly onError: (error: unknown) => void;
}): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const found = credential.exec(request.headers.authorization ?? presigned(request.url ?? ""));
    if (found === null) return refuse(request, response, "MissingAuthenticationToken", "The request is not signed.");
    const [, accessKeyId = "", serviceName = ""] = found;
    const caller = deps.callerOf(accessKeyId);
    if (caller === undefined) {
      const message = "The access key is none of the embedded cloud's.";
      const inXml = serviceName === "s3" || queryServices.has(serviceName);
      if (!inXml) return refuse(request, response, "UnrecognizedClientException", message);
      request.resume();
      if (serviceName !== "s3") {
        return sendXml(response, 403, [
          "ErrorResponse",
          [
            [
              "Error",
              [
                ["Type", "Sender"],
                ["Code", "InvalidClientTokenId"],
                ["Message", message],
              ],
            ],
          ],
        ]);
      }
      return sendXml(response, 403, [
        "Error",
        [
          ["Code", "InvalidAccessKeyId"],
          ["Message", message],
        ],
      ]);
    }
    const service = Object.hasOwn(deps.services, serviceName) ? deps.services[serviceName] : undefined;
    if (service === undefined) {
      deps.usage.count(nameOf(caller), serviceName, "not available");
      return refuse(request, response, "UnknownService", `The embedded cloud has no service "${serviceName}".`);
    }
    const call: Call = {
      request,
      response,
      caller,
      principal: caller.kind === "operator" ? `arn:aws:iam::${accountId}:user/operator` : caller.roleArn,
      count: (operation) => deps.usage.count(nameOf(caller), serviceName, operation),
      allows: (action, resource, context) =>
        caller.kind === "operator" || deps.access.allows(caller.roleArn, action, resource, context),
      wouldAllow: (action, resource, context) =>
        caller.kind === "operator" || deps.access.wouldAllow(caller.roleArn, action, resource, context),
    };
    service(call).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      deps.onError(error);
      if (!response.headersSent) refuse(request, response, "InternalFailure", "The embedded cloud failed.", 500);
      else response.destroy();
    });
  };
}

function nameOf(caller: Caller): string {
  return caller.kind === "operator" ? "operator" : caller.name;
}

/** A presigned URL carries the scope in its query. */
function presigned(url: string): string {
  const scope = new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("X-Amz-Credential");
  return scope === null ? "" : `Credential=${scope}`;
}

function refuse(request: IncomingMessage, response: ServerResponse, code: string, message: string, status = 403): void {
  request.resume();
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code });
  response.end(JSON.stringify({ __type: code, message, Message: message }));
}
