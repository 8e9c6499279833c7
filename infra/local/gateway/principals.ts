import { randomBytes } from "node:crypto";
import type { StackResources } from "../template/resources.ts";
import type { Caller } from "./call.ts";
import { systemUser } from "./system-user.ts";

/** An access key and the secret that its owner signs with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Whose an access key is, and the secret that proves it. */
export interface Identity {
  readonly caller: Caller;
  readonly secretAccessKey: string;
}

/** Everyone who may call the services, each with an access key. */
export interface Principals {
  /** The access key that may do everything. */
  readonly operator: AccessKey;
  /** Whose this access key is; `undefined` when it is nobody's. */
  identityOf(accessKeyId: string): Identity | undefined;
  /** The access key of a function, or of a managed policy alone. Throws an `Error` when the stack has neither. */
  keyOf(logicalId: string): AccessKey;
}

/** A new access key, as unguessable as AWS's own. */
const newAccessKey = (prefix: string): AccessKey => ({
  accessKeyId: `${prefix}${randomBytes(12).toString("hex")}`,
  secretAccessKey: randomBytes(30).toString("base64url"),
});

/** Gives the operator and every function and managed policy of a stack a new access key, for as long as the cloud runs. */
export function createPrincipals(stack: Pick<StackResources, "functions" | "peoplePolicies">): Principals {
  const operator = newAccessKey("OPERATOR");
  const keys = new Map<string, AccessKey>();
  const identities = new Map<string, Identity>();
  const add = ({ accessKeyId, secretAccessKey }: AccessKey, caller: Caller) =>
    identities.set(accessKeyId, { caller, secretAccessKey });
  const addRole = (name: string, roleArn: string) => {
    const key = newAccessKey("LOCAL");
    keys.set(name, key);
    add(key, { kind: "role", name, roleArn });
  };
  for (const { logicalId, roleArn } of stack.functions) addRole(logicalId, roleArn);
  for (const { logicalId, arn } of stack.peoplePolicies) addRole(logicalId, arn);
  add(operator, { kind: "operator" });
  return {
    operator,
    identityOf: (accessKeyId) => identities.get(accessKeyId),
    keyOf: (logicalId) => {
      const key = keys.get(logicalId);
      if (key === undefined) throw new Error(`The stack has no function or managed policy ${logicalId}.`);
      return key;
    },
  };
}

/** Who calls, as STS and S3's events would name the session of a role: for a role or policy the end of its ARN. */
export const principalIdOf = (caller: Caller): string =>
  `AROALOCAL:${caller.kind === "operator" ? systemUser() : (caller.roleArn.split(":").at(-1) ?? caller.name)}`;
