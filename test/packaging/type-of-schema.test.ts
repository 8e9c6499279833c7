import { expect, test } from "vitest";
import { typeOfSchema } from "../../packaging/type-of-schema.ts";

/** The declaration with its white space as one blank. */
const typeOf = (schema: object) => typeOfSchema("Given", schema).replaceAll(/\s+/gu, " ").trim();

test.each([
  [{ type: "string" }, "string"],
  [{ type: "boolean" }, "boolean"],
  [{ type: "number" }, "number"],
  [{ type: "integer", minimum: 0 }, "number"],
  [{ type: "number", const: 1 }, "1"],
  [{ type: "string", enum: ["a", "b"] }, '"a" | "b"'],
  [{ anyOf: [{ type: "string" }, { type: "integer" }] }, "string | number"],
  [{ type: "array", items: { anyOf: [{ type: "string" }, { type: "number" }] } }, "readonly (string | number)[]"],
  [{ type: "array" }, "readonly (unknown)[]"],
  [{ type: "object", properties: {} }, "{ }"],
])("values of %j have the type %s", (schema, type) => {
  expect(typeOf(schema)).toBe(`export type Given = ${type};`);
});

test("members say whether they must be there, and what they are", () => {
  const properties = { rows: { type: "integer", description: "Lines." }, reason: { type: "string" } };
  const schema = { type: "object", description: "A report.", properties, required: ["rows"] };
  expect(typeOf(schema)).toBe(
    '/** A report. */ export type Given = { /** Lines. */ readonly "rows": number; readonly "reason"?: string; };',
  );
});

test("names that are known may be absent unless they are required; names that are not known are of any text", () => {
  const values = { type: "object", additionalProperties: { type: "number" } };
  const propertyNames = { type: "string", enum: ["a", "b"] };
  expect(typeOf(values)).toBe("export type Given = { readonly [name in string]: number; };");
  expect(typeOf({ ...values, propertyNames })).toContain('readonly [name in "a" | "b"]?: number;');
  expect(typeOf({ ...values, propertyNames, required: ["a", "b"] })).toContain('readonly [name in "a" | "b"]: number;');
});

test("a schema of a kind that it does not know stops the build", () => {
  expect(() => typeOfSchema("Given", { type: "null" })).toThrow('no type for the schema {"type":"null"}');
  expect(() => typeOfSchema("Given", {})).toThrow("no type for the schema");
});
