import { folders, reportFileNames } from "../../shared/ports/bucket-layout.ts";
import type { Objects } from "../cloud/cloud.ts";

/** A campaign that has a report, or is getting one. */
export interface Listed {
  readonly name: string;
  /** When its summary was last written, epoch milliseconds. */
  readonly writtenAt: number;
}

const ending = `/${reportFileNames.summary}`;

/**
 * All campaigns by their summaries, the latest first; checks are none. Each time more is known, `show` gets all so far:
 * the bucket is listed a thousand objects at a time.
 */
export async function listReports(
  objects: Pick<Objects, "pages">,
  { signal, show }: { readonly signal: AbortSignal; readonly show: (listed: readonly Listed[]) => void },
): Promise<void> {
  const listed: Listed[] = [];
  const checks = `${folders.reports}${folders.check}`;
  for await (const page of objects.pages(folders.reports)) {
    if (signal.aborted) return;
    for (const { key, modifiedAt } of page) {
      if (!key.endsWith(ending) || key.startsWith(checks)) continue;
      listed.push({ name: key.slice(folders.reports.length, -ending.length), writtenAt: modifiedAt });
    }
    show(listed.toSorted((a, b) => b.writtenAt - a.writtenAt || (a.name < b.name ? -1 : 1)));
  }
}
