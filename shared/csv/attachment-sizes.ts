import type { Columns } from "./columns.ts";
import type { CsvRecord } from "./record-parser.ts";
import { attachmentKey, type SizeOf } from "./row-files.ts";

/** Size in bytes of the object with this key (`attachments/…`), undefined when there isn't one. */
export type AttachmentSize = (key: string) => Promise<number | undefined>;

/** Looks attachments up before their rows are judged, so that judging need not wait. */
export interface AttachmentSizes {
  /** Of attachments that were looked up; `"unjudged"` where nobody can look. */
  readonly of: SizeOf;
  /** Looks up what these records name, each attachment once while it is remembered. */
  lookUp(columns: Columns, records: readonly CsvRecord[]): Promise<void>;
}

/** Attachment sizes remembered. */
const sizesKept = 10_000;

/** Attachments asked for at once. */
const lookUps = 16;

/** Without `attachmentSize`, no attachment is looked up. */
export function createAttachmentSizes(attachmentSize: AttachmentSize | undefined): AttachmentSizes {
  if (attachmentSize === undefined) return { of: () => "unjudged", lookUp: async () => {} };
  const known = new Map<string, number | undefined>();
  return {
    of: (key) => known.get(key),
    lookUp: async (columns, records) => {
      const named = attachmentsNamed(columns, records);
      const isNew = (key: string) => !known.has(key);
      if (known.size > 0 && known.size + named.filter(isNew).length > sizesKept) known.clear();
      const wanted = named.filter(isNew);
      for (let at = 0; at < wanted.length; at += lookUps) {
        await Promise.all(
          wanted.slice(at, at + lookUps).map(async (key) => {
            known.set(key, await attachmentSize(key));
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
