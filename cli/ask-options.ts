import type { Defaults, Options } from "../shared/campaign/options.ts";
import { columnKey } from "../shared/csv/column-name.ts";
import { createFirstCells } from "../shared/csv/first-cells.ts";
import type { ListSample } from "../shared/csv/list-sample.ts";
import { bestNumberColumn } from "../shared/csv/number-columns.ts";
import { readOptions } from "../shared/csv/read-options.ts";
import type { Lack } from "../shared/csv/refused-file.ts";
import { counted } from "../shared/in-words.ts";
import { quoted } from "../shared/shorten.ts";
import type { Prompter } from "./ask.ts";
import { Refused } from "./exit.ts";
import { faultLines, nationalNumberAt, previewLines, sampleList } from "./list-sample.ts";

/** A list whose options are asked for. */
export interface ListToAsk {
  readonly csv: string;
  /** What its JSON says already. */
  readonly options: Options;
  readonly defaults: Defaults;
}

/** Whom to ask, and where to show what is known. */
export interface Conversation {
  readonly prompter: Prompter;
  readonly show: (line: string) => void;
}

/** Asks for all that a list still lacks, and returns its options. Throws a Refused for a list that no options would help. */
export async function askOptions(list: ListToAsk, conversation: Conversation): Promise<Options> {
  const sample = await sampled(list, list.options);
  showColumns(sample, conversation);
  const numbered = await askNumberColumn(list, sample, conversation);
  const located = await askCountry(list, numbered, conversation);
  const worded = await askText(list, located, conversation);
  return askSender(list, worded, sample.lacks, conversation);
}

async function sampled({ csv, defaults }: ListToAsk, options: Options): Promise<ListSample> {
  const sample = await sampleList(csv, options, defaults);
  if (sample.kind === "refused") throw new Refused(sample.reason);
  return sample;
}

/** What would be wrong with a list that had these options; undefined if nothing that they could be to blame for. */
async function faultWith({ csv, defaults }: ListToAsk, options: Options): Promise<string | undefined> {
  const read = readOptions(JSON.stringify(options));
  if (read.kind === "refused") return read.reason;
  const sample = await sampleList(csv, options, defaults);
  return sample.kind === "refused" ? sample.reason : undefined;
}

function showColumns({ columns, lacks }: ListSample, { show }: Conversation): void {
  const names = namesOf(columns).map((name) => quoted(name, 40));
  show(`The columns are ${names.join(", ")}.`);
  const said = (parameter: Lack, what: string) => {
    const column = lacks.has(parameter) ? undefined : columns.find(({ meaning }) => meaning.kind === parameter);
    if (column !== undefined) show(`${what} from the column ${quoted(column.name.trim(), 40)}.`);
  };
  said("cnumber", "The numbers come");
  said("message", "The texts come");
  said("snumber", "The number to send from comes");
}

const namesOf = (columns: ListSample["columns"]) =>
  columns.flatMap(({ name, meaning }) => (meaning.kind === "nameless" || name.trim() === "" ? [] : [name.trim()]));

async function askNumberColumn(list: ListToAsk, sample: ListSample, { prompter }: Conversation): Promise<Options> {
  if (!sample.lacks.has("cnumber")) return list.options;
  const question = "Which column has the numbers to send to?";
  const all = sample.columns.map(({ name }) => name);
  const first = createFirstCells(sample.rows);
  const likely = bestNumberColumn(all, first)?.trim();
  for (;;) {
    const chosen = await prompter.choose(question, namesOf(sample.columns), likely);
    const column = all.findIndex((name) => name.trim() === chosen);
    const cells = first.of(column);
    const numbers = first.numbers(column);
    // A few rows without a number are what lists have.
    const isDoubtful = cells.length === 0 || numbers * 2 < cells.length;
    const seen = `${numbers} of the first ${counted(cells.length, "cell")} of ${quoted(chosen, 40)} ${numbers === 1 ? "looks" : "look"} like a phone number${cells[0] === undefined ? "" : `; the first is ${quoted(cells[0], 40)}`}.`;
    if (isDoubtful && !(await prompter.confirm(`${seen} Are these the numbers all the same?`, false))) continue;
    return { ...list.options, columns: { ...list.options.columns, cnumber: chosen } };
  }
}

