import * as z from "zod";

/** What a worker is told when it is started. */
export const WorkerData = z.object({
  entry: z.string(),
  functionName: z.string(),
  memoryMb: z.number(),
  logFile: z.string(),
});
export type WorkerData = z.infer<typeof WorkerData>;

/** One call of the handler; `deadline` in epoch milliseconds. */
export const Invoke = z.object({ requestId: z.string(), event: z.unknown(), deadline: z.number(), arn: z.string() });
export type Invoke = z.infer<typeof Invoke>;

/** What a worker reports: that it is ready, and how each call ended. */
export const Report = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }),
  z.object({ kind: z.literal("returned"), requestId: z.string(), value: z.unknown() }),
  z.object({ kind: z.literal("threw"), requestId: z.string(), error: z.string() }),
]);
export type Report = z.infer<typeof Report>;
