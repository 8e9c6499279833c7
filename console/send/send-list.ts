import {
  type ListFormat,
  optionsKey,
  reportFileNames,
  reportKey,
  uploadKey,
} from "../../shared/ports/bucket-layout.ts";
import { CloudError, type Objects } from "../cloud/cloud.ts";
import { type Persistence, storePersistently } from "../cloud/store-persistently.ts";
import { contentTypes } from "../list/judge.ts";
import { type BegunHandover, digestOf } from "./begun-handovers.ts";

/** A list that is to be sent, by exactly the options that it was judged by. */
export interface ListToSend {
  readonly name: string;
  readonly format: ListFormat;
  readonly list: Blob;
  readonly options: string;
}

/** How handing a list over stands, or how it ended. */
export type Handing =
  | { readonly kind: "uploading"; readonly bytes: number; readonly of: number; readonly offline: boolean }
  | { readonly kind: "handed-over" }
  /** Another list has the name: nothing was handed over. */
  | { readonly kind: "taken" }
  /** Under this name the same list was begun with other options, and may have arrived: nothing was handed over now. */
  | { readonly kind: "begun-otherwise" }
  /** Under the name that it was given before, `name`, the list has arrived: nothing was handed over now. */
  | { readonly kind: "arrived"; readonly name: string }
  | { readonly kind: "trouble"; readonly error: unknown };

/** Who hands it over. */
export interface Handover {
  readonly objects: Objects;
  /** Whether this person may read reports. */
  readonly reads: boolean;
  readonly signal: AbortSignal;
  /** The last attempt of this list, if there was one. */
  readonly begun: BegunHandover | undefined;
  /** Told once the name is this list's, before the list goes. */
  readonly onBegun: (begun: BegunHandover) => Promise<void>;
  /** Told once it is known what became of the list under a name: that is over. */
  readonly onSettled: (name: string) => void;
  readonly show: (handing: Handing) => void;
}

/**
 * Hands a list over to be sent: its options first, then the list, both only where nothing has the name yet, so that nobody's
 * list is ever sent by somebody else's options. Once the options are there the name is this person's: an attempt that was broken
 * off is gone on with under it. Under another name the list goes only once it cannot arrive under the first any more.
 */
export async function sendList(
  { objects, reads, signal, begun, onBegun, onSettled, show }: Handover,
  sent: ListToSend,
): Promise<void> {
  const { name, format, list, options } = sent;
  let state = { bytes: 0, of: list.size, offline: false };
  const tell = (now: Partial<typeof state>) => {
    state = { ...state, ...now };
    show({ kind: "uploading", ...state });
  };
  const persistence = { signal, onOffline: (offline: boolean) => tell({ offline }) };
  const key = uploadKey(name, format);
  tell({});
  const isOwn = begun?.name === name;
  try {
    const optionsDigest = await digestOf(new Blob([options]));
    if (isOwn && begun.optionsDigest !== optionsDigest) return show({ kind: "begun-otherwise" });
    if (!isOwn) {
      if (reads && (await isUsed(objects, name))) return show({ kind: "taken" });
      if (begun !== undefined) {
        const isTaken = await takeBack(objects, uploadKey(begun.name, format), format, persistence);
        onSettled(begun.name);
        if (!isTaken) return show({ kind: "arrived", name: begun.name });
      }
      const body = new Blob([options], { type: "application/json" });
      const claim = { key: optionsKey(key), body, contentType: "application/json; charset=utf-8", onlyNew: true };
      const claimed = await storePersistently(objects, claim, persistence);
      // Options that are there after a lost answer may be somebody else's as well as one's own.
      if (claimed.kind !== "stored") return show({ kind: "taken" });
      await onBegun({ name, optionsDigest });
    }
    const onProgress = (bytes: number) => tell({ bytes });
    const upload = { key, body: list, contentType: contentTypes[format], onlyNew: true, onProgress };
    const { kind } = await storePersistently(objects, upload, persistence);
    onSettled(name);
    // What is there of a name that was this list's before is what an earlier attempt brought.
    show({ kind: kind === "taken" && !isOwn ? "taken" : "handed-over" });
  } catch (error) {
    show({ kind: "trouble", error });
  }
}

/** What takes a list's place: no list, so that it is refused, and says why to who finds it. */
const takenBack = "This list was taken back before it was handed over.\n";

/**
 * Sees to it that a list cannot arrive any more: what is stored in its place keeps out an upload that may still be under way.
 * `false`: it has arrived, or that cannot be told from what was stored here.
 */
async function takeBack(objects: Objects, key: string, format: ListFormat, persistence: Persistence): Promise<boolean> {
  const body = new Blob([takenBack]);
  const { kind } = await storePersistently(
    objects,
    { key, body, contentType: contentTypes[format], onlyNew: true },
    persistence,
  );
  return kind === "stored";
}

/** Whether there is a report under the name, also of a list that was refused: its list is still there. */
async function isUsed(objects: Objects, name: string): Promise<boolean> {
  try {
    return (await objects.text(reportKey(name, reportFileNames.summary))) !== undefined;
  } catch (error) {
    if (error instanceof CloudError && error.trouble === "not-allowed") return false;
    throw error;
  }
}

/** Another name much like it: "spring 2" for "spring", "spring 3" for "spring 2". */
export function nextName(name: string): string {
  const numbered = /^(.*) (\d+)$/u.exec(name);
  return numbered === null ? `${name} 2` : `${numbered[1]} ${Number(numbered[2]) + 1}`;
}
