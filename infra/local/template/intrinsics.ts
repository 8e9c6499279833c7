import * as z from "zod";

/** What a template's `Ref`, `Fn::GetAtt` and conditions stand for. Each throws an `Error` for an unknown name. */
export interface References {
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
}

/** `AWS::NoValue`: a property that resolves to this is left out. */
export const noValue = Symbol("AWS::NoValue");

const Pair = z.tuple([z.string(), z.unknown()]);
const Attribute = z.union([
  z.tuple([z.string(), z.string()]),
  z
    .string()
    .regex(/^[^.]+\../)
    .transform((path) => Pair.parse([path.slice(0, path.indexOf(".")), path.slice(path.indexOf(".") + 1)])),
]);

/**
 * Resolves CloudFormation's intrinsic functions anywhere in `value`: Ref, GetAtt, Join, Sub, Select, Split, GetAZs, If,
 * Equals, And, Or, Not. Throws an `Error` that names any other function.
 */
export function resolveIntrinsics(value: unknown, references: References): unknown {
  const resolve = (inner: unknown): unknown => resolveIntrinsics(inner, references);
  if (Array.isArray(value)) return value.map(resolve).filter((entry) => entry !== noValue);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && (only[0] === "Ref" || only[0].startsWith("Fn::"))) {
    return intrinsic(only[0], only[1], references);
  }
  if (entries.length === 1 && only !== undefined && only[0] === "Condition" && typeof only[1] === "string") {
    return references.condition(only[1]);
  }
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, resolve(inner)]).filter(([, resolved]) => resolved !== noValue),
  );
}

function intrinsic(name: string, argument: unknown, references: References): unknown {
  const resolve = (inner: unknown): unknown => resolveIntrinsics(inner, references);
  switch (name) {
    case "Ref":
      return references.ref(z.string().parse(argument));
    case "Fn::GetAtt": {
      const [logicalId, attribute] = Attribute.parse(argument);
      return references.attribute(logicalId, z.string().parse(attribute));
    }
    case "Fn::Join": {
      const [separator, parts] = z.tuple([z.string(), z.unknown()]).parse(argument);
      return z.array(z.coerce.string()).parse(resolve(parts)).join(separator);
    }
    case "Fn::Sub":
      return substitute(argument, references);
    case "Fn::Select": {
      const [index, list] = z.tuple([z.coerce.number(), z.unknown()]).parse(argument);
      return z.array(z.unknown()).parse(resolve(list))[index];
    }
    case "Fn::Split": {
      const [separator, text] = z.tuple([z.string(), z.unknown()]).parse(argument);
      return z.string().parse(resolve(text)).split(separator);
    }
    case "Fn::GetAZs":
      return ["us-east-1a", "us-east-1b"];
    case "Fn::If": {
      const [condition, yes, no] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(argument);
      return resolve(references.condition(condition) ? yes : no);
    }
    case "Fn::Equals": {
      const [left, right] = z.tuple([z.unknown(), z.unknown()]).parse(argument);
      return JSON.stringify(resolve(left)) === JSON.stringify(resolve(right));
    }
    case "Fn::And":
      return z.array(z.unknown()).parse(argument).every(resolve);
    case "Fn::Or":
      return z.array(z.unknown()).parse(argument).some(resolve);
    case "Fn::Not":
      return !z.array(z.unknown()).parse(argument).some(resolve);
    default:
      throw new Error(`The template uses ${name}, which the embedded cloud does not know.`);
  }
}

function substitute(argument: unknown, references: References): string {
  const [text, variables] = z
    .union([
      z.string().transform((only) => z.tuple([z.string(), z.record(z.string(), z.unknown())]).parse([only, {}])),
      z.tuple([z.string(), z.record(z.string(), z.unknown())]),
    ])
    .parse(argument);
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === "!") return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return String(resolveIntrinsics(variables[name], references));
    const dot = name.indexOf(".");
    return String(dot < 0 ? references.ref(name) : references.attribute(name.slice(0, dot), name.slice(dot + 1)));
  });
}
