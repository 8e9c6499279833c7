import type { DayLimit } from "../account/day-limit.ts";
import type { Dialect } from "../campaign/campaign.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import { dailyRoomOf } from "../campaign/sending-time.ts";
import { counted, grouped, iso } from "../in-words.ts";
import type { PlanHead } from "../plan/head.ts";
import { folders, type ListFormat, uploadKey } from "../ports/bucket-layout.ts";
import { outlook } from "./outlook.ts";
import { plannedReasons } from "./reasons.ts";
import { type CheckedList, type Summary, summaryVersion } from "./summary.ts";
import { costPart, footerPart, problemsOf, zonesPart } from "./summary-parts.ts";
import { summaryOnly } from "./written-files.ts";

/** A file that was only checked. */
export interface Check {
  /** Where its result is under `reports/`: `check/` followed by the name the campaign would have. */
  readonly name: string;
  readonly head: PlanHead;
  readonly rows: number;
  readonly sendable: number;
  readonly invalid: number;
  readonly skipped: number;
  readonly options: Options;
  readonly defaults: Defaults;
  readonly dialect: Dialect;
  /** The first messages as they would be sent; three are shown. */
  readonly messages: NonNullable<Summary["messages"]>;
  /** Calls per second that the account may make; it decides how long the campaign would take. */
  readonly rate?: number;
  /** The stack's most calls of a day; absent: no limit. */
  readonly dayLimit?: DayLimit;
  readonly uploadedBy?: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Absent where no versions were judged: on somebody's own machine. */
  readonly checked?: CheckedList;
}

/** The summary of a check: what would be sent. Nothing was. */
export function checkSummary(check: Check): Summary {
  const { name, head, rows, sendable, invalid, skipped, rate, at } = check;
  const seconds = rate === undefined ? undefined : sendable / rate;
  const format: ListFormat = check.dialect.sheet === undefined ? "csv" : "xlsx";
  const upload = uploadKey(name.startsWith(folders.check) ? name.slice(folders.check.length) : name, format);
  return {
    schemaVersion: summaryVersion,
    name,
    state: "checked",
    stateText: `Checked, nothing was sent: ${grouped(sendable)} of ${counted(rows, "row")} would be sent`,
    rows,
    counts: { submitted: 0, failed: 0, unknown: 0, invalid, skipped, cancelled: 0 },
    remaining: sendable,
    zones: zonesOfCheck(check),
    segments: { total: head.segments.total, distribution: { ...head.segments.distribution } },
    cost: costPart(check.defaults.prices, head.countries),
    unicode: head.unicode,
    footer: footerPart(check.defaults, head),
    warnings: head.warnings,
    seconds,
    endedAt: iso(at),
    rate: { set: rate },
    uploadedBy: check.uploadedBy,
    history: check.uploadedBy ? [{ what: "uploaded", by: check.uploadedBy, at: iso(at) }] : [],
    options: check.options,
    defaults: check.defaults,
    dialect: { ...check.dialect, samples: [...head.samples] },
    problems: problemsOf(plannedReasons(head.problems, check)),
    ignoredUploads: [],
    messages: check.messages.slice(0, 3),
    checked: check.checked,
    files: [...summaryOnly],
    nextSteps: [
      ...outlook(check.options, check.defaults, at, { ...check, zones: head.zones }),
      invalid > 0
        ? `Fix the ${counted(invalid, "invalid row")} in the file, or leave them: they will be reported, not sent. Then upload the file as ${upload} to send it.`
        : `Upload the file as ${upload} to send it.`,
    ],
    updatedAt: iso(at),
  };
}

/** When its recipients would get it, if it were sent now. */
function zonesOfCheck({ options, defaults, head, at, rate = 0, dayLimit }: Check): Summary["zones"] {
  const from = Math.max(at, options.sendAfter === undefined ? at : Date.parse(options.sendAfter));
  const day = dayLimit && dailyRoomOf(dayLimit);
  return zonesPart(
    { options, defaults, zones: head.zones },
    { from, rate, day, sendBefore: options.sendBefore },
    "check",
  );
}
