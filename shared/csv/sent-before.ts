import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import { type Invalid, invalid } from "./problem.ts";

/** A row that an earlier report says was sent, or may have been; `problem` is also what this report says of it. */
export interface SentBefore {
  readonly kind: "sent";
  readonly problem: string;
}

/** What is said of rows sent before; also how a report of a report is recognised. */
const alreadySubmitted = "Already submitted, as send_status says";
const perhapsSubmitted = "Perhaps already submitted: send_status is unknown";

/**
 * What the columns of an earlier report say of a row: `undefined` if it may be sent (again). Of several reports in one
 * file, each is heard: what any of them says was sent stays sent.
 */
export function sentBefore(columns: Columns, cells: readonly string[]): SentBefore | Invalid | undefined {
  for (const at of columns.sendDetail) {
    const detail = cells[at] ?? "";
    for (const problem of [alreadySubmitted, perhapsSubmitted]) {
      if (detail.startsWith(problem)) return { kind: "sent", problem };
    }
  }
  let wrong: string | undefined;
  for (const at of columns.sendStatus) {
    const status = (cells[at] ?? "").trim().toLowerCase();
    switch (status) {
      case "submitted":
        return { kind: "sent", problem: alreadySubmitted };
      case "unknown":
        return { kind: "sent", problem: perhapsSubmitted };
      case "":
      case "failed":
      case "invalid":
      case "cancelled":
      case "skipped":
        break;
      default:
        wrong ??= status;
    }
  }
  return wrong === undefined
    ? undefined
    : invalid(
        "send_status is none of submitted, failed, unknown, invalid, skipped, cancelled; empty the cell to send the row",
        quoted(wrong),
      );
}
