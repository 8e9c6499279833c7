import type { Defaults, Options } from "../campaign/options.ts";
import { type Judged, judgeCsv } from "../csv/judge-csv.ts";
import type { Totals } from "../csv/totals.ts";
import type { ListWarning, PlanHead } from "../plan/head.ts";
import type { Bucket } from "../ports/bucket.ts";

/** Judges the CSV `key` in this version, attachments looked up in the bucket; `undefined` when it is gone. */
export async function judgeUpload(
  bucket: Bucket,
  upload: { readonly key: string; readonly version: string; readonly options: Options; readonly defaults: Defaults },
): Promise<AsyncGenerator<Judged> | undefined> {
  const object = await bucket.get(upload.key, upload.version);
  if (object === undefined) return undefined;
  return judgeCsv(object.body, {
    options: upload.options,
    defaults: upload.defaults,
    attachmentSize: async (key) => (await bucket.head(key))?.size,
  });
}

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
