import * as z from "zod";

/** One version of an object: what is known about it, and the files its content is in. */
export const Version = z.object({
  versionId: z.string(),
  /** Without the quotes that HTTP puts around it. */
  etag: z.string(),
  /** In bytes. */
  size: z.number(),
  /** Epoch milliseconds. */
  modifiedAt: z.number(),
  /** Set on a delete marker, which has no content. */
  deleted: z.literal(true).optional(),
  /** Headers to answer reads with: content type, encoding, `x-amz-meta-…`. */
  headers: z.record(z.string(), z.string()),
  /** Its tags, where it has some. */
  tags: z.record(z.string(), z.string()).optional(),
  /** The content, piece by piece. */
  parts: z.array(z.object({ blob: z.string(), size: z.number() })),
});
export type Version = z.infer<typeof Version>;
