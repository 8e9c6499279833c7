import * as z from "zod";

/** A CloudFormation template as the CDK synthesises it, with its intrinsic functions still in place. */
export const TemplateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).optional(),
  Conditions: z.record(z.string(), z.unknown()).optional(),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).optional(),
      Metadata: z.record(z.string(), z.unknown()).optional(),
      Condition: z.string().optional(),
    }),
  ),
  Outputs: z
    .record(
      z.string(),
      z.object({ Value: z.unknown(), Description: z.string().optional(), Condition: z.string().optional() }),
    )
    .optional(),
});

/** The parsed form of `TemplateSchema`. */
export type ParsedTemplate = z.infer<typeof TemplateSchema>;
