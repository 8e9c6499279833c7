import type { CommittedCampaign } from "../campaign/campaign.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import { byRecipient } from "../campaign/recipient-hours.ts";
import type { Judged } from "../csv/judge-csv.ts";
import type { RefusedFile } from "../csv/refused-file.ts";
import type { Totals } from "../csv/totals.ts";
import type { SuppressedNow } from "../feed/suppressed-now.ts";
import { createSenderCounter } from "../opt-outs/senders.ts";
import { headText, type ListWarning } from "../plan/head.ts";
import { createPlanWriter } from "../plan/write-plan.ts";
import type { Bucket } from "../ports/bucket.ts";
import { planKeys } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import { outlook } from "../report/outlook.ts";
import { headOf, judgeUpload } from "./judge-upload.ts";
import { createPreview } from "./preview.ts";

/** What planning found, as far as the campaign's item says it. */
export type Planned = Pick<
  CommittedCampaign,
  | "run"
  | "digest"
  | "dialect"
  | "parts"
  | "lastBatch"
  | "rows"
  | "sendable"
  | "invalid"
  | "skipped"
  | "segments"
  | "countries"
  | "zones"
>;

/** What came of planning an upload. */
export type PlanResult =
  /** `senders`: the numbers that its rows are sent from, in digits, bounded. */
  | { readonly kind: "planned"; readonly planned: Planned; readonly senders: readonly string[] }
  | Pick<RefusedFile, "kind" | "reason" | "warnings">
  /** The upload is no longer there. */
  | { readonly kind: "gone" };

/** Which upload is planned, by what, and into batches of how many rows. */
export interface PlanRequest {
  readonly name: string;
  readonly key: string;
  readonly version: string;
  readonly options: Options;
  readonly defaults: Defaults;
  readonly batchRows: number;
  /** Calls per second at most: the stack's `sendsPerSecond`. */
  readonly rate: number;
  /** What the suppression lists say now, where somebody may have to approve it, and so has to see what it will send. */
  readonly previewed: SuppressedNow | undefined;
  /** A token nobody else has: the plan's own prefix. */
  readonly run: string;
}

/** Judges every row of an upload and writes the plan, in one pass. Nothing of it counts before the campaign is committed. */
export async function planCampaign(
  { bucket, clock }: { readonly bucket: Bucket; readonly clock: Pick<Clock, "now"> },
  request: PlanRequest,
): Promise<PlanResult> {
  const { name, run, batchRows } = request;
  const judged = await judgeUpload({ bucket, clock }, request);
  if (judged === undefined) return { kind: "gone" };
  const writer = createPlanWriter({ bucket, name, run, batchRows });
  const senders = createSenderCounter(request.options.country ?? request.defaults.country);
  const preview = request.previewed && createPreview(request.options, request.defaults, request.previewed);
  let header: readonly string[] = [];
  let numberColumn: number | undefined;
  try {
    for await (const event of judged) {
      switch (event.kind) {
        case "opened":
          header = event.header;
          numberColumn = event.columns.findIndex(({ meaning }) => meaning.kind === "cnumber");
          break;
        case "rows":
          await writer.add(event.rows);
          preview?.add(event.rows);
          for (const { verdict } of event.rows) if (verdict.kind === "send") senders.add(verdict.send.snumber);
          break;
        case "refused":
          await writer.abort(new Error("The upload is refused."));
          return event;
        case "end": {
          const { parts, lastBatch } = await writer.end();
          const warnings = [...event.warnings, ...lateHours(request, event.totals, clock.now())];
          const shown = preview?.preview(clock.now());
          const head = { ...headOf(header, { ...event, warnings }), numberColumn, preview: shown };
          await bucket.put(planKeys(name, run).head, headText(head), "application/json");
          return { kind: "planned", senders: senders.digits(), planned: { run, parts, lastBatch, ...foundIn(event) } };
        }
        default:
          event satisfies never;
      }
    }
    throw new Error(`Judging ${request.key} ended without a result.`);
  } catch (error) {
    await writer.abort(error);
    throw error;
  }
}

/** What a campaign's item says of its list. */
function foundIn({ digest, dialect, totals }: Extract<Judged, { kind: "end" }>) {
  const { encoding, guessed, delimiter, sheet } = dialect;
  const { rows, sendable, invalid, skipped, segments, countries, zones } = totals;
  return {
    digest,
    dialect: { encoding, guessed, delimiter, sheet },
    ...{ rows, sendable, invalid, skipped, countries },
    segments: segments.total,
    zones: zones && [...zones],
  };
}

/** What is said, before anything is sent, of recipients whose hours do not suffice before `sendBefore`. */
function lateHours({ options, defaults, rate }: PlanRequest, { sendable, zones }: Totals, now: number): ListWarning[] {
  if (options.sendBefore === undefined || !byRecipient({ options, defaults })) return [];
  const would = { sendable, rate, zones };
  const sentences = outlook({ ...options, sendAfter: undefined }, defaults, startOf(options, now), would);
  return sentences.map((text) => ({ code: "hours-before-sendBefore", text }));
}

const startOf = ({ sendAfter }: Options, now: number) =>
  sendAfter === undefined ? now : Math.max(now, Date.parse(sendAfter));
