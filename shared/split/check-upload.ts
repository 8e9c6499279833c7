import type { Defaults } from "../campaign/options.ts";
import type { Bucket, ObjectHead } from "../ports/bucket.ts";
import { checkName, reportKey } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import { campaignFiles } from "../report/campaign-files.ts";
import { type Check, checkSummary } from "../report/check-summary.ts";
import { checkPage } from "../report/page/check-page.ts";
import { refusedPage } from "../report/page/refused-page.ts";
import { refusedSummary } from "../report/refused-summary.ts";
import type { Summary } from "../report/summary.ts";
import { headOf, judgeUpload } from "./judge-upload.ts";
import { readOptionsFile } from "./options-file.ts";

/** How many messages are shown as they will read. */
const shown = 3;

/** What a check depends on. */
export interface CheckDeps {
  readonly bucket: Bucket;
  readonly clock: Pick<Clock, "now">;
  readonly defaults: Defaults;
  /** The stack's `sendsPerSecond`. */
  readonly ceiling: number;
}

/** Judges an upload under `check/` and writes what would be sent to `reports/check/<name>/`. Sends nothing. */
export async function writeCheck(
  deps: CheckDeps,
  upload: { readonly name: string; readonly csv: ObjectHead; readonly by: string },
): Promise<void> {
  const { bucket, clock, defaults } = deps;
  const name = checkName(upload.name);
  const show = async (summary: Summary, page: string) => {
    for (const { file, body, type } of campaignFiles(summary, page))
      await bucket.put(reportKey(name, file), body, type);
  };
  const refused = (reason: string) => {
    const summary = refusedSummary({ name, reason, at: clock.now(), uploadedBy: upload.by });
    return show(summary, refusedPage(summary));
  };
  const file = await readOptionsFile(bucket, upload.csv.key);
  if (file.kind === "refused") return refused(file.reason);
  const { key, version } = upload.csv;
  const judged = await judgeUpload(bucket, { key, version, options: file.options, defaults });
  if (judged === undefined) return;

  const messages: { row: number; cnumber: string; message: string; snumber: string; segments: number }[] = [];
  let header: readonly string[] = [];
  for await (const event of judged) {
    switch (event.kind) {
      case "opened":
        header = event.header;
        break;
      case "rows":
        for (const { row, verdict } of messages.length < shown ? event.rows : []) {
          if (verdict.kind === "send" && messages.length < shown) {
            const { cnumber, message, snumber } = verdict.send;
            messages.push({ row, cnumber, message, snumber, segments: verdict.segments });
          }
        }
        break;
      case "refused":
        return refused(event.reason);
      case "end": {
        const { rows, sendable, invalid, skipped } = event.totals;
        const { encoding, guessed, delimiter } = event.dialect;
        const check: Check = {
          name,
          head: headOf(header, event),
          rows,
          sendable,
          invalid,
          skipped,
          options: file.options,
          defaults,
          dialect: { encoding, guessed, delimiter },
          messages,
          rate: deps.ceiling,
          uploadedBy: upload.by,
          at: clock.now(),
        };
        const summary = checkSummary(check);
        return show(summary, checkPage(summary));
      }
      default:
        event satisfies never;
    }
  }
}
