import type { ServerResponse } from "node:http";
import { sendXml, type XmlChildren } from "../gateway/xml.ts";
import { accountId } from "../template/resources.ts";

/** The namespace of S3's documents; some clients read no element outside of it. */
const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** The owner of all buckets and objects. */
export const owner = { ID: accountId, DisplayName: "operator" } as const;

/** Answers a request with a document of S3; `name` is its root element. */
export function sendResult(
  response: ServerResponse,
  name: string,
  content: XmlChildren,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendXml(response, 200, { [name]: { "@xmlns": namespace, ...content } }, headers);
}

/** Answers with the only access list there is: everything belongs to the owner, and others get rights by policies alone. */
export function sendOwnersAcl(response: ServerResponse): void {
  const grantee = {
    "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "@xsi:type": "CanonicalUser",
    ...owner,
  };
  const grant = { Grantee: grantee, Permission: "FULL_CONTROL" };
  sendResult(response, "AccessControlPolicy", { Owner: owner, AccessControlList: { Grant: [grant] } });
}