async function askCountry(list: ListToAsk, options: Options, { prompter, show }: Conversation): Promise<Options> {
  if (options.country !== undefined || list.defaults.country !== undefined) return options;
  const sample = await sampled(list, options);
  const column = sample.columns.findIndex(({ meaning }) => meaning.kind === "cnumber");
  const national = nationalNumberAt(sample, column);
  if (national === undefined) return options;
  const shown = quoted((national.cells[column] ?? "").trim());
  const withCountry = (answer: string): Options => ({ ...options, country: answer.trim().toUpperCase() });
  show(`Line ${national.line} has ${shown}, without a country code.`);
  for (;;) {
    const answer = await prompter.line(
      "The country of such numbers, in two letters such as GB (empty: hand them on as they are):",
      async (typed) => (typed.trim() === "" ? undefined : faultWith(list, withCountry(typed))),
    );
    if (answer.trim() === "") return options;
    const located = withCountry(answer);
    const { rows } = await sampled(list, located);
    const read = rows.find(({ line }) => line === national.line)?.verdict;
    if (read?.kind === "send") {
      show(`In ${located.country} that is ${read.send.cnumber}.`);
      return located;
    }
    const faults = faultLines(rows);
    for (const line of faults) show(line);
    const stays = faults.length === 0 || (await prompter.confirm(`Is ${located.country} right all the same?`, false));
    if (stays) return located;
  }
}

/** Asks for the text until its preview is as it was meant. */
async function askText(list: ListToAsk, options: Options, { prompter, show }: Conversation): Promise<Options> {
  const { columns, lacks } = await sampled(list, options);
  if (!lacks.has("message")) {
    for (const line of previewLines(await sampled(list, options))) show(line);
    return options;
  }
  const variables = columns.filter(({ meaning }) => meaning.kind === "variable").map(({ name }) => name.trim());
  const usable = variables.filter((name) => columnKey(name) !== "" && !/[{}|]/.test(name));
  if (usable.length > 0) {
    show(`The text can name columns: ${usable.map((name) => `{{${name}}}`).join(", ")}.`);
    show(`{{${usable[0]}|there}} says "there" where the cell is empty. Write \\n for a new line.`);
  }
  const withText = (typed: string): Options => ({ ...options, message: typed.replaceAll("\\n", "\n") });
  for (let typed: string | undefined; ; ) {
    typed = await prompter.line(
      "The text:",
      async (answer) => (answer.trim() === "" ? "There is no text yet." : faultWith(list, withText(answer))),
      typed,
    );
    for (const line of previewLines(await sampled(list, withText(typed)))) show(line);
    if (await prompter.confirm("Is that what people should read?", true)) return withText(typed);
  }
}

async function askSender(
  list: ListToAsk,
  options: Options,
  lacks: ReadonlySet<Lack>,
  { prompter }: Conversation,
): Promise<Options> {
  if (!lacks.has("snumber")) return options;
  const withSender = (typed: string): Options => ({ ...options, snumber: typed.trim() });
  for (;;) {
    const answer = await prompter.line("The number to send from:", async (typed) =>
      typed.trim() === "" ? "Without it nothing can be sent." : faultWith(list, withSender(typed)),
    );
    const sender = quoted(answer.trim(), 40);
    const doubt = `${sender} is a name and not a number, which Enswitch takes only where it knows it. Send from ${sender}?`;
    if (!/\p{L}/u.test(answer) || (await prompter.confirm(doubt, false))) return withSender(answer);
  }
}
