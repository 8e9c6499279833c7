import { checkName, folders, type ListFormat, reportFileNames, reportKey } from "../../shared/ports/bucket-layout.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { CloudError, type Objects } from "../cloud/cloud.ts";
import { storePersistently } from "../cloud/store-persistently.ts";
import { pause } from "../page/waiting.ts";
import { readSummary } from "../reports/read-summary.ts";

/** How a list stands with whoever judges it. `before` is the last judgement, of other options. */
export type JudgingState =
  | { readonly kind: "uploading"; readonly bytes: number; readonly of: number; readonly offline: boolean }
  | { readonly kind: "judging"; readonly before?: Summary; readonly offline: boolean; readonly slow: boolean }
  /** `options` is the text that it was judged by. */
  | { readonly kind: "judged"; readonly summary: Summary; readonly options: string }
  | { readonly kind: "trouble"; readonly error: unknown };

/** What was found of the list by exactly these options; `undefined` while nothing was. */
export const judgedBy = (judgement: JudgingState, options: string): Summary | undefined =>
  judgement.kind === "judged" && judgement.options === options ? judgement.summary : undefined;

/** A list under way to be judged. */
export interface Judge {
  /** Has the list judged by these options, in place of any before. */
  judge(options: string): void;
  stop(): void;
}

/** What is to be judged, and where to say how it stands. */
export interface ToJudge {
  readonly objects: Objects;
  /** Under which name, which nobody else uses: several people may judge lists of one name. */
  readonly name: string;
  readonly format: ListFormat;
  readonly list: Blob;
  readonly show: (judgement: JudgingState) => void;
}

/** How often to look for the judgement, in milliseconds: first, and after a while. */
const lookEveryMs = { soon: 300, later: 1_500 } as const;

/** After how long it is said that judging takes longer than usual, in milliseconds. */
const slowMs = 45_000;

/** The content types of lists. */
export const contentTypes: Readonly<Record<ListFormat, string>> = {
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/**
 * Puts a list and its options under `check/`, where the stack judges them, and looks for the result. The list goes once;
 * the options go each time they change, one after the other.
 */
export function createJudge({ objects, name, format, list, show }: ToJudge): Judge {
  const all = new AbortController();
  const { signal } = all;
  let turn = 0;
  let before: Summary | undefined;
  let listStored: Promise<string> | undefined;
  let optionsStored: Promise<unknown> = Promise.resolve();
  const key = `${folders.check}${name}`;

  const judgeNow = async (mine: number, options: string) => {
    const isOld = () => mine !== turn || signal.aborted;
    if (listStored !== undefined) show({ kind: "judging", before, offline: false, slow: false });
    // One after the other, so that the newest is the last to be stored.
    const storing = optionsStored.then(() => (isOld() ? "" : storeOptions({ objects, key, signal }, options)));
    optionsStored = storing.catch(() => {});
    const optionsVersion = await storing;
    listStored ??= storeList({ objects, key, signal }, { list, format, show });
    const listVersion = await listStored;
    if (isOld()) return;
    const versions = { list: listVersion, options: optionsVersion };
    const looking = { objects, name, versions, isOld, signal };
    const summary = await lookFor(looking, (now) => show({ kind: "judging", before, ...now }));
    if (summary === undefined) return;
    before = summary;
    show({ kind: "judged", summary, options });
  };

  return {
    judge: (options) => {
      turn += 1;
      const mine = turn;
      judgeNow(mine, options).catch((error: unknown) => {
        if (mine !== turn || signal.aborted) return;
        show({ kind: "trouble", error });
      });
    },
    stop: () => all.abort(),
  };
}

interface CheckedObjects {
  readonly objects: Pick<Objects, "store">;
  /** Without the ending. */
  readonly key: string;
  readonly signal: AbortSignal;
}

/** Stores the options; returns their version. */
async function storeOptions({ objects, key, signal }: CheckedObjects, options: string): Promise<string> {
  const body = new Blob([options], { type: "application/json" });
  const stored = await storePersistently(
    objects,
    { key: `${key}.json`, body, contentType: "application/json; charset=utf-8" },
    { signal },
  );
  return stored.kind === "stored" ? stored.version : "";
}

/** Stores the list; returns its version. */
async function storeList(
  { objects, key, signal }: CheckedObjects,
  { list, format, show }: Pick<ToJudge, "list" | "format" | "show">,
): Promise<string> {
  let state = { bytes: 0, of: list.size, offline: false };
  const tell = (now: Partial<typeof state>) => {
    state = { ...state, ...now };
    show({ kind: "uploading", ...state });
  };
  tell({});
  const stored = await storePersistently(
    objects,
    {
      key: `${key}.${format}`,
      body: list,
      contentType: contentTypes[format],
      onProgress: (bytes) => tell({ bytes }),
    },
    { signal, onOffline: (offline) => tell({ offline }) },
  );
  return stored.kind === "stored" ? stored.version : "";
}

interface Looking {
  readonly objects: Pick<Objects, "text">;
  readonly name: string;
  readonly versions: { readonly list: string; readonly options: string };
  readonly isOld: () => boolean;
  readonly signal: AbortSignal;
}

/** The judgement of exactly these versions; `undefined` when nobody waits for it any more. */
async function lookFor(
  { objects, name, versions, isOld, signal }: Looking,
  show: (now: { readonly offline: boolean; readonly slow: boolean }) => void,
): Promise<Summary | undefined> {
  const key = reportKey(checkName(name), reportFileNames.summary);
  const began = Date.now();
  let offline = false;
  for (;;) {
    const waited = Date.now() - began;
    show({ offline, slow: waited > slowMs });
    try {
      const text = await objects.text(key);
      offline = false;
      const found = text === undefined ? undefined : readSummary(text);
      if (found?.checked?.list === versions.list && found.checked.options === versions.options) return found;
    } catch (error) {
      if (!(error instanceof CloudError) || error.trouble !== "offline") throw error;
      offline = true;
    }
    if (isOld()) return undefined;
    await pause(waited < 15_000 ? lookEveryMs.soon : lookEveryMs.later, signal);
    if (isOld()) return undefined;
  }
}
