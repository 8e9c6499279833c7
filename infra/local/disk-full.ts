import * as z from "zod";

/** What writing throws on a full disk, beyond a quota, or beyond the largest file that the process may write. */
const DiskFull = z.object({ code: z.enum(["ENOSPC", "EDQUOT", "EFBIG"]) });

/** The same from LevelDB, whose errors have the system's words and no code of its. */
const inWords = /no space left|quota exceeded|file too large/iu;

/** Whether an error says that nothing more can be written. */
export const isDiskFull = (error: unknown): boolean =>
  DiskFull.safeParse(error).success || (error instanceof Error && inWords.test(error.message));
