import { resolveIntrinsics } from "./intrinsics.ts";
import { createReferences, type TemplateReferences } from "./references.ts";
import type { AttachablePolicy, StackDraft, UnattachedRole } from "./resource-type.ts";
import { resourceTypeOf } from "./resource-types.ts";
import type { RoleResource, StackOutput, StackResources } from "./resources.ts";
import { type ParsedTemplate, TemplateSchema } from "./template-schema.ts";

/**
 * Reads a synthesised CloudFormation template. `endpoint` is where the local services answer: queue URLs start with it.
 * Throws an `Error` naming the resource whose type or properties the embedded cloud cannot emulate.
 */
export function readTemplate(
  template: unknown,
  settings: { readonly stackName: string; readonly endpoint: string },
): StackResources {
  const parsed = TemplateSchema.parse(template);
  const references = createReferences(parsed, settings);
  const draft = emptyDraft();
  for (const [logicalId, resource] of Object.entries(parsed.Resources)) {
    if (!isPresent(resource, references)) continue;
    const { name, arn, ref } = references.namesOf(logicalId);
    const properties = () => resolveIntrinsics(resource.Properties ?? {}, references);
    resourceTypeOf(resource.Type).read({ logicalId, name, arn, ref }, properties, draft);
  }
  const { roles, policies, ...resources } = draft;
  return {
    ...resources,
    stackName: settings.stackName,
    roles: roles.map((role) => attachPolicies(role, policies)),
    outputs: readOutputs(parsed, references),
  };
}

function emptyDraft(): StackDraft {
  return {
    queues: [],
    queuePolicies: new Map(),
    buckets: [],
    functions: [],
    eventSources: [],
    schedules: [],
    tables: [],
    secrets: [],
    topics: [],
    subscriptions: [],
    peoplePolicies: [],
    roles: [],
    policies: [],
  };
}

function attachPolicies(role: UnattachedRole, policies: readonly AttachablePolicy[]): RoleResource {
  const { managedPolicyArns, ...own } = role;
  const attached = policies
    .filter((policy) => policy.roleNames.includes(role.name) || managedPolicyArns.includes(policy.arn))
    .map((policy) => ({ name: policy.logicalId, document: policy.document }));
  return { ...own, policies: [...role.policies, ...attached] };
}

function readOutputs(template: ParsedTemplate, references: TemplateReferences): StackOutput[] {
  return Object.entries(template.Outputs ?? {})
    .filter(([, output]) => isPresent(output, references))
    .map(([key, output]) => ({
      key,
      value: String(resolveIntrinsics(output.Value, references)),
      ...(output.Description !== undefined && { description: output.Description }),
    }));
}

function isPresent(entry: { readonly Condition?: string | undefined }, references: TemplateReferences): boolean {
  return entry.Condition === undefined || references.condition(entry.Condition);
}
