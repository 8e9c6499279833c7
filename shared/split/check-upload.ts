import type { DayLimit } from "../account/day-limit.ts";
import type { Deeds } from "../campaign/deeds.ts";
import { joinedVersions } from "../campaign/judged-uploads.ts";
import type { Defaults } from "../campaign/options.ts";
import { retentionFault } from "../campaign/retention-fault.ts";
import type { Judged } from "../csv/judge-csv.ts";
import { readSample } from "../csv/list-sample.ts";
import { type RefusedFile, refused } from "../csv/refused-file.ts";
import { suppressedNow } from "../feed/suppressed-now.ts";
import type { Suppressions } from "../feed/suppression.ts";
import type { Bucket, ObjectHead } from "../ports/bucket.ts";
import { checkName, reportKey } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import { type Check, checkSummary } from "../report/check-summary.ts";
import { checkPage } from "../report/page/check-page.ts";
import { refusedPage } from "../report/page/refused-page.ts";
import { type Refusal, refusedSummary } from "../report/refused-summary.ts";
import type { CheckedList } from "../report/summary.ts";
import { headOf, judgeUpload } from "./judge-upload.ts";
import { readOptionsFile } from "./options-file.ts";
import { attemptsToRefuse, wornOut } from "./planning-attempts.ts";
import { createShownRows, type ShownOfList } from "./shown-rows.ts";
import { isKnownUploader } from "./upload-message.ts";

/** How many messages are shown as they will read. */
const shown = 3;

/** What a check depends on. */
export interface CheckDeps {
  readonly bucket: Bucket;
  readonly clock: Pick<Clock, "now">;
  readonly defaults: Defaults;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
  readonly retainDays: number;
  readonly deeds: Pick<Deeds, "note">;
  /** The stack's most calls of a day; absent: no limit. */
  readonly dayLimit?: DayLimit;
  readonly suppressions: () => Promise<Suppressions>;
}

/** An upload to check. */
export interface CheckedUpload {
  readonly name: string;
  /** The newest, where there are several: an earlier one may have been corrected in another format. */
  readonly csv: ObjectHead;
  readonly options: readonly ObjectHead[];
  readonly by: string;
  /** How often the message about it has been received: often, where checking it never comes to an end. */
  readonly receiveCount: number;
}

/** Judges an upload under `check/` and writes what would be sent to `reports/check/<name>/`. Sends nothing. */
export async function writeCheck(deps: CheckDeps, upload: CheckedUpload): Promise<void> {
  const { bucket, clock } = deps;
  const name = checkName(upload.name);
  const result: CheckResult =
    upload.receiveCount > attemptsToRefuse
      ? { kind: "refused", reason: wornOut(upload.csv.key) }
      : await check(deps, name, upload);
  if (result.kind === "gone") return;
  const versions = versionsOf(upload);
  const files =
    result.kind === "refused"
      ? refusedFiles({
          name,
          reason: result.reason,
          at: clock.now(),
          uploadedBy: upload.by,
          warnings: result.warnings,
          checked: { ...versions, ...(await whatIsThere(deps, upload, result)) },
        })
      : checkFiles({ ...result.check, checked: { ...versions, ...result.shown } });
  for (const { file, body, type } of files) await bucket.put(reportKey(name, file), body, type);
  if (isKnownUploader(upload.by)) {
    await deps.deeds.note({ what: "checked", name: upload.name, by: upload.by, at: clock.now() });
  }
}

const refusedFiles = (refusal: Refusal) => {
  const summary = refusedSummary(refusal);
  return campaignFiles(summary, refusedPage(summary));
};

const checkFiles = (check: Check) => {
  const summary = checkSummary(check);
  return campaignFiles(summary, checkPage(summary));
};

const versionsOf = ({ csv, options }: CheckedUpload) => ({
  list: csv.version,
  options: options.length === 0 ? undefined : joinedVersions(options.map(({ version }) => version)),
});

/** What is shown of a list that lacks something which the options could say, so that somebody can say it. */
async function whatIsThere(deps: CheckDeps, upload: CheckedUpload, { lacks }: RefusedCheck): Promise<ShownOfList> {
  if (lacks === undefined) return {};
  const { bucket, clock, defaults } = deps;
  const { key, version } = upload.csv;
  const file = await readOptionsFile(bucket, upload.options);
  if (file.kind === "refused") return {};
  const sample = await readSample(async (options) => {
    const judged = await judgeUpload({ bucket, clock }, { key, version, options, defaults });
    // Nobody sees what is said of a list that is gone.
    return judged ?? gone();
  }, file.options);
  if (sample.kind === "refused") return { lacks: [lacks] };
  const shown = createShownRows(sample.columns);
  shown.add(sample.rows);
  const { longest: _assumed, ...there } = shown.shown();
  return { ...there, lacks: [...sample.lacks] };
}

async function* gone(): AsyncGenerator<Judged> {
  yield refused("The list was removed.");
}

type RefusedCheck = Pick<RefusedFile, "kind" | "reason" | "warnings" | "lacks">;

type CheckResult =
  | { readonly kind: "checked"; readonly check: Check; readonly shown: Omit<CheckedList, "list" | "options"> }
  | RefusedCheck
  /** The upload is no longer there. */
  | { readonly kind: "gone" };

async function check(deps: CheckDeps, name: string, { csv, options: files, by }: CheckedUpload): Promise<CheckResult> {
  const { bucket, clock, defaults, ceiling } = deps;
  const file = await readOptionsFile(bucket, files);
  if (file.kind === "refused") return file;
  const { options } = file;
  const { key, version } = csv;
  const { suppressed, warnings } = suppressedNow(await deps.suppressions(), options.country ?? defaults.country);
  const judged = await judgeUpload({ bucket, clock }, { key, version, options, defaults, suppressed });
  if (judged === undefined) return { kind: "gone" };

  const messages: Check["messages"] = [];
  let header: readonly string[] = [];
  let shownRows = createShownRows([]);
  for await (const event of judged) {
    switch (event.kind) {
      case "opened":
        header = event.header;
        shownRows = createShownRows(event.columns);
        break;
      case "rows":
        shownRows.add(event.rows);
        for (const { row, line, verdict } of messages.length < shown ? event.rows : []) {
          if (verdict.kind === "send" && messages.length < shown) {
            const { cnumber, message, snumber } = verdict.send;
            messages.push({ row, line, cnumber, message, snumber, segments: verdict.segments });
          }
        }
        break;
      case "refused":
        return event;
      case "end": {
        const { rows, sendable, invalid, skipped, planned } = event.totals;
        const { retainDays, dayLimit } = deps;
        // What is refused once it is uploaded to be sent is refused here, too.
        const campaign = { options, defaults, ...planned, rate: ceiling, retainDays, dayLimit };
        const late = retentionFault(campaign, clock.now());
        if (late !== undefined) return { kind: "refused", reason: late };
        const { encoding, guessed, delimiter, sheet } = event.dialect;
        const head = headOf(header, { ...event, warnings: [...warnings(), ...event.warnings] });
        const dialect = { encoding, guessed, delimiter, sheet };
        const counts = { rows, sendable, invalid, skipped };
        const stack = { defaults, rate: ceiling, dayLimit };
        return {
          kind: "checked",
          check: { name, head, ...counts, options, ...stack, dialect, messages, uploadedBy: by, at: clock.now() },
          shown: { ...shownRows.shown(), planned: planned.sendable },
        };
      }
      default:
        event satisfies never;
    }
  }
  throw new Error(`Judging ${csv.key} ended without a result.`);
}
