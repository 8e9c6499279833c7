import { type Bucket, smallObject } from "../ports/bucket.ts";
import type { ConsoleSettings } from "./console-settings.ts";
import { pageFolder, pageSettingsKey } from "./page-folder.ts";

/** Which files the page has. */
export interface PageContents {
  /** Changes with the files. */
  readonly version: string;
  /** By their paths in the page's folder, in the order in which they are put in place: what names others comes after them. */
  readonly files: readonly { readonly path: string; readonly contentType: string }[];
}

/** The page as it was built. */
export interface BuiltPage {
  readonly contents: () => Promise<PageContents>;
  /** A file's content. */
  readonly read: (path: string) => AsyncIterable<Uint8Array>;
}

/** What publishing the page depends on. */
export interface PublishPageDeps {
  /** The bucket that the page is served from. */
  readonly pages: Bucket;
  readonly built: BuiltPage;
  /** What the page is told about its stack. */
  readonly settings: Omit<ConsoleSettings, "version">;
}

/**
 * Puts the page in its place, where another version or other settings are there. The settings come last, so that they say what
 * is there. Once it is right it is not looked at again: that costs a read for each environment of the function, not for each
 * look. When another function was writing at the same time, the next call sees what became of it.
 *
 * Files of earlier versions stay, for browsers that have an earlier page open: some hundred kilobytes for each version.
 */
export function createPublishPage({ pages, built, settings }: PublishPageDeps): () => Promise<void> {
  let isRight = false;
  return async () => {
    if (isRight) return;
    const { version, files } = await built.contents();
    const wanted = JSON.stringify({ version, ...settings } satisfies ConsoleSettings);
    const found = await smallObject(pages, pageSettingsKey);
    if (found?.text !== wanted) {
      for (const { path, contentType } of files) await pages.put(pageFolder + path, built.read(path), contentType);
      if (!(await pages.replace(pageSettingsKey, found?.tag, wanted, "application/json"))) return;
    }
    isRight = true;
  };
}
