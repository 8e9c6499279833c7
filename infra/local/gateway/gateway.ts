import type { IncomingMessage, ServerResponse } from "node:http";
import { accountId } from "../template/resources.ts";
import type { AccessControl, RequestContext } from "./access-control.ts";
import { sendJsonError } from "./message-bodies.ts";
import { sendQueryError } from "./query-api.ts";
import type { UsageRecorder } from "./usage.ts";
import { sendXml } from "./xml.ts";

/** Who is calling: someone outside, with all rights, or a function or person with the rights of a role's policies. */
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
  /** Counts the request under this operation's name. */
  count(operation: string): void;
  /** Whether the caller's policies allow it; recorded. */
  allows(action: string, resource: string, context?: RequestContext): boolean;
  /** The same, unrecorded. */
  wouldAllow(action: string, resource: string, context?: RequestContext): boolean;
}

/** The whole HTTP side of a service. It answers every call; a rejection becomes HTTP 500. */
export type Service = (call: Call) => Promise<void>;

/** Dependencies of the gateway. */
interface GatewayDeps {
  /** By the name in the signature's scope: `s3`, `sqs`, `dynamodb` … */
  readonly services: Readonly<Record<string, Service>>;
  /** Who has this access key; `undefined` when nobody does. */
  readonly callerOf: (accessKeyId: string) => Caller | undefined;
  readonly access: AccessControl;
  readonly usage: UsageRecorder;
  readonly onError: (error: unknown) => void;
}

/** Services of AWS's query protocol, which answer in XML. */
const queryServices: ReadonlySet<string> = new Set(["cloudformation", "sns", "sts"]);

const credential = /Credential=([^/,\s]+)\/\d+\/[^/]+\/([a-z0-9-]+)\/aws4_request/;

/**
 * One HTTP handler in front of all services. The signature's credential scope says which service is meant, and its
 * access key says who is calling. Signatures themselves are not verified: everything is on one machine.
 */
export function createGateway(deps: GatewayDeps): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const found = credential.exec(request.headers.authorization ?? presigned(request.url ?? ""));
    if (found === null) return refuseUnsigned(request, response);
    const [, accessKeyId = "", serviceName = ""] = found;
    const caller = deps.callerOf(accessKeyId);
    if (caller === undefined) return refuseUnknownKey(request, response, serviceName);
    const service = Object.hasOwn(deps.services, serviceName) ? deps.services[serviceName] : undefined;
    if (service === undefined) {
      deps.usage.count(nameOf(caller), serviceName, "not available");
      return refuse(request, response, "UnknownService", `The embedded cloud has no service "${serviceName}".`);
    }
    service(callOf(deps, request, response, caller, serviceName)).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      deps.onError(error);
      if (!response.headersSent) refuse(request, response, "InternalFailure", "The embedded cloud failed.", 500);
      else response.destroy();
    });
  };
}

function callOf(
  { access, usage }: GatewayDeps,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  serviceName: string,
): Call {
  return {
    request,
    response,
    caller,
    principal: caller.kind === "operator" ? `arn:aws:iam::${accountId}:user/operator` : caller.roleArn,
    count: (operation) => usage.count(nameOf(caller), serviceName, operation),
    allows: (action, resource, context) =>
      caller.kind === "operator" || access.allows(caller.roleArn, action, resource, context),
    wouldAllow: (action, resource, context) =>
      caller.kind === "operator" || access.wouldAllow(caller.roleArn, action, resource, context),
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

/**
 * Refuses a request without a signature of version 4. Other services are only called by POST, so that whatever else is
 * asked for is S3's, and so is a form with a file.
 */
function refuseUnsigned(request: IncomingMessage, response: ServerResponse): void {
  const { authorization = "", "content-type": type = "" } = request.headers;
  const older = authorization.startsWith("AWS ") || /[?&]AWSAccessKeyId=/.test(request.url ?? "");
  const s3 = older || request.method !== "POST" || type.startsWith("multipart/form-data");
  if (!s3) {
    refuse(request, response, "MissingAuthenticationToken", "The request is not signed.");
    return;
  }
  request.resume();
  const error = older
    ? {
        Code: "InvalidRequest",
        Message:
          "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256: signature version 4, for presigned URLs too.",
      }
    : { Code: "AccessDenied", Message: "The request is not signed with signature version 4 (AWS4-HMAC-SHA256)." };
  sendXml(response, older ? 400 : 403, { Error: error });
}

/** Refuses an access key that belongs to nobody, in the words and the format of the service that was meant. */
function refuseUnknownKey(request: IncomingMessage, response: ServerResponse, serviceName: string): void {
  const message = "The access key does not belong to the embedded cloud.";
  if (serviceName === "s3") {
    request.resume();
    sendXml(response, 403, { Error: { Code: "InvalidAccessKeyId", Message: message } });
  } else if (queryServices.has(serviceName)) {
    request.resume();
    sendQueryError(response, 403, "InvalidClientTokenId", message);
  } else refuse(request, response, "UnrecognizedClientException", message);
}

function refuse(request: IncomingMessage, response: ServerResponse, code: string, message: string, status = 403): void {
  request.resume();
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code };
  sendJsonError(response, status, code, message, headers);
}
