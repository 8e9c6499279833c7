import { joinedVersions } from "../campaign/judged-uploads.ts";
import { formsOf, inNfc, readUploadKey } from "../campaign/name.ts";
import type { Bucket, ListedObject, ObjectHead } from "../ports/bucket.ts";
import { folders, listFormatOf } from "../ports/bucket-layout.ts";

/** All objects that are uploaded under one name, whatever the case of their endings and the form of their accents. */
export interface FoundUpload {
  /** Newest first; of those stored within the same second, the one that was announced. */
  readonly lists: readonly ObjectHead[];
  readonly options: readonly ObjectHead[];
}

/** Finds what is uploaded for a campaign or check; `announced` is a key whose event was heard, if there was one. */
export async function findUpload(
  bucket: Bucket,
  of: "campaign" | "check",
  name: string,
  announced?: string,
): Promise<FoundUpload> {
  const found: ListedObject[] = [];
  for (const prefix of prefixesOf(of, name, announced)) {
    for await (const object of bucket.list(prefix)) if (belongsTo(object.key, of, name)) found.push(object);
  }
  const newestFirst = found.sort(
    (a, b) => b.modifiedAt - a.modifiedAt || Number(b.key === announced) - Number(a.key === announced),
  );
  const heads = (await Promise.all(newestFirst.map(({ key }) => bucket.head(key)))).filter(
    (head) => head !== undefined,
  );
  const isList = ({ key }: ObjectHead) => listFormatOf(key) !== undefined;
  return { lists: heads.filter(isList), options: heads.filter((head) => !isList(head)) };
}

/** Whether other objects or versions are there by now; takes what `findUpload` takes, and what it found. */
export async function hasChanged(
  bucket: Bucket,
  of: "campaign" | "check",
  name: string,
  announced: string,
  before: FoundUpload,
): Promise<boolean> {
  const now = await findUpload(bucket, of, name, announced);
  const versions = ({ lists, options }: FoundUpload) =>
    JSON.stringify([lists, options].map((objects) => joinedVersions(objects.map(({ version }) => version))));
  return versions(now) !== versions(before);
}

/** Where the objects of a name may be: programs write an accented letter as one character or as two. */
function prefixesOf(of: "campaign" | "check", name: string, announced: string | undefined): ReadonlySet<string> {
  const folder = of === "check" ? folders.check : folders.campaigns;
  const prefixes = [...formsOf(name)].map((form) => `${folder}${form}.`);
  return new Set(announced === undefined ? prefixes : [...prefixes, announced.replace(/[^.]*$/u, "")]);
}

function belongsTo(key: string, of: "campaign" | "check", name: string): boolean {
  const upload = readUploadKey(key);
  if (upload.kind === "options") return upload.of === of && upload.name === inNfc(name);
  return upload.kind === of && upload.name === inNfc(name);
}
