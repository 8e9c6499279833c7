import * as z from "zod";

/** A JSON schema, as far as zod writes such for this project. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    description: z.string().optional(),
    type: z.string().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(Schema).optional(),
    items: Schema.optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    propertyNames: Schema.optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
  }),
);

/** The declaration of a type of this name for values of a JSON schema. Throws for a schema of a kind that it does not know. */
export function typeOfSchema(name: string, schema: unknown): string {
  const known = Schema.parse(schema);
  return `${comment(known)}export type ${name} = ${typeOf(known)};\n`;
}

function typeOf(schema: Schema): string {
  const { type, anyOf, items } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" | ");
  switch (type) {
    case "string":
    case "boolean":
    case "number":
      return type;
    case "integer":
      return "number";
    case "array":
      return `readonly (${items === undefined ? "unknown" : typeOf(items)})[]`;
    case "object":
      return objectType(schema);
    default:
      throw new Error(`There is no type for the schema ${JSON.stringify(schema)}.`);
  }
}

function objectType({ properties = {}, required = [], propertyNames, additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, member]) =>
      `${comment(member)}readonly ${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(member)};`,
  );
  if (typeof additionalProperties === "object") {
    const names = propertyNames === undefined ? "string" : typeOf(propertyNames);
    // Where the names are known, those that must be there are.
    const optional = names === "string" || required.length > 0 ? "" : "?";
    members.push(`readonly [name in ${names}]${optional}: ${typeOf(additionalProperties)};`);
  }
  return `{ ${members.join("\n")} }`;
}

const comment = ({ description }: Schema): string => (description === undefined ? "" : `/** ${description} */\n`);
