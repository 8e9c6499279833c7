import * as z from "zod";
import { noValue, type References, resolveIntrinsics } from "./intrinsics.ts";
import { digest, type ResourceNames } from "./resource-type.ts";
import { resourceTypeOf } from "./resource-types.ts";
import { accountId, region } from "./resources.ts";
import type { ParsedTemplate } from "./template-schema.ts";

/** The references within one template, and the names of its resources. */
export interface TemplateReferences extends References {
  /** Throws an `Error` when the template has no such resource. */
  namesOf(logicalId: string): ResourceNames;
}

/** Resolves a template's `Ref`, `Fn::GetAtt` and conditions to what they mean locally. */
export function createReferences(
  template: ParsedTemplate,
  settings: { readonly stackName: string; readonly endpoint: string },
): TemplateReferences {
  const { stackName, endpoint } = settings;
  const pseudoParameters: ReadonlyMap<string, unknown> = new Map<string, unknown>([
    ["AWS::Region", region],
    ["AWS::AccountId", accountId],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
    ["AWS::StackName", stackName],
    ["AWS::StackId", `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${digest(stackName, 32)}`],
    ["AWS::NoValue", noValue],
  ]);

  const namesOf = (logicalId: string): ResourceNames => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw new Error(`The template refers to ${logicalId}, which it does not contain.`);
    return resourceTypeOf(resource.Type).names({
      logicalId,
      plainName: `${stackName}-${logicalId}`,
      endpoint,
      named: (property, fallback) =>
        z.string().catch(fallback).parse(resolveIntrinsics(resource.Properties?.[property], references)),
    });
  };

  const references: TemplateReferences = {
    namesOf,
    condition: (name) => Boolean(resolveIntrinsics(template.Conditions?.[name], references)),
    ref: (name) => {
      if (pseudoParameters.has(name)) return pseudoParameters.get(name);
      const parameter = template.Parameters?.[name];
      return parameter === undefined ? namesOf(name).ref : (parameter.Default ?? "");
    },
    attribute: (logicalId, attribute) => {
      const value = namesOf(logicalId).attributes[attribute];
      if (value === undefined) {
        throw new Error(`The template asks for ${logicalId}.${attribute}, which the embedded cloud does not know.`);
      }
      return value;
    },
  };
  return references;
}
