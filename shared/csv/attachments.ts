import type { Columns } from "./columns.ts";
import type { CsvRecord } from "./record-parser.ts";
import { attachmentKey, type FindAttachment, type FoundAttachment } from "./row-files.ts";

/** The object with this key (`attachments/…`), undefined when there isn't one. */
export type LookUpAttachment = (key: string) => Promise<FoundAttachment | undefined>;

/** Looks attachments up before their rows are judged, so that judging need not wait. */
export interface Attachments {
  /** Of attachments that were looked up; `"unjudged"` where nobody can look. */
  readonly find: FindAttachment;
  /** Looks up what these records name, each attachment once while it is remembered. */
  lookUp(columns: Columns, records: readonly CsvRecord[]): Promise<void>;
}

/** Attachments remembered. */
const attachmentsKept = 10_000;

/** Attachments asked for at once. */
const lookUps = 16;

/** Without `lookUpAttachment`, no attachment is looked up. */
export function createAttachments(lookUpAttachment: LookUpAttachment | undefined): Attachments {
  if (lookUpAttachment === undefined) return { find: () => "unjudged", lookUp: async () => {} };
  const known = new Map<string, FoundAttachment | undefined>();
  return {
    find: (key) => known.get(key),
    lookUp: async (columns, records) => {
      const named = attachmentsNamed(columns, records);
      const isNew = (key: string) => !known.has(key);
      if (known.size > 0 && known.size + named.filter(isNew).length > attachmentsKept) known.clear();
      const wanted = named.filter(isNew);
      for (let at = 0; at < wanted.length; at += lookUps) {
        await Promise.all(
          wanted.slice(at, at + lookUps).map(async (key) => {
            known.set(key, await lookUpAttachment(key));
          }),
        );
      }
    },
  };
}

function attachmentsNamed(columns: Columns, records: readonly CsvRecord[]): readonly string[] {
  const keys = new Set<string>();
  for (const { attachment } of columns.files) {
    if (attachment === undefined) continue;
    for (const { cells } of records) {
      const key = attachmentKey(cells[attachment] ?? "");
      if (key !== undefined && key !== "") keys.add(key);
    }
  }
  return [...keys];
}
