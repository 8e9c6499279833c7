/** Judged and ignored uploads that a campaign remembers. */
const kept = 20;

/** What a campaign remembers of the uploads that were judged. */
interface JudgedUploads {
  readonly judged: readonly string[];
}

/** The versions of an upload's objects; `json` is absent when there were no options. */
export interface UploadVersions {
  readonly csv: string;
  readonly json: string | undefined;
}

/** An upload's entry among `judged`: `<csv version>|<json version>`. */
export const judgedEntry = ({ csv, json }: UploadVersions): string => `${csv}|${json ?? ""}`;

/** Stands between versions in an entry; S3's are letters, digits, dots, hyphens and underscores. */
const and = "+";

/** Several objects' versions as one, for an upload that was refused because it has two lists or two files of options. */
export const joinedVersions = (versions: readonly string[]): string => [...versions].sort().join(and);

/** The versions that an entry of `judged` names. */
function readEntry(entry: string): { readonly csvs: readonly string[]; readonly jsons: readonly string[] } {
  const [csv = "", json = ""] = entry.split("|");
  return { csvs: csv.split(and), jsons: json === "" ? [] : json.split(and) };
}

/** Whether an upload with this version of the CSV was judged. */
export const csvWasJudged = ({ judged }: JudgedUploads, version: string): boolean =>
  judged.some((entry) => readEntry(entry).csvs.includes(version));

/** The latest place of the list with this version in the order of judging; `undefined` where it was not judged, or long ago. */
export function placeAmongJudged({ judged }: JudgedUploads, version: string): number | undefined {
  const place = judged.findLastIndex((entry) => readEntry(entry).csvs.includes(version));
  return place === -1 ? undefined : place;
}

/** Whether an upload with this version of the CSV or of the options was judged. */
export const wasJudged = ({ judged }: JudgedUploads, version: string): boolean =>
  judged.map(readEntry).some(({ csvs, jsons }) => csvs.includes(version) || jsons.includes(version));

/**
 * Which of the lists under a name are meant: those that were never judged, or else, when only options are new, those that
 * were judged last. More than one: nobody can tell.
 */
export function listsMeant<List extends { readonly version: string }>(
  lists: readonly List[],
  judged: readonly string[],
): readonly List[] {
  const fresh = lists.filter(({ version }) => !csvWasJudged({ judged }, version));
  if (fresh.length > 0) return fresh;
  const lastJudged = judged
    .map((entry) => lists.filter(({ version }) => readEntry(entry).csvs.includes(version)))
    .findLast((named) => named.length > 0);
  return lastJudged ?? lists;
}

/** A list of judged or ignored uploads with one more, newest last; the oldest are forgotten. */
export const remembering = <Upload>(uploads: readonly Upload[] | undefined, upload: Upload): Upload[] =>
  [...(uploads ?? []), upload].slice(-kept);
