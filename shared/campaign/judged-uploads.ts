import type { Campaign } from "./campaign.ts";

/** Judged and ignored uploads that a campaign remembers. */
const kept = 20;

/** The versions of an upload's objects; `json` is absent when there were no options. */
export interface UploadVersions {
  readonly csv: string;
  readonly json: string | undefined;
}

/** An upload's entry among `judged`: `<csv version>|<json version>`. */
export const judgedEntry = ({ csv, json }: UploadVersions): string => `${csv}|${json ?? ""}`;

/** The versions that an entry of `judged` names. */
function readEntry(entry: string): UploadVersions {
  const [csv = "", json = ""] = entry.split("|");
  return { csv, json: json === "" ? undefined : json };
}

/** Whether an upload with this version of the CSV was judged. */
export const csvWasJudged = ({ judged }: Pick<Campaign, "judged">, version: string): boolean =>
  judged.some((entry) => readEntry(entry).csv === version);

/** Whether an upload with this version of the CSV or of the options was judged. */
export const wasJudged = ({ judged }: Pick<Campaign, "judged">, version: string): boolean =>
  judged.map(readEntry).some(({ csv, json }) => csv === version || json === version);

/** A list of judged or ignored uploads with one more, newest last; the oldest are forgotten. */
export const remembering = <Upload>(uploads: readonly Upload[] | undefined, upload: Upload): Upload[] =>
  [...(uploads ?? []), upload].slice(-kept);
