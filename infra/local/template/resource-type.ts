import { createHash } from "node:crypto";
import * as z from "zod";
import {
  accountId,
  type NamedResource,
  type PolicyDocument,
  type RoleResource,
  region,
  type StackResources,
} from "./resources.ts";

/** What a resource type may use to name one of its resources. */
export interface NamingContext {
  readonly logicalId: string;
  /** The stack's name and the logical id: the basis of a generated name. */
  readonly plainName: string;
  /** Where the local services answer; queue URLs start with it. */
  readonly endpoint: string;
  /** The name the template gives in this property, or else `fallback`. */
  named(property: string, fallback: string): string;
}

/** A resource's local name and ARN, and what `Ref` and `Fn::GetAtt` return for it. */
export interface ResourceNames {
  readonly name: string;
  readonly arn: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A role, before the policies that are resources of their own have been attached. */
export interface UnattachedRole extends RoleResource {
  readonly managedPolicyArns: readonly string[];
}

/** A policy that is a resource of its own. */
export interface AttachablePolicy {
  readonly logicalId: string;
  readonly arn: string;
  readonly document: unknown;
  /** Names of the roles it lists. */
  readonly roleNames: readonly string[];
}

type Mutable<List> = List extends readonly (infer Item)[] ? Item[] : never;

/** What has been read from a template so far. */
export interface StackDraft {
  readonly queues: Mutable<StackResources["queues"]>;
  readonly queuePolicies: Map<string, PolicyDocument[]>;
  readonly buckets: Mutable<StackResources["buckets"]>;
  readonly functions: Mutable<StackResources["functions"]>;
  readonly eventSources: Mutable<StackResources["eventSources"]>;
  readonly schedules: Mutable<StackResources["schedules"]>;
  readonly tables: Mutable<StackResources["tables"]>;
  readonly secrets: Mutable<StackResources["secrets"]>;
  readonly topics: Mutable<StackResources["topics"]>;
  readonly subscriptions: Mutable<StackResources["subscriptions"]>;
  readonly peoplePolicies: Mutable<StackResources["peoplePolicies"]>;
  readonly roles: UnattachedRole[];
  readonly policies: AttachablePolicy[];
}

/** Everything the embedded cloud knows about one CloudFormation resource type. */
export interface ResourceType {
  /** Reads at most the property that names the resource, so that references between resources may be circular. */
  names(context: NamingContext): ResourceNames;
  /**
   * Adds a resource to the draft. `properties` resolves its properties, which a type that ignores them need not do.
   * Throws an `Error` when the resource cannot run locally.
   */
  read(own: NamedResource & Pick<ResourceNames, "ref">, properties: () => unknown, draft: StackDraft): void;
}

/** A whole number, which templates write as a number or as a string. */
export const count = z.coerce.number().int();
/** A string that must not be empty. */
export const text = z.string().min(1);

/** Defines a resource type by the schema of its properties, its names, and what one resource adds to the draft. */
export function resourceType<Properties>(
  type: string,
  definition: {
    readonly properties: z.ZodType<Properties>;
    readonly names?: ResourceType["names"];
    readonly add: (
      resource: { readonly own: NamedResource; readonly ref: string; readonly properties: Properties },
      draft: StackDraft,
    ) => void;
  },
): ResourceType {
  return {
    names: definition.names ?? defaultNames,
    read: ({ ref, ...own }, properties, draft) => {
      const parsed = definition.properties.safeParse(properties());
      if (!parsed.success) {
        const problem = z.prettifyError(parsed.error).replaceAll("\n", " ");
        throw new Error(`${own.logicalId} (${type}) cannot run locally: ${problem}`);
      }
      definition.add({ own, ref, properties: parsed.data }, draft);
    },
  };
}

/** A resource type that does something on AWS but nothing on one machine. */
export function ignoredType(names: ResourceType["names"] = defaultNames): ResourceType {
  return { names, read: () => {} };
}

/** A resource type that is not offered locally: a template may refer to such a resource only if it is never created. */
export function unknownType(type: string): ResourceType {
  return {
    names: defaultNames,
    read: ({ logicalId }) => {
      throw new Error(`${logicalId} is a ${type}, which the embedded cloud does not have.`);
    },
  };
}

function defaultNames({ logicalId, plainName }: NamingContext): ResourceNames {
  return refIsName(logicalId, `arn:aws:local:${region}:${accountId}:${logicalId}`, {
    GroupId: `sg-${digest(plainName, 17)}`,
    Id: logicalId,
  });
}

/** Names for a resource whose `Ref` is its name. */
export function refIsName(name: string, arn: string, attributes: Readonly<Record<string, string>> = {}): ResourceNames {
  return { name, arn, ref: name, attributes: { Arn: arn, ...attributes } };
}

/** Names for a resource whose `Ref` is its ARN. */
export function refIsArn(name: string, arn: string, attributes: Readonly<Record<string, string>> = {}): ResourceNames {
  return { name, arn, ref: arn, attributes: { Arn: arn, ...attributes } };
}

/** A stable suffix in place of the random one AWS adds to names. */
export function digest(value: string, length: number): string {
  return createHash("sha256").update(value).digest("hex").slice(0, length);
}
