import { bounds } from "../bounds.ts";
import type { SendRow } from "../plan/plan.ts";
import { shorten } from "../shorten.ts";
import { detailOf, type Problem } from "./problem.ts";

/**
 * What becomes of a row. `unicode`: its text needs UCS-2; `footed`: the stack's footer was put under it. `problem` is the same for all rows of a kind, `detail` is
 * for the report.
 */
export type RowVerdict =
  | {
      readonly kind: "send";
      readonly send: SendRow;
      readonly segments: number;
      readonly unicode: boolean;
      readonly footed?: true;
    }
  | {
      readonly kind: "invalid" | "skipped";
      readonly problem: string;
      readonly detail: string;
      readonly segments: number;
      /** Absent where the list alone keeps it from being sent; else what a plan has of it, until lists are asked. */
      readonly planned?: Pick<SendRow, "zone">;
    };

/** What becomes of a row that is not sent. */
export type UnsentVerdict = Exclude<RowVerdict, { readonly kind: "send" }>;

/** A row that cannot be sent; `segments` once its text is known. */
export const invalidRow = (problem: Problem, segments = 0): RowVerdict => ({
  kind: "invalid",
  problem: shorten(problem.problem, bounds.detail),
  detail: shorten(detailOf(problem), bounds.detail),
  segments,
});

/** A row that could be sent but is not; `detail` is the problem unless there is more to say. */
export const skippedRow = (problem: string, detail = problem, segments = 0): UnsentVerdict => ({
  kind: "skipped",
  problem: shorten(problem, bounds.detail),
  detail: shorten(detail, bounds.detail),
  segments,
});

/** A row whose number is suppressed; `detail` has the list. */
export const suppressedRow = (detail: string, segments: number): UnsentVerdict =>
  skippedRow("The number is on a suppression list, or its owner has opted out", detail, segments);
