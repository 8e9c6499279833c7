import { type Signal, signal } from "@preact/signals";
import { inNfc, nameFault } from "../../shared/campaign/name.ts";
import { readOptions } from "../../shared/csv/read-options.ts";
import { type ListFormat, listFormatOf } from "../../shared/ports/bucket-layout.ts";
import type { Cloud } from "../cloud/cloud.ts";
import { inPlainWords } from "../page/plain-words.ts";
import type { BegunHandover, BegunHandovers } from "../send/begun-handovers.ts";
import { type Fields, fieldsOf, noFields, optionsOf } from "../text/fields.ts";
import { createJudge, type Judge, type JudgingState, judgedBy } from "./judge.ts";

/** A list that is being made ready to be sent. */
export interface Draft {
  readonly list: File;
  readonly format: ListFormat;
  /** The name that the campaign is to have. */
  readonly name: Signal<string>;
  readonly fields: Signal<Fields>;
  readonly judgement: Signal<JudgingState>;
  /** What is wrong with the fields themselves, in a sentence. */
  readonly fault: Signal<string | undefined>;
  /** What was begun of this list before and did not come to its end, also before it was chosen again. */
  readonly begun: Signal<BegunHandover | undefined>;
  /** Notes that handing it over has begun, before it goes. */
  begin(begun: BegunHandover): Promise<void>;
  /** Notes that it is known what became of it under a name. */
  settle(name: string): void;
  /** Changes fields, and has the list judged again a moment after the last change. */
  change(changes: Partial<Fields>): void;
  /** Judges again at once, after something went wrong. */
  again(): void;
  discard(): void;
}

/** What of the files that somebody dropped is a list, or why there is none. */
export type Dropped =
  | { readonly kind: "list"; readonly list: File; readonly format: ListFormat; readonly fields: Fields }
  | { readonly kind: "fault"; readonly reason: string };

/** How long after the last change a list is judged again, in milliseconds: nobody is judged in the middle of a word. */
const settledMs = 600;

/** Sorts out what was dropped: one list, and perhaps the file with its options. */
export async function sortOut(files: readonly File[]): Promise<Dropped> {
  const lists = files.filter(({ name }) => listFormatOf(name) !== undefined);
  const [list, other] = lists;
  const format = list === undefined ? undefined : listFormatOf(list.name);
  if (list === undefined || format === undefined) {
    return { kind: "fault", reason: "That is no list. Choose an Excel workbook (.xlsx) or a CSV file (.csv)." };
  }
  if (other !== undefined) return { kind: "fault", reason: "That is more than one list. Choose one at a time." };
  if (list.size === 0) return { kind: "fault", reason: "That file is empty." };
  const json = files.find(({ name }) => /\.json$/iu.test(name));
  if (json === undefined) return { kind: "list", list, format, fields: noFields };
  const read = readOptions(await json.text());
  return read.kind === "options"
    ? { kind: "list", list, format, fields: fieldsOf(read.options) }
    : { kind: "fault", reason: `${json.name}: ${read.reason}` };
}

/** A name for a campaign after its list's file, such as can be used. */
function nameAfter(file: string): string {
  const name = inNfc(file.replace(/\.[^.]*$/u, "").trim());
  return nameFault(name) === undefined && !name.includes("/") ? name : "list";
}

/** Begins to make a list ready: it is judged at once. */
export function createDraft(
  { objects }: Pick<Cloud, "objects">,
  { list, format, fields: given }: Extract<Dropped, { kind: "list" }>,
  handovers: Pick<BegunHandovers, "note" | "forget">,
  begunBefore?: BegunHandover,
): Draft {
  const name = signal(begunBefore?.name ?? nameAfter(list.name));
  const fields = signal(given);
  const judgement = signal<JudgingState>({ kind: "uploading", bytes: 0, of: list.size, offline: false });
  const fault = signal<string | undefined>(undefined);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let judge: Judge | undefined;
  let asked = "";

  const judgeAfresh = () => {
    judge?.stop();
    asked = "";
    judge = createJudge({
      objects,
      // In a folder that nobody else knows: people may judge lists of one name at the same time.
      name: `${crypto.randomUUID()}/${name.peek()}`,
      format,
      list,
      show: (now) => {
        judgement.value = now;
      },
    });
    ask();
  };
  const ask = () => {
    const meant = optionsOf(fields.peek());
    fault.value = meant.kind === "fault" ? inPlainWords(meant.reason) : undefined;
    if (meant.kind === "fault" || meant.text === asked) return;
    asked = meant.text;
    judge?.judge(meant.text);
  };
  judgeAfresh();

  return {
    list,
    format,
    name,
    fields,
    judgement,
    fault,
    ...handingOver(list, handovers, begunBefore),
    change: (changes) => {
      fields.value = { ...fields.peek(), ...changes };
      clearTimeout(timer);
      timer = setTimeout(ask, settledMs);
    },
    again: judgeAfresh,
    discard: () => {
      clearTimeout(timer);
      judge?.stop();
    },
  };
}

/** What a draft knows of attempts to hand it over. */
function handingOver(
  list: Blob,
  handovers: Pick<BegunHandovers, "note" | "forget">,
  begunBefore: BegunHandover | undefined,
): Pick<Draft, "begun" | "begin" | "settle"> {
  const begun = signal(begunBefore);
  return {
    begun,
    begin: async (now) => {
      begun.value = now;
      await handovers.note(list, now);
    },
    settle: (settled) => {
      if (begun.peek()?.name === settled) begun.value = undefined;
      handovers.forget(settled);
    },
  };
}

/** The judgement of exactly what the fields say now; `undefined` while it is not there. */
export function judgedNow({ judgement, fields }: Pick<Draft, "judgement" | "fields">) {
  const now = judgement.value;
  const meant = optionsOf(fields.value);
  const summary = meant.kind === "options" ? judgedBy(now, meant.text) : undefined;
  return meant.kind !== "options" || summary === undefined ? undefined : { summary, options: meant };
}
