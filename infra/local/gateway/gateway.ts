import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import * as z from "zod";
import { isDiskFull } from "../disk-full.ts";
import { accountId } from "../template/resources.ts";
import type { AccessControl, RequestContext } from "./access-control.ts";
import type { Call, Caller, Service } from "./call.ts";
import { readBody, sendJsonError } from "./message-bodies.ts";
import type { Identity } from "./principals.ts";
import { challengeOf } from "./proof.ts";
import { sendQueryError } from "./query-api.ts";
import { type Claimed, type Disbelief, disbelief, readSignature, sha256 } from "./signature.ts";
import { systemUser } from "./system-user.ts";
import type { UsageRecorder } from "./usage.ts";
import { sendXml } from "./xml.ts";

/** Dependencies of the gateway. */
interface GatewayDeps {
  /** By the name in the signature's scope: `s3`, `sqs`, `dynamodb` … */
  readonly services: Readonly<Record<string, Service>>;
  /** Whose an access key is; `undefined` when it is nobody's, "ended" when it was somebody's. */
  readonly identityOf: (accessKeyId: string) => Identity | "ended" | undefined;
  /** Proves to a client, which chose the challenge, that this is the cloud it means. */
  readonly prove: (challenge: string) => string;
  /** What a caller's requests wait for. */
  readonly turnOf: (caller: Caller) => Promise<void> | undefined;
  readonly access: AccessControl;
  readonly usage: UsageRecorder;
  readonly onError: (error: unknown) => void;
}

/** Services of AWS's query protocol, which answer in XML. */
const queryServices: ReadonlySet<string> = new Set(["cloudformation", "sns", "sts"]);

/**
 * One HTTP handler in front of all services. The signature's credential scope says which service is meant, its access key
 * says who is calling, and the signature proves it: other people on this machine can reach the port.
 */
export function createGateway(deps: GatewayDeps): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(deps, request, response).catch((error: unknown) => {
      // A client that hung up hears no answer. A request whose body could not be written down has ended in the same way.
      if (hungUp(request, error) && !isDiskFull(error)) return;
      deps.onError(error);
      if (!response.headersSent) refuse(request, response, "InternalFailure", "The embedded cloud failed.", 500);
      else response.destroy();
    });
  };
}

/** What a stream throws when the client is gone that its answer is for. */
const ClientGone = z.object({ code: z.literal("ERR_STREAM_PREMATURE_CLOSE") });

/** Whether a call failed because its client went away, before it had asked or before it had the whole answer. */
function hungUp(request: IncomingMessage, error: unknown): boolean {
  if (request.destroyed && !request.complete) return true;
  // Whatever its type says: a request that was given up while its body was being read has none.
  const socket: Socket | null = request.socket;
  return socket?.destroyed !== false && ClientGone.safeParse(error).success;
}

async function answer(deps: GatewayDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const challenge = challengeOf(request.url);
  if (challenge !== undefined) {
    response.end(deps.prove(challenge));
    return;
  }
  const claimed = readSignature(request);
  if (claimed === undefined) return refuseUnsigned(request, response);
  const { service: name } = claimed;
  const identity = deps.identityOf(claimed.accessKeyId);
  if (identity === undefined) return refuseCaller(request, response, name, "unknown key");
  if (identity === "ended") return refuseCaller(request, response, name, "ended session");
  const { caller, secretAccessKey } = identity;
  const call = callOf(deps, request, response, caller, name);
  const payloadHash = await payloadHashOf(call, claimed);
  const doubt = disbelief(request, claimed, { secretAccessKey, payloadHash, now: Date.now() });
  if (doubt !== undefined) return refuseCaller(request, response, name, doubt);
  await deps.turnOf(caller);
  const service = Object.hasOwn(deps.services, name) ? deps.services[name] : undefined;
  if (service === undefined) {
    deps.usage.count(nameOf(caller), name, "not available");
    return refuse(request, response, "UnknownService", `The embedded cloud has no service "${name}".`);
  }
  if (name === "s3") response.setHeader("content-security-policy", asElsewhere);
  await service(call);
}

/**
 * A page that is in the bucket, such as an attachment behind a presigned URL, is to a browser like a page of another website:
 * it reads nothing of the console, which has the same address here.
 */
const asElsewhere = "sandbox allow-downloads allow-popups allow-scripts";

/**
 * What a client signed for its body: of S3, whose bodies are large, what the client says in a header and S3 then holds
 * against the body; of other services the body's own hash.
 */
