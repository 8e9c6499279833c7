import { createHash, createHmac } from "node:crypto";
import type { CloudAccess } from "../../../infra/local/cloud-access.ts";

const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The headers that sign a request to S3, or to another `service`, as no SDK would make it. `target` is the path, already
 * encoded, with its query; of the body only what `payloadHash` says is signed.
 */
export function signedHeaders(
  { credentials, region }: Pick<CloudAccess, "credentials" | "region">,
  request: {
    readonly method: string;
    readonly host: string;
    readonly target: string;
    readonly service?: string;
    readonly payloadHash?: string;
    /** The request's other headers, of which those are signed that AWS asks for. */
    readonly headers?: Readonly<Record<string, string>>;
  },
): Record<string, string> {
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const { service = "s3", payloadHash = "UNSIGNED-PAYLOAD" } = request;
  const scope = `${at.slice(0, 8)}/${region}/${service}/aws4_request`;
  const [path = "", query = ""] = request.target.split("?");
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => [encoded(name), encoded(value)] as const);
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)).map((pair) => pair.join("="));
  const headers = { ...request.headers, host: request.host, "x-amz-content-sha256": payloadHash, "x-amz-date": at };
  const toSign = Object.entries(headers).filter(([name]) => name === "host" || name.startsWith("x-amz-"));
  const inOrder = toSign.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const names = inOrder.map(([name]) => name).join(";");
  const lines = inOrder.map((header) => header.join(":"));
  const canonical = [request.method, path, sorted.join("&"), ...lines, "", names, payloadHash].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", at, scope, hash].join("\n")).toString("hex");
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...Object.fromEntries(inOrder),
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
