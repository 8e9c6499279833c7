import * as z from "zod";
import type { PolicyDocument, RoleResource } from "../template/resources.ts";

/** What a request has besides an action and a resource: condition keys such as `s3:prefix`, each with its values. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const conditionValues = z.union([
  z.array(z.coerce.string()),
  z.union([z.string(), z.number(), z.boolean()]).transform((one) => [String(one)]),
]);

const Statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.unknown().optional(),
  Action: oneOrMany.optional(),
  NotAction: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
  NotResource: oneOrMany.optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
});
type Statement = z.infer<typeof Statement>;

const Document = z.object({
  Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]),
});

/** One right that a role has been given: an action pattern on a resource pattern. */
export interface GrantedRight {
  readonly role: string;
  readonly policy: string;
  readonly action: string;
  readonly resource: string;
  /** How many calls it has allowed. */
  readonly used: number;
}

/** A call that no policy allows, or that one forbids. */
export interface Denial {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Decides what each role may do by the template's own policies, and records it. */
export interface AccessControl {
  /** Adds a role, or a user, with its policies. */
  add(role: Pick<RoleResource, "arn" | "policies">): void;
  /** Whether `roleArn` may do `action` on `resource`; recorded as a use of the right or as a denial. */
  allows(roleArn: string, action: string, resource: string, context?: RequestContext): boolean;
  /** The same, unrecorded: S3 asks itself this when an object is missing. */
  wouldAllow(roleArn: string, action: string, resource: string, context?: RequestContext): boolean;
  /** Every right the roles have been given, whether used or not. */
  grants(): readonly GrantedRight[];
  /** The last 1,000 denials. */
  denials(): readonly Denial[];
}

/** IAM for the roles of one stack. Throws an `Error` when a policy cannot be read. */
export function createAccessControl(
  roles: readonly RoleResource[],
  onDenied: (denial: Denial) => void = () => {},
): AccessControl {
  const readAll = ({ policies }: Pick<RoleResource, "policies">) =>
    policies.flatMap((policy) => readStatements(policy).map((statement) => ({ policy: policy.name, statement })));
  const statementsOf = new Map(roles.map((role) => [role.arn, readAll(role)]));
  const used = new Map<string, number>();
  const denials: Denial[] = [];

  const decide = (roleArn: string, action: string, resource: string, context: RequestContext) => {
    const applying = (statementsOf.get(roleArn) ?? []).filter(({ statement }) =>
      applies(statement, action, resource, context),
    );
    if (applying.some(({ statement }) => statement.Effect === "Deny")) return [];
    return applying;
  };

  return {
    add: (role) => {
      statementsOf.set(role.arn, readAll(role));
    },
    allows: (roleArn, action, resource, context = {}) => {
      const applying = decide(roleArn, action, resource, context);
      for (const { policy, statement } of applying) {
        for (const allowed of statement.Action ?? []) {
          if (!matches(allowed.toLowerCase(), action.toLowerCase())) continue;
          for (const pattern of statement.Resource ?? []) {
            if (!matches(pattern, resource)) continue;
            const right = JSON.stringify([roleArn, policy, allowed, pattern]);
            used.set(right, (used.get(right) ?? 0) + 1);
          }
        }
      }
      if (applying.length > 0) return true;
      const denial = { role: roleArn, action, resource, at: Date.now() };
      denials.push(denial);
      if (denials.length > 1000) denials.shift();
      onDenied(denial);
      return false;
    },
    wouldAllow: (roleArn, action, resource, context = {}) => decide(roleArn, action, resource, context).length > 0,
    grants: () =>
      [...statementsOf].flatMap(([role, entries]) =>
        entries
          .filter(({ statement }) => statement.Effect === "Allow")
          .flatMap(({ policy, statement }) =>
            (statement.Action ?? []).flatMap((action) =>
              (statement.Resource ?? []).map((resource) => ({
                role,
                policy,
                action,
                resource,
                used: used.get(JSON.stringify([role, policy, action, resource])) ?? 0,
              })),
            ),
          ),
      ),
    denials: () => [...denials],
  };
}

/** Whether a resource's own policies (a queue's) let an AWS service such as `s3.amazonaws.com` do `action` on it. */
export function serviceMay(
  policies: readonly PolicyDocument[],
  service: string,
  action: string,
  resource: string,
  context: RequestContext,
): boolean {
  const applying = policies.flatMap(readStatements).filter((statement) => {
    return includesService(statement.Principal, service) && applies(statement, action, resource, context);
  });
  return (
    applying.some((statement) => statement.Effect === "Allow") &&
    !applying.some((statement) => statement.Effect === "Deny")
  );
}

const ServicePrincipal = z.object({ Service: oneOrMany });
const AnyPrincipal = z.union([z.literal("*"), z.object({ AWS: z.literal("*") })]);

function includesService(principal: unknown, service: string): boolean {
  const named = ServicePrincipal.safeParse(principal);
  return (named.success && named.data.Service.includes(service)) || AnyPrincipal.safeParse(principal).success;
}

function readStatements(policy: PolicyDocument): Statement[] {
  const parsed = Document.safeParse(policy.document);
  if (!parsed.success) {
    throw new Error(`The policy ${policy.name} cannot be read: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`);
  }
  return parsed.data.Statement;
}

function applies(statement: Statement, action: string, resource: string, context: RequestContext): boolean {
  const lower = action.toLowerCase();
  if (statement.Action !== undefined && !statement.Action.some((name) => matches(name.toLowerCase(), lower))) {
    return false;
  }
  if (statement.NotAction?.some((name) => matches(name.toLowerCase(), lower)) === true) return false;
  if (statement.Resource !== undefined && !statement.Resource.some((name) => matches(name, resource))) return false;
  if (statement.NotResource?.some((name) => matches(name, resource)) === true) return false;
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      holds(
        operator,
        expected.flatMap((value) => resolved(value, context) ?? []),
        valuesOf(context, key),
      ),
    ),
  );
}

