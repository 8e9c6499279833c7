import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestContext } from "./access-control.ts";

/** Who is calling: someone outside, with all rights, or a function or person with the rights of a role's policies. */
export type Caller =
  | { readonly kind: "operator" }
  | {
      readonly kind: "role";
      readonly name: string;
      /** By which its rights are found. */
      readonly roleArn: string;
      readonly identity: CallerIdentity;
    };

/** What IAM says of a caller, in the words of its condition keys. */
export interface CallerIdentity {
  /** `aws:userid`, and behind `AWS:` the `principalId` of S3's events: `AIDA…`, or `AROA…:<session>`. */
  readonly userId: string;
  /** `aws:PrincipalType` */
  readonly type: "User" | "AssumedRole";
  /** `aws:PrincipalArn`: of the user or the role. */
  readonly arn: string;
  /** `aws:PrincipalTag/…` */
  readonly tags?: Readonly<Record<string, string>>;
}

/** One request as a service sees it. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The request's body, read whole once. Throws a `RangeError` above 16 MiB; S3's objects are read from the request. */
  body(): Promise<Buffer>;
  readonly caller: Caller;
  /** The caller's ARN, for error messages. */
  readonly principal: string;
  /** The caller's id, as `GetCallerIdentity` and S3's events say it. */
  readonly userId: string;
  /** Counts the request under this operation's name. */
  count(operation: string): void;
  /** Whether the caller's policies allow it; recorded. */
  allows(action: string, resource: string, context?: RequestContext): boolean;
  /** The same, unrecorded. */
  wouldAllow(action: string, resource: string, context?: RequestContext): boolean;
}

/** The whole HTTP side of a service. It answers every call; a rejection becomes HTTP 500. */
export type Service = (call: Call) => Promise<void>;
