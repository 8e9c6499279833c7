import * as z from "zod";

/** Which campaigns wait for a second person: none, all, or those that send to more rows than this. */
export const ApprovalRule = z.union([z.enum(["never", "always"]), z.int().nonnegative()]);
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** Whether a campaign with that many rows to send waits for approval. One that sends nothing never does. */
export function waitsForApproval(rule: ApprovalRule, sendable: number): boolean {
  if (rule === "never" || sendable === 0) return false;
  return rule === "always" || sendable > rule;
}
