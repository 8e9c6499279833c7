import { createHash, randomBytes } from "node:crypto";
import type { StackResources } from "../template/resources.ts";
import { accountId } from "../template/resources.ts";
import type { Caller, CallerIdentity } from "./call.ts";

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
  /** Whose this access key is; `undefined` when it is nobody's, "ended" when it was somebody's. */
  identityOf(accessKeyId: string): Identity | "ended" | undefined;
  /** The access key of a function, or of a managed policy alone. Throws an `Error` when the stack has neither. */
  keyOf(logicalId: string): AccessKey;
  /** A new access key of an IAM user, whose rights are those of `roleArn`. */
  addUser(name: string, roleArn: string): AccessKey;
  /** A new access key of somebody of an identity pool: of a role all of whose sessions have one name, with these principal tags. */
  addPoolSession(roleArn: string, tags: Readonly<Record<string, string>>): AccessKey;
  /** Another access key that may do everything. */
  addOperator(): AccessKey;
  /** Ends access keys, as those of a session end on AWS. */
  end(accessKeyIds: readonly string[]): void;
}

/** The ARN of an IAM user. */
export const userArn = (name: string): string => `arn:aws:iam::${accountId}:user/${name}`;

/** The ARN of a role of an identity pool. */
export const poolRoleArn = (name: string): string => `arn:aws:iam::${accountId}:role/${name}`;

/** An id as IAM gives them, always the same for a name. */
const idOf = (prefix: "AIDA" | "AROA", name: string) =>
  `${prefix}${createHash("sha256").update(name).digest("hex").slice(0, 17).toUpperCase()}`;

const userOf = (name: string): CallerIdentity => ({ userId: idOf("AIDA", name), type: "User", arn: userArn(name) });

const functionOf = (name: string, roleArn: string): CallerIdentity => ({
  userId: `${idOf("AROA", roleArn)}:${name}`,
  type: "AssumedRole",
  arn: roleArn,
});

/** The name that an identity pool gives all sessions. */
const poolSession = "CognitoIdentityCredentials";

/** A new access key, as unguessable as AWS's own. */
const newAccessKey = (prefix: string): AccessKey => ({
  accessKeyId: `${prefix}${randomBytes(12).toString("hex")}`,
  secretAccessKey: randomBytes(30).toString("base64url"),
});

/** Gives the operator and every function and managed policy of a stack a new access key, for as long as the cloud runs. */
export function createPrincipals(stack: Pick<StackResources, "functions" | "peoplePolicies">): Principals {
  const keys = new Map<string, AccessKey>();
  const identities = new Map<string, Identity | "ended">();
  const add = ({ accessKeyId, secretAccessKey }: AccessKey, caller: Caller) =>
    identities.set(accessKeyId, { caller, secretAccessKey });
  const addRole = (name: string, roleArn: string, identity: CallerIdentity): AccessKey => {
    const key = newAccessKey("LOCAL");
    add(key, { kind: "role", name, roleArn, identity });
    return key;
  };
  const addOperator = (): AccessKey => {
    const key = newAccessKey("OPERATOR");
    add(key, { kind: "operator" });
    return key;
  };
  for (const { logicalId, roleArn } of stack.functions) {
    keys.set(logicalId, addRole(logicalId, roleArn, functionOf(logicalId, roleArn)));
  }
  for (const { logicalId, arn } of stack.peoplePolicies)
    keys.set(logicalId, addRole(logicalId, arn, userOf(logicalId)));
  return {
    operator: addOperator(),
    identityOf: (accessKeyId) => identities.get(accessKeyId),
    keyOf: (logicalId) => {
      const key = keys.get(logicalId);
      if (key === undefined) throw new Error(`The stack has no function or managed policy ${logicalId}.`);
      return key;
    },
    addPoolSession: (roleArn, tags) => addRole("pool", roleArn, { ...functionOf(poolSession, roleArn), tags }),
    addUser: (name, roleArn) => addRole(name, roleArn, userOf(name)),
    addOperator,
    end: (accessKeyIds) => {
      for (const accessKeyId of accessKeyIds) identities.set(accessKeyId, "ended");
    },
  };
}
