import { existsSync, globSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";

/** Why nothing can be tried, as a sentence for whoever gave the command. */
export class NothingToTry extends Error {
  override readonly name = "NothingToTry";
}

/** The files in which mistakes are made, and the tests that should notice; from the repository's root. */
export interface Selection {
  readonly paths: readonly string[];
  readonly tests: readonly string[];
}

/** Further tests that know a folder's code, besides those in the folder of its name. */
const alsoTestedBy: Readonly<Record<string, readonly string[]>> = {
  "shared/account": ["test/send"],
  "shared/ledger": ["test/send", "test/reconcile/reporter.test.ts"],
  "shared/feed": ["test/reconcile/reporter.test.ts", "test/reconcile/recipient-hours.test.ts"],
};

/**
 * Chooses by `places` (files or folders of the source): with `nearest` the tests that have a file's own name, else all of the
 * folder of its name; in both cases `tests`, too. Throws `NothingToTry` where a place has no file, or no test is left.
 */
export function select(
  places: readonly string[],
  { tests, nearest }: { readonly tests: readonly string[]; readonly nearest: boolean },
): Selection {
  const paths = unique(places.flatMap((place) => filesAt(place, ".ts", "source")));
  const own = nearest ? paths.flatMap(testsOfItsName) : unique(paths.map(folderOf)).flatMap(testsOfFolder);
  const chosen = unique([...own, ...tests.flatMap((place) => filesAt(place, ".test.ts", "test"))]);
  if (chosen.length === 0) {
    throw new NothingToTry(`No tests have the name of ${places.join(", ")}. Name those that know it with --tests.`);
  }
  return { paths, tests: chosen };
}

const unique = (paths: readonly string[]): readonly string[] => [...new Set(paths)];

function filesAt(place: string, suffix: string, what: string): readonly string[] {
  const files = filesIn(place, suffix);
  if (files.length > 0) return files;
  const there = existsSync(place) ? "holds none" : "is not there";
  throw new NothingToTry(`${place} ${there}: give a ${what} file (*${suffix}) or a folder of them.`);
}

const filesIn = (place: string, suffix: string): readonly string[] => {
  const isFolder = existsSync(place) && statSync(place).isDirectory();
  return globSync(isFolder ? `${place}/*${suffix}` : place)
    .filter((path) => path.endsWith(suffix) && !path.endsWith(".d.ts"))
    .toSorted();
};

const folderOf = (path: string) => path.split("/").slice(0, 2).join("/");

const testFolderOf = (folder: string) => folder.replace(/^shared/, "test");

const testsOfFolder = (folder: string) =>
  [testFolderOf(folder), ...(alsoTestedBy[folder] ?? [])].flatMap((place) => filesIn(place, ".test.ts"));

/** Such as `test/send/sender.test.ts` and `test/send/sender-connections.test.ts` of `shared/send/sender.ts`. */
const testsOfItsName = (path: string) =>
  globSync(`${testFolderOf(dirname(path))}/${basename(path, ".ts")}{,-*}.test.ts`).toSorted();
