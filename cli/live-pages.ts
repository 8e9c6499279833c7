import { readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { makeReportDirectory } from "../infra/local/make-directory.ts";
import type { Campaign } from "../shared/campaign/campaign.ts";
import type { Campaigns } from "../shared/campaign/campaigns.ts";
import { reportFileNames } from "../shared/ports/bucket-layout.ts";
import { readJson } from "../shared/read-json.ts";
import { campaignFiles } from "../shared/report/campaign-files.ts";
import { indexPages } from "../shared/report/page/index-page.ts";
import { livePage } from "../shared/report/page/live-page.ts";
import type { Summary } from "../shared/report/summary.ts";
import { writeWhole } from "./whole-file.ts";

/** How often the page is written while a campaign runs, and how often the index of all, in milliseconds. */
const everyMs = { page: 2_000, index: 10_000 } as const;

/** Writes a campaign's page where its report will be, while it runs, and the index of all campaigns. */
export interface LivePages {
  /**
   * Writes them from the summary that `read` gives, of a campaign in this state, if the last time is long enough ago; never waits for the
   * disk, nor fails.
   */
  show(state: Summary["state"], read: () => Promise<Summary>): void;
  /**
   * Waits for a page being written, and writes the last one where it shows a pause, which stays: a page of what goes on is left as it is,
   * because the report, or the next start, takes its place. After that none is written.
   */
  stop(): Promise<void>;
}

/** Pages in `directory`, and the index in `indexIn`, if there is to be one. `onProblem` hears once why they cannot be written. */
export function createLivePages(options: {
  readonly campaigns: Pick<Campaigns, "all">;
  readonly directory: string;
  readonly indexIn: string | undefined;
  readonly onProblem: (error: unknown) => void;
}): LivePages {
  const { campaigns, directory, indexIn, onProblem } = options;
  let writing: Promise<void> | undefined;
  const writtenAt = { page: Number.NEGATIVE_INFINITY, index: Number.NEGATIVE_INFINITY };
  let free: Promise<boolean> | undefined;
  let over = false;
  let last: (() => Promise<Summary>) | undefined;

  const write = async (read: () => Promise<Summary>, now: number) => {
    free ??= isFree(directory);
    if (!(await free)) return;
    const live = await read();
    for (const { file, body } of campaignFiles(live, livePage(live))) await replace(join(directory, file), body);
    if (indexIn === undefined || now - writtenAt.index < everyMs.index) return;
    writtenAt.index = now;
    await writeIndex(campaigns, indexIn, now);
  };

  const begin = (read: () => Promise<Summary>, now: number) => {
    writtenAt.page = now;
    writing = write(read, now)
      .catch((error: unknown) => {
        over = true;
        onProblem(error);
      })
      .finally(() => {
        writing = undefined;
      });
  };

  return {
    show: (state, read) => {
      const now = Date.now();
      last = state === "paused" ? read : undefined;
      if (over || writing !== undefined || now - writtenAt.page < everyMs.page) return;
      begin(read, now);
    },
    stop: async () => {
      await writing;
      if (!over && last !== undefined) begin(last, Date.now());
      over = true;
      await writing;
    },
  };
}

/** Writes the index of all campaigns, as it is under `reports/` in the bucket. `now` in epoch milliseconds. */
export async function writeIndex(campaigns: Pick<Campaigns, "all">, directory: string, now: number): Promise<void> {
  const all: Campaign[] = await Array.fromAsync(campaigns.all(() => {}));
  for (const { key, html } of indexPages(all, now)) await replace(join(directory, basename(key)), html);
}

const Earlier = z.looseObject({ state: z.string(), simulated: z.boolean().optional() });

/**
 * Whether live pages may be written into a directory: not over the report of an earlier campaign, which stays whole until
 * the new one takes its place. A simulation's report is removed instead: beside a page of what is really sent, its other
 * files would be taken for that campaign's.
 */
async function isFree(directory: string): Promise<boolean> {
  const file = join(directory, reportFileNames.summary);
  // A pipe that somebody has put there would be waited for.
  const isThere = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  const text = isThere ? await readFile(file, "utf8").catch(() => undefined) : undefined;
  const earlier = Earlier.safeParse(text === undefined ? undefined : readJson(text));
  if (!earlier.success || earlier.data.state !== "complete") return true;
  if (earlier.data.simulated !== true) return false;
  for (const file of Object.values(reportFileNames)) await rm(join(directory, file), { force: true });
  return true;
}

/** Numbers and texts may be on these pages: nobody else on this machine reads them. */
async function replace(path: string, content: string): Promise<void> {
  await makeReportDirectory(dirname(path));
  await writeWhole(path, content, 0o600);
}
