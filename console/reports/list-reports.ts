import { folders, reportFileNames } from "../../shared/ports/bucket-layout.ts";
import { CloudError, type Objects } from "../cloud/cloud.ts";
import { connectionAgain, pause } from "../page/waiting.ts";

/** A campaign that has a report, or is getting one. */
export interface Listed {
  readonly name: string;
  /** When its summary was last written, epoch milliseconds. */
  readonly writtenAt: number;
}

/** All campaigns, as far as they are known. */
export interface ListedReports {
  readonly listed: readonly Listed[];
  /** Whether these are all. */
  readonly whole: boolean;
  /** Whether it waits for the connection. */
  readonly offline: boolean;
}

/** Who watches the list. */
export interface Watching {
  readonly signal: AbortSignal;
  readonly show: (reports: ListedReports) => void;
  /** Waits while the page is hidden. */
  readonly whenSeen: (signal: AbortSignal) => Promise<void>;
}

const ending = `/${reportFileNames.summary}`;

/** How long after each list the next one is asked for, in milliseconds for every request that it takes. */
const everyMs = 30_000;

/**
 * Lists all campaigns by their summaries, the latest first, until `signal` aborts: checks are none. At first each thousand
 * objects that the bucket lists are shown as they come. Goes on by itself after the connection was lost, and waits while the
 * page is hidden. Throws a `CloudError` where trying again is of no use.
 */
export async function followReports(
  objects: Pick<Objects, "pages">,
  { signal, show, whenSeen }: Watching,
): Promise<void> {
  let last: ListedReports = { listed: [], whole: false, offline: false };
  const tell = (now: Partial<ListedReports>) => {
    last = { ...last, ...now };
    if (!signal.aborted) show(last);
  };
  for (let tries = 0; !signal.aborted; ) {
    try {
      let requests = 0;
      let listed: readonly Listed[] = [];
      for await (const page of summariesIn(objects)) {
        if (signal.aborted) return;
        requests += 1;
        listed = [...listed, ...page];
        if (!last.whole) tell({ listed: latestFirst(listed), offline: false });
      }
      tries = 0;
      tell({ listed: latestFirst(listed), whole: true, offline: false });
      await pause(everyMs * Math.max(1, requests), signal);
      await whenSeen(signal);
    } catch (error) {
      if (!(error instanceof CloudError) || error.trouble !== "offline") throw error;
      tell({ offline: true });
      await connectionAgain(tries, signal);
      tries += 1;
    }
  }
}

async function* summariesIn(objects: Pick<Objects, "pages">): AsyncGenerator<readonly Listed[]> {
  const checks = `${folders.reports}${folders.check}`;
  for await (const page of objects.pages(folders.reports)) {
    yield page.flatMap(({ key, modifiedAt }) =>
      key.endsWith(ending) && !key.startsWith(checks)
        ? [{ name: key.slice(folders.reports.length, -ending.length), writtenAt: modifiedAt }]
        : [],
    );
  }
}

const latestFirst = (listed: readonly Listed[]) =>
  listed.toSorted((a, b) => b.writtenAt - a.writtenAt || (a.name < b.name ? -1 : 1));
