import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isEquivalent } from "./equivalent.ts";
import { type Mutant, mistakeOf, mutate } from "./mutants.ts";
import { NothingToTry, select } from "./selection.ts";
import { tryMutants } from "./try-mutants.ts";

const usage =
  "Usage: npm run mutate -- <file or folder of shared/>… [--tests <file or folder>]… [--nearest] [--sample <every n-th>] [--from <the first>] [--afresh]";

process.chdir(resolve(import.meta.dirname, "../.."));
try {
  await run();
} catch (error) {
  if (!(error instanceof NothingToTry)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const { places, tests, nearest, afresh, every, from } = readCommand();
  const selection = select(places, { tests, nearest });
  const all = selection.paths.flatMap((path) => mutate(path, readFileSync(path, "utf8")).mutants);
  const sample = all.filter((_, index) => index % every === (from - 1) % every);
  // The others make no difference: they are neither tried nor counted.
  const mutants = sample.filter((mutant) => !isEquivalent(mutant));
  const without = sample.length - mutants.length;
  if (mutants.length === 0) throw new NothingToTry(whyNone(places, all.length, without));

  const startedAt = Date.now();
  const { killed, met } = await tryMutants(selection, mutants, afresh);
  const describe = (mutant: Mutant) =>
    `line ${mutant.line}: ${mistakeOf(mutant)}${met.has(mutant.id) ? "" : " (met by no test)"}`;
  for (const path of selection.paths) {
    const own = mutants.filter((mutant) => mutant.path === path);
    const alive = own.filter(({ id }) => !killed.has(id));
    console.log(
      `${percent(own.length - alive.length, own.length)}  ${path}: ${own.length - alive.length} of ${own.length}`,
    );
    for (const mutant of alive) console.log(`        ${describe(mutant)}`);
  }
  const dead = mutants.filter(({ id }) => killed.has(id)).length;
  const outOf = every === 1 ? "" : `, every ${every}th of ${all.length} from number ${from}`;
  const equivalent = without === 0 ? "" : `, without ${without} that make no difference`;
  console.log(
    `${percent(dead, mutants.length)}  ${dead} of ${mutants.length} mutants killed${outOf}${equivalent}; ${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
}

/** What was asked for. Throws `NothingToTry` where that is no command. */
function readCommand() {
  const { values, positionals } = parsed();
  const { tests, nearest, afresh } = values;
  const [every, from] = [Number(values.sample), Number(values.from)];
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  if (positionals.length === 0 || !isCount(every) || !isCount(from)) throw new NothingToTry(usage);
  return { places: positionals, tests, nearest, afresh, every, from };
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        tests: { type: "string", multiple: true, default: [] },
        sample: { type: "string", default: "1" },
        from: { type: "string", default: "1" },
        nearest: { type: "boolean", default: false },
        afresh: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new NothingToTry(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

function whyNone(places: readonly string[], all: number, without: number): string {
  const where = places.join(", ");
  if (all === 0) return `No mistake can be made in ${where}: it has only kinds, schemas or sentences.`;
  if (without === 0) return `The sample has none of the ${all} mistakes that can be made in ${where}.`;
  return `Of the ${all} mistakes that can be made in ${where}, those of the sample make no difference.`;
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 100 : (100 * part) / whole).toFixed(1).padStart(5)} %`;
}
