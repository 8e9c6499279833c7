import { personOf } from "../campaign/person.ts";
import { iso, sentence } from "../in-words.ts";
import type { ListWarning } from "../plan/head.ts";
import { type CheckedList, type Summary, summaryVersion } from "./summary.ts";
import { summaryOnly } from "./written-files.ts";

/** An upload that was refused as a whole. */
export interface Refusal {
  /** The campaign's name, or `check/<name>` for a check. */
  readonly name: string;
  /** One sentence: which file has what wrong with it, and what to do. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly uploadedBy?: string;
  /** What to do next; by default, to fix the file and upload it again. */
  readonly nextSteps?: readonly string[];
  /** What had been noticed about the list until then that a person should look at. */
  readonly warnings?: readonly ListWarning[];
  /** For a check: what was judged. */
  readonly checked?: CheckedList;
}

/** The summary of an upload that was refused: nothing was sent. */
export function refusedSummary({
  name,
  reason,
  at,
  uploadedBy: identity,
  nextSteps,
  warnings = [],
  checked,
}: Refusal): Summary {
  const uploadedBy = identity === undefined ? undefined : personOf(identity);
  return {
    schemaVersion: summaryVersion,
    name,
    state: "refused",
    stateText: `Refused, nothing was sent: ${sentence(reason)}`,
    reason,
    rows: 0,
    counts: { submitted: 0, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 },
    remaining: 0,
    segments: { total: 0, distribution: {} },
    endedAt: iso(at),
    rate: {},
    uploadedBy,
    history: uploadedBy ? [{ what: "uploaded", by: uploadedBy, at: iso(at) }] : [],
    options: {},
    defaults: {},
    problems: [],
    warnings: warnings.length === 0 ? undefined : [...warnings],
    ignoredUploads: [],
    checked,
    files: [...summaryOnly],
    nextSteps: [...(nextSteps ?? [fixAndUpload(name)])],
    updatedAt: iso(at),
  };
}

const fixAndUpload = (name: string) =>
  name.startsWith("check/")
    ? "Fix what the sentence above names and check the file again."
    : "Fix what the sentence above names and upload the CSV or its JSON again; the name is still free.";
