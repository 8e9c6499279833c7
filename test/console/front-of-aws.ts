import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as forward, IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import * as z from "zod";
import { resolveIntrinsics } from "../../infra/local/template/intrinsics.ts";
import { createReferences } from "../../infra/local/template/references.ts";
import { TemplateSchema } from "../../infra/local/template/template-schema.ts";
import { signedHeaders } from "../infra/local/sign-request.ts";
import type { StackOnAws } from "./stack-on-aws.ts";

/**
 * Answers for all of AWS's hosts that the page talks to, over TLS and under their own names: CloudFront with the page and its
 * headers, the login pages and pools, S3 with its CORS, DynamoDB and SQS, all as the stack's template says.
 */
export interface FrontOfAws extends AsyncDisposable {
  readonly port: number;
  /** Where the page is. */
  readonly url: string;
  /** What was asked of which host: `GET example.s3.us-east-1.amazonaws.com/reports/`. */
  readonly asked: readonly string[];
}

// For loopback, and trusted by nobody; the browser is told not to mind.
const pem = (name: string) => readFileSync(new URL(`../enswitch/tls/${name}.pem`, import.meta.url), "utf8");
const tls: ServerOptions = { key: pem("key"), cert: pem("cert") };

/** Starts it for a stack. */
export async function startFrontOfAws(stack: StackOnAws): Promise<FrontOfAws> {
  const { cloud, service, settings } = stack;
  const url = cloud.outputs["ConsoleUrl"] ?? "";
  const bucketHost = `${settings.bucket}.s3.${settings.region}.amazonaws.com`;
  const asked: string[] = [];
  const page = pageOf(stack);
  const cors = corsOf(stack);

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { host = "", origin } = request.headers;
    const target = request.url ?? "/";
    asked.push(`${request.method} ${host}${target.split("?")[0]}`);
    if (host === new URL(url).host) return page(target.split("?")[0] ?? "/", response);
    if (service.hosts.includes(host)) {
      return passOn(request, response, { to: service.endpoint, target, headers: request.headers });
    }
    const api = apis.find((name) => host === `${name}.${settings.region}.amazonaws.com`);
    if (api !== undefined) return askApi(stack, api, request, response);
    if (host !== bucketHost) return response.writeHead(421).end();
    for (const [name, value] of Object.entries(cors(request.method, origin))) response.setHeader(name, value);
    if (request.method === "OPTIONS") {
      return response.writeHead(response.hasHeader("access-control-allow-origin") ? 200 : 403).end();
    }
    return passOn(request, response, { to: cloud.endpoint, ...signedAgain(stack, request) });
  };
  const server = createServer(tls, (request, response) => {
    answer(request, response).catch((error: unknown) =>
      response.destroy(new Error("It was cut off.", { cause: error })),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    port,
    url,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Services that let every origin call them, and have what is asked in the body. */
const apis = ["dynamodb", "sqs"];

const headersOfApis = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST",
  "access-control-allow-headers":
    "amz-sdk-invocation-id, amz-sdk-request, authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-target, x-amz-user-agent, x-amzn-query-mode",
  "access-control-expose-headers": "x-amzn-errortype, x-amzn-requestid",
} as const;

/** Asks the embedded cloud what was asked of a service under its own name. */
async function askApi(stack: StackOnAws, service: string, request: IncomingMessage, response: ServerResponse) {
  const { cloud } = stack;
  for (const [name, value] of Object.entries(headersOfApis)) response.setHeader(name, value);
  if (request.method === "OPTIONS") return response.writeHead(200).end();
  const body = (await text(request)).replaceAll(queuesOnAws(stack), cloud.endpoint);
  const payloadHash = createHash("sha256").update(body).digest("hex");
  const { signed } = signedAgain(stack, request, { service, payloadHash, target: "/" });
  const { "content-type": contentType = "application/x-amz-json-1.0", "x-amz-target": what } = request.headers;
  const headers = { ...signed, "content-type": contentType, "x-amz-target": String(what) };
  const answer = await fetch(cloud.endpoint, { method: "POST", body, headers });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
  return response.end(await answer.text());
}

/** Where AWS has the region's queues. */
const queuesOnAws = ({ settings }: StackOnAws) => `https://sqs.${settings.region}.amazonaws.com`;

/** The page as CloudFront serves it: what is absent is the page with 404, and the headers are the policies'. */
function pageOf(stack: StackOnAws) {
  const { pages, template, cloud } = stack;
  const distribution = z
    .object({
      DistributionConfig: z.object({
        DefaultRootObject: z.string(),
        DefaultCacheBehavior: z.object({ ResponseHeadersPolicyId: z.string() }),
        CacheBehaviors: z.array(z.object({ PathPattern: z.string(), ResponseHeadersPolicyId: z.string() })),
        Origins: z.tuple([z.object({ OriginPath: z.string() })]),
      }),
    })
    .parse(resolvedResource(template, cloud.endpoint, "AWS::CloudFront::Distribution"));
  const { DefaultRootObject, DefaultCacheBehavior, CacheBehaviors, Origins } = distribution.DistributionConfig;
  const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };
  return async (path: string, response: ServerResponse) => {
    const key = (of: string) => `${Origins[0].OriginPath.slice(1)}${of === "/" ? `/${DefaultRootObject}` : of}`;
    const found = await pages.get(key(path));
    const shown = found ?? (await pages.get(key("/")));
    if (shown === undefined) return response.writeHead(404).end();
    const { ResponseHeadersPolicyId: policy } =
      CacheBehaviors.find(({ PathPattern }) => path.startsWith(`/${PathPattern.replace("*", "")}`)) ??
      DefaultCacheBehavior;
    const type = types[(found === undefined ? "index.html" : key(path)).split(".").at(-1) ?? ""] ?? "application/json";
    response.writeHead(found === undefined ? 404 : 200, {
      ...headersOfPolicy(template, cloud.endpoint, policy),
      "content-type": `${type}; charset=utf-8`,
    });
    if (!path.endsWith("/config.json")) {
      await pipeline(shown.body, response);
      return response;
    }
    // The embedded cloud has the queue under its own address.
    return response.end((await text(shown.body)).replaceAll(cloud.endpoint, queuesOnAws(stack)));
  };
}

const Config = z.object({
  ResponseHeadersPolicyConfig: z.object({
    CustomHeadersConfig: z.object({ Items: z.array(z.object({ Header: z.string(), Value: z.string() })) }),
    SecurityHeadersConfig: z.object({ ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string() }) }),
  }),
});