async function payloadHashOf(call: Call, { service, expiresInSeconds }: Claimed): Promise<string> {
  if (service !== "s3") return sha256(await call.body());
  const said = call.request.headers["x-amz-content-sha256"];
  return typeof said === "string" && expiresInSeconds === undefined ? said : "UNSIGNED-PAYLOAD";
}

function callOf(
  { access, usage }: GatewayDeps,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  serviceName: string,
): Call {
  let body: Promise<Buffer> | undefined;
  return {
    request,
    response,
    body: () => {
      body ??= readBody(request);
      return body;
    },
    caller,
    principal: caller.kind === "operator" ? `arn:aws:iam::${accountId}:user/operator` : caller.roleArn,
    userId: caller.kind === "operator" ? `AROALOCAL:${systemUser()}` : caller.identity.userId,
    count: (operation) => usage.count(nameOf(caller), serviceName, operation),
    allows: (action, resource, context) =>
      caller.kind === "operator" || access.allows(caller.roleArn, action, resource, contextOf(caller, context)),
    wouldAllow: (action, resource, context) =>
      caller.kind === "operator" || access.wouldAllow(caller.roleArn, action, resource, contextOf(caller, context)),
  };
}

/** What a request has, and what every request of its caller has besides. */
const contextOf = ({ identity }: Extract<Caller, { kind: "role" }>, context: RequestContext = {}): RequestContext => ({
  ...context,
  "aws:userid": [identity.userId],
  "aws:PrincipalType": [identity.type],
  "aws:PrincipalArn": [identity.arn],
  ...Object.fromEntries(
    Object.entries(identity.tags ?? {}).map(([tag, value]) => [`aws:PrincipalTag/${tag}`, [value]]),
  ),
});

function nameOf(caller: Caller): string {
  return caller.kind === "operator" ? "operator" : caller.name;
}

/** Why a caller is refused: how S3, the query protocol and the JSON protocols call it, and a sentence. */
const refusals: Readonly<
  Record<"unknown key" | "ended session" | Disbelief, readonly [s3: string, query: string, json: string, text: string]>
> = {
  "unknown key": [
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "The access key does not belong to the embedded cloud as it runs now; each start has a new one.",
  ],
  "ended session": ["ExpiredToken", "ExpiredToken", "ExpiredTokenException", "The session has ended; sign in again."],
  "wrong signature": [
    "SignatureDoesNotMatch",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "The signature is not one of this access key's secret.",
  ],
  "unsigned header": [
    "AccessDenied",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "There were headers present in the request which were not signed.",
  ],
  expired: ["AccessDenied", "RequestExpired", "InvalidSignatureException", "The request has expired; sign it again."],
  "not yet valid": [
    "RequestTimeTooSkewed",
    "RequestExpired",
    "InvalidSignatureException",
    "The request was signed in the future.",
  ],
};

/**
 * Refuses a request without a signature of version 4. Other services are only called by POST, so that whatever else is
 * asked for is S3's, and so is a form with a file.
 */
function refuseUnsigned(request: IncomingMessage, response: ServerResponse): void {
  const { authorization = "", "content-type": type = "" } = request.headers;
  const older = authorization.startsWith("AWS ") || /[?&]AWSAccessKeyId=/.test(request.url ?? "");
  const form = request.method === "POST" && type.startsWith("multipart/form-data");
  const s3 = older || form || request.method !== "POST";
  if (!s3) {
    refuse(request, response, "MissingAuthenticationToken", "The request is not signed.");
    return;
  }
  request.resume();
  if (form) {
    const Message = "The embedded cloud's S3 does not offer forms (POST policies). Pre-sign a PUT instead.";
    sendXml(response, 501, { Error: { Code: "NotImplemented", Message } });
    return;
  }
  const error = older
    ? {
        Code: "InvalidRequest",
        Message:
          "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256: signature version 4, for presigned URLs too.",
      }
    : { Code: "AccessDenied", Message: "The request is not signed with signature version 4 (AWS4-HMAC-SHA256)." };
  sendXml(response, older ? 400 : 403, { Error: error });
}

/** Refuses a caller in the words and the format of the service that was meant. */
function refuseCaller(
  request: IncomingMessage,
  response: ServerResponse,
  serviceName: string,
  why: keyof typeof refusals,
): void {
  const [s3, query, json, message] = refusals[why];
  if (serviceName === "s3") {
    request.resume();
    sendXml(response, 403, { Error: { Code: s3, Message: message } });
  } else if (queryServices.has(serviceName)) {
    request.resume();
    sendQueryError(response, 403, query, message);
  } else refuse(request, response, json, message);
}

function refuse(request: IncomingMessage, response: ServerResponse, code: string, message: string, status = 403): void {
  request.resume();
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code };
  sendJsonError(response, status, code, message, headers);
}
