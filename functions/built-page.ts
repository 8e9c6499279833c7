import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { BuiltPage, PageContents } from "../shared/console/publish-page.ts";

/** The file that says which files a page has, beside them. */
export const contentsFile = "contents.json";

const Contents = z.object({
  version: z.string().min(1),
  files: z.array(z.object({ path: z.string().min(1), contentType: z.string().min(1) })),
}) satisfies z.ZodType<PageContents>;

/** The page in a folder of the function's bundle. Its methods throw where that has none. */
export const createBuiltPage = (folder: string): BuiltPage => ({
  contents: async () => Contents.parse(JSON.parse(await readFile(join(folder, contentsFile), "utf8"))),
  read: (path) => createReadStream(join(folder, path)),
});
