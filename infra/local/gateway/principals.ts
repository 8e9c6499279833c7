import { randomBytes } from "node:crypto";
import type { StackResources } from "../template/resources.ts";
import type { Caller } from "./gateway.ts";

/** Everyone who may call the services, each with an access key. */
export interface Principals {
  /** Who has this access key; `undefined` when nobody does. */
  callerOf(accessKeyId: string): Caller | undefined;
  /** The access key of a function, or of a managed policy alone. Throws an `Error` when the stack has neither. */
  keyOf(logicalId: string): string;
}

/** Gives every function and managed policy of a stack an access key of its own, for as long as the cloud runs. */
export function createPrincipals(
  stack: Pick<StackResources, "functions" | "peoplePolicies">,
  operatorKey: string,
): Principals {
  const roles = [
    ...stack.functions.map(({ logicalId, roleArn }) => ({ name: logicalId, roleArn })),
    ...stack.peoplePolicies.map(({ logicalId, arn }) => ({ name: logicalId, roleArn: arn })),
  ];
  const keys = new Map(roles.map(({ name }) => [name, `LOCAL${randomBytes(12).toString("hex")}`]));
  const callers = new Map<string, Caller>(roles.map((role) => [keys.get(role.name) ?? "", { kind: "role", ...role }]));
  callers.set(operatorKey, { kind: "operator" });
  return {
    callerOf: (accessKeyId) => callers.get(accessKeyId),
    keyOf: (logicalId) => {
      const key = keys.get(logicalId);
      if (key === undefined) throw new Error(`The stack has no function or managed policy ${logicalId}.`);
      return key;
    },
  };
}
