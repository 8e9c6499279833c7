import * as z from "zod";

/** The value of a JSON text, for a schema to judge; `undefined` for a text that is none. Never throws. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text that must be JSON of this schema; one that is not is an issue of the schema and no exception. */
export const jsonOf = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      const value = readJson(text);
      if (value === undefined) context.addIssue({ code: "custom", message: "not JSON" });
      return value;
    })
    .pipe(schema);
