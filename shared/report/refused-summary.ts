import { iso, sentence } from "../in-words.ts";
import { type Summary, summaryVersion } from "./summary.ts";

/** An upload that was refused as a whole. */
export interface Refusal {
  /** The campaign's name, or of a check `check/<name>`. */
  readonly name: string;
  /** One sentence: what is wrong with which file, and what to do. */
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly uploadedBy?: string;
  /** What a person does next; by default, to mend the file and upload it again. */
  readonly nextSteps?: readonly string[];
}

/** The summary of an upload that was refused: nothing was sent. */
export function refusedSummary({ name, reason, at, uploadedBy, nextSteps }: Refusal): Summary {
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
    ignoredUploads: [],
    files: [{ name: "summary.json", holds: "The figures of this page, for programs." }],
    nextSteps: [...(nextSteps ?? [mendAndUpload(name)])],
    updatedAt: iso(at),
  };
}

const mendAndUpload = (name: string) =>
  name.startsWith("check/")
    ? "Mend what the sentence above names and check the file again."
    : "Mend what the sentence above names and upload the CSV or its JSON again; the name is still free.";
