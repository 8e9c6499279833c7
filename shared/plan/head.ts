import * as z from "zod";

/** What the report has to know about the file as a whole, written once beside the plan (`work/<name>/<run>/head.json`). */
export const PlanHead = z.object({
  header: z.array(z.string()),
  /** Three cells with characters that depend on a guessed encoding. */
  samples: z.array(z.string()),
  segments: z.object({ total: z.number(), distribution: z.record(z.string(), z.number()) }),
  /** Sendable rows whose text needs UCS-2, and the characters that cause it; missing in plans of older versions. */
  unicode: z
    .object({ rows: z.number(), causes: z.array(z.object({ character: z.string(), rows: z.number() })) })
    .optional(),
  /** Why rows are invalid or skipped, bounded. */
  problems: z.array(
    z.object({
      status: z.enum(["invalid", "skipped"]),
      reason: z.string(),
      count: z.number(),
      rows: z.array(z.number()),
      examples: z.array(z.string()),
    }),
  ),
});
export type PlanHead = z.infer<typeof PlanHead>;
