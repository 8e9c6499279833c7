import { csvWasJudged, wasJudged } from "../campaign/judged-uploads.ts";
import type { ObjectHead } from "../ports/bucket.ts";
import type { OptionsFile } from "./options-file.ts";

/** What is there under a campaign's name, what of it was judged before, and what was announced. */
interface SeenUpload {
  /** The lists that are meant. */
  readonly lists: readonly ObjectHead[];
  readonly options: readonly ObjectHead[];
  readonly judged: readonly string[];
  /** When the announced object had come, epoch milliseconds; `undefined` where nobody says. */
  readonly announcedAt: number | undefined;
  /** What the options say. */
  readonly file: OptionsFile;
}

/** What was stored that much before its list may be of an earlier upload, and be about to be replaced. */
const togetherMs = 30_000;

/**
 * How long options are waited for whose place is kept: who keeps it stores them right after the list, and tries again for a
 * while where S3 does not answer. Before the list is there, it may take its time to come, as large ones do.
 */
const toComeMs = { afterList: 60_000, beforeList: 15 * 60_000 } as const;

/**
 * Until when an upload waits (epoch milliseconds), because people and programs store a list's options before it or after it, and
 * what is there of the other may be what is about to be replaced; `undefined` when it need not wait. A list and options that
 * were both never judged, and were stored together, are complete.
 */
export function waitsUntil(
  { lists, options, judged, announcedAt, file }: SeenUpload,
  graceSeconds: number,
  now: number,
): number | undefined {
  const toCome = file.kind === "refused" && file.toCome === true;
  const areNew = [...lists, ...options].every(({ version }) => !wasJudged({ judged }, version));
  const together = lists.every((list) => options.every((one) => one.modifiedAt >= list.modifiedAt - togetherMs));
  if (options.length > 0 && areNew && together && !toCome) return undefined;
  // S3 dates an object that came in parts by its first part; and a message that was late may be about an earlier one.
  const since = Math.max(announcedAt ?? 0, ...[...lists, ...options].map(({ modifiedAt }) => modifiedAt));
  const isOld = lists.every(({ version }) => csvWasJudged({ judged }, version));
  const waitMs = toCome ? toComeMs[isOld ? "beforeList" : "afterList"] : graceSeconds * 1000;
  // Clocks differ: nothing came in the future.
  const until = Math.min(since, now) + waitMs;
  return until > now ? until : undefined;
}
