import { wasJudged } from "../campaign/judged-uploads.ts";
import type { ObjectHead } from "../ports/bucket.ts";

/** What is there under a campaign's name, what of it was judged before, and what was announced. */
interface SeenUpload {
  /** The lists that are meant. */
  readonly lists: readonly ObjectHead[];
  readonly options: readonly ObjectHead[];
  readonly judged: readonly string[];
  /** When the announced object had come, epoch milliseconds; `undefined` where nobody says. */
  readonly announcedAt: number | undefined;
}

/** What was stored that much before its list may be of an earlier upload, and be about to be replaced. */
const togetherMs = 30_000;

/**
 * Until when an upload waits (epoch milliseconds), because people and programs store a list's options before it or after it, and
 * what is there of the other may be what is about to be replaced; `undefined` when it need not wait. A list and options that
 * were both never judged, and were stored together, are complete.
 */
export function waitsUntil(
  { lists, options, judged, announcedAt }: SeenUpload,
  graceSeconds: number,
  now: number,
): number | undefined {
  const areNew = [...lists, ...options].every(({ version }) => !wasJudged({ judged }, version));
  const together = lists.every((list) => options.every((one) => one.modifiedAt >= list.modifiedAt - togetherMs));
  if (options.length > 0 && areNew && together) return undefined;
  // S3 dates an object that came in parts by its first part; and a message that was late may be about an earlier one.
  const since = Math.max(announcedAt ?? 0, ...[...lists, ...options].map(({ modifiedAt }) => modifiedAt));
  // Clocks differ: nothing came in the future.
  const until = Math.min(since, now) + graceSeconds * 1000;
  return until > now ? until : undefined;
}