/** Those headers by which a browser decides. */
function headersOfPolicy(template: unknown, endpoint: string, policy: string): Readonly<Record<string, string>> {
  const all = resolvedResources(template, endpoint, "AWS::CloudFront::ResponseHeadersPolicy");
  const { CustomHeadersConfig, SecurityHeadersConfig } = Config.parse(
    all.find(({ id }) => id === policy)?.properties,
  ).ResponseHeadersPolicyConfig;
  return {
    ...Object.fromEntries(CustomHeadersConfig.Items.map(({ Header, Value }) => [Header, Value])),
    "content-security-policy": SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy,
    "x-content-type-options": "nosniff",
  };
}

/** S3's CORS headers by the bucket's rules; none for an origin or a method that no rule has. */
function corsOf({ template, cloud }: StackOnAws) {
  const bucket = resolvedResources(template, cloud.endpoint, "AWS::S3::Bucket").find(({ id }) =>
    id.startsWith("Campaigns"),
  );
  const { CorsRules } = z
    .object({
      CorsConfiguration: z.object({
        CorsRules: z.array(
          z.object({
            AllowedOrigins: z.array(z.string()),
            AllowedMethods: z.array(z.string()),
            ExposedHeaders: z.array(z.string()),
          }),
        ),
      }),
    })
    .parse(bucket?.properties).CorsConfiguration;
  return (method = "", origin = ""): Readonly<Record<string, string>> => {
    const rule = CorsRules.find(
      ({ AllowedOrigins, AllowedMethods }) =>
        AllowedOrigins.includes(origin) && (method === "OPTIONS" || AllowedMethods.includes(method)),
    );
    if (rule === undefined) return {};
    return {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": rule.AllowedMethods.join(", "),
      "access-control-allow-headers":
        "amz-sdk-invocation-id, amz-sdk-request, authorization, cache-control, content-type, if-none-match, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-tagging, x-amz-user-agent",
      "access-control-expose-headers": rule.ExposedHeaders.join(", "),
    };
  };
}

/**
 * A request to the bucket's own host, as one to the embedded cloud, which has buckets in its paths: signed again with the same
 * keys, if it was signed with keys that the identity pool gave and carries their session token.
 */
function signedAgain(
  { cloud, settings, service }: StackOnAws,
  request: IncomingMessage,
  how: { readonly service?: string; readonly payloadHash?: string; readonly target?: string } = {},
) {
  const accessKeyId = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const keys = service.given.get(accessKeyId);
  const isOurs = keys !== undefined && request.headers["x-amz-security-token"] === keys.sessionToken;
  const credentials = { accessKeyId, secretAccessKey: isOurs ? keys.secretAccessKey : "not ours" };
  const { target = `/${settings.bucket}${request.url ?? "/"}` } = how;
  const { host } = new URL(cloud.endpoint);
  const { "x-amz-security-token": _, ...others } = request.headers;
  const signed = signedHeaders(
    { credentials, region: cloud.region },
    { ...how, method: request.method ?? "GET", host, target, headers: textsIn(others) },
  );
  return { target, signed, headers: { ...others, ...signed } };
}

/** Headers that came once. */
const textsIn = (headers: IncomingMessage["headers"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  {
    to,
    target,
    headers,
  }: { readonly to: string; readonly target: string; readonly headers: IncomingMessage["headers"] },
) {
  const { hostname, port } = new URL(to);
  const onward = forward({ hostname, port, path: target, method: request.method, headers });
  const answered = once(onward, "response");
  await pipeline(request, onward);
  const [answer] = z.tuple([z.instanceof(IncomingMessage)]).parse(await answered);
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, response);
  return response;
}

const resolvedResource = (template: unknown, endpoint: string, type: string) =>
  resolvedResources(template, endpoint, type)[0]?.properties;

function resolvedResources(template: unknown, endpoint: string, type: string) {
  const parsed = TemplateSchema.parse(template);
  const references = createReferences(parsed, { stackName: "BulkSend", endpoint });
  return Object.entries(parsed.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => ({ id, properties: resolveIntrinsics(Properties ?? {}, references) }));
}
