import { bounds } from "../bounds.ts";
import { type Judged, type JudgeSettings, judgeCsv } from "../csv/judge-csv.ts";
import { refused } from "../csv/refused-file.ts";
import type { Totals } from "../csv/totals.ts";
import type { ListWarning, PlanHead } from "../plan/head.ts";
import type { Bucket, ObjectHead } from "../ports/bucket.ts";
import { listFormatOf } from "../ports/bucket-layout.ts";
import type { Clock } from "../ports/clock.ts";
import type { RandomBytes } from "../workbook/random-bytes.ts";

/**
 * Judges the list `key` in this version, attachments looked up in the bucket; `undefined` when it is gone. A list that takes longer than
 * `bounds.judgingMs` is refused, so that no file keeps the others waiting for as long as it is tried again.
 */
export async function judgeUpload(
  { bucket, clock }: { readonly bucket: Bucket; readonly clock: Pick<Clock, "now"> },
  upload: Pick<JudgeSettings, "options" | "defaults" | "suppressed"> & {
    readonly key: string;
    readonly version: string;
  },
): Promise<AsyncGenerator<Judged> | undefined> {
  const bytes = await open(bucket, upload);
  if (bytes === undefined) return undefined;
  const { options, defaults, suppressed } = upload;
  const lookUpAttachment = (key: string) => bucket.head(key);
  return inTime(judgeCsv(bytes, { options, defaults, suppressed, at: clock.now(), lookUpAttachment }), clock);
}

async function* inTime(judged: AsyncGenerator<Judged>, clock: Pick<Clock, "now">): AsyncGenerator<Judged> {
  const until = clock.now() + bounds.judgingMs;
  for await (const event of judged) {
    yield event;
    if (event.kind === "rows" && clock.now() > until) {
      yield refused(tooSlow);
      return;
    }
  }
}

const tooSlow = `Judging the list took longer than ${bounds.judgingMs / 60_000} minutes, so it was given up. Split it into several campaigns, or make its texts shorter.`;

async function open(bucket: Bucket, { key, version }: Pick<ObjectHead, "key" | "version">) {
  if (listFormatOf(key) !== "xlsx") return (await bucket.get(key, version))?.body;
  const head = await bucket.head(key, version);
  return head && rangesOf(bucket, head);
}

/** An object's bytes by ranges, each of them one request. Throws when the object was removed in between. */
const rangesOf = (bucket: Bucket, { key, version, size }: ObjectHead): RandomBytes => ({
  size,
  read: async function* (start, end) {
    const object = await bucket.get(key, version, { start, end });
    if (object === undefined) throw new Error(`${key} was removed while it was read.`);
    yield* object.body;
  },
});

/** What the report needs to know about the file as a whole. */
export const headOf = (
  header: readonly string[],
  end: {
    readonly dialect: { readonly samples: readonly string[] };
    readonly totals: Totals;
    readonly warnings: readonly ListWarning[];
  },
): PlanHead => ({
  header: [...header],
  samples: [...end.dialect.samples],
  segments: { total: end.totals.segments.total, distribution: { ...end.totals.segments.distribution } },
  unicode: { rows: end.totals.unicode.rows, causes: end.totals.unicode.causes.map((cause) => ({ ...cause })) },
  countries: end.totals.countries,
  zones: end.totals.zones?.map(({ zones, rows }) => ({ zones: [...zones], rows })),
  ...(end.totals.footed === 0 ? {} : { footed: end.totals.footed }),
  warnings: end.warnings.map((warning) => ({ ...warning })),
  problems: end.totals.problems.map(({ status, problem, count, rows, lines, examples }) => ({
    status,
    reason: problem,
    count,
    rows: [...rows],
    lines: [...lines],
    examples: [...examples],
  })),
});