/**
 * A condition's value with its policy variables, such as `${aws:userid}`, replaced by the request's own values;
 * `undefined` when the request has none of one, so that nothing is equal to it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function resolved(value: string, context: RequestContext): string | undefined {
  let missing = false;
  const text = value.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name === "*" || name === "?" || name === "$") return name;
    const [found] = valuesOf(context, name) ?? [];
    missing ||= found === undefined;
    return found ?? "";
  });
  return missing ? undefined : text;
}

/** Condition keys are case-insensitive. */
function valuesOf(context: RequestContext, key: string): readonly string[] | undefined {
  const found = Object.keys(context).find((name) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : context[found];
}

function holds(operator: string, expected: readonly string[], actual: readonly string[] | undefined): boolean {
  const forAll = operator.startsWith("ForAllValues:");
  const ifExists = operator.endsWith("IfExists");
  const base = operator.replace(/^ForA(ll|ny)Values?:/, "").replace(/IfExists$/, "");
  if (base === "Null") return expected.includes(String(actual === undefined));
  const negated = base.startsWith("StringNot") || base.startsWith("ArnNot");
  if (actual === undefined || actual.length === 0) return ifExists || forAll || negated;
  const test = comparison(base);
  const hit = (value: string) => expected.some((pattern) => test(pattern, value));
  if (negated) return forAll ? actual.every((value) => !hit(value)) : !actual.some(hit);
  return forAll ? actual.every(hit) : actual.some(hit);
}

function comparison(operator: string): (pattern: string, value: string) => boolean {
  switch (operator) {
    case "StringEquals":
    case "StringNotEquals":
      return (pattern, value) => pattern === value;
    case "StringEqualsIgnoreCase":
    case "StringNotEqualsIgnoreCase":
      return (pattern, value) => pattern.toLowerCase() === value.toLowerCase();
    case "StringLike":
    case "StringNotLike":
    case "ArnLike":
    case "ArnNotLike":
    case "ArnEquals":
    case "ArnNotEquals":
      return matches;
    case "Bool":
      return (pattern, value) => pattern.toLowerCase() === value.toLowerCase();
    case "NumericEquals":
      return (pattern, value) => Number(value) === Number(pattern);
    case "NumericLessThan":
      return (pattern, value) => Number(value) < Number(pattern);
    case "NumericLessThanEquals":
      return (pattern, value) => Number(value) <= Number(pattern);
    case "NumericGreaterThan":
      return (pattern, value) => Number(value) > Number(pattern);
    case "NumericGreaterThanEquals":
      return (pattern, value) => Number(value) >= Number(pattern);
    default:
      throw new Error(`A policy has the condition operator ${operator}, which the embedded cloud does not know.`);
  }
}

const compiled = new Map<string, RegExp>();

/** IAM's wildcards: `*` is any run of characters, `?` exactly one. */
function matches(pattern: string, value: string): boolean {
  if (pattern === "*" || pattern === value) return true;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    expression = new RegExp(`^${source}$`, "s");
    compiled.set(pattern, expression);
  }
  return expression.test(value);
}
