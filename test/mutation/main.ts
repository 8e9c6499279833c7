import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempDisposableSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isEquivalent } from "./equivalent.ts";
import { type Mutant, mistakeOf, mutate } from "./mutants.ts";
import { Now, nowFile, type Plan, planFile, RecordLine, recordFile } from "./plan.ts";

/** Further tests that know a folder's code, besides those in the folder of its name. */
const alsoTestedBy: Readonly<Record<string, readonly string[]>> = {
  "shared/account": ["test/send"],
  "shared/ledger": ["test/send", "test/reconcile/reporter.test.ts"],
  "shared/feed": ["test/reconcile/reporter.test.ts", "test/reconcile/recipient-hours.test.ts"],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tests: { type: "string", multiple: true, default: [] },
    sample: { type: "string", default: "1" },
    from: { type: "string", default: "1" },
    afresh: { type: "boolean", default: false },
  },
});
const [every, from] = [Number(values.sample), Number(values.from)];
const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
if (positionals.length === 0 || !isCount(every) || !isCount(from)) {
  console.error(
    "Usage: npm run mutate -- <file or folder of shared/>… [--tests <file or folder>]… [--sample <every n-th>] [--from <the first>] [--afresh]",
  );
  process.exit(2);
}

const filesIn = (places: readonly string[], suffix: string): string[] => [
  ...new Set(
    places.flatMap((place) =>
      existsSync(place) && statSync(place).isDirectory() ? globSync(`${place}/*${suffix}`).toSorted() : globSync(place),
    ),
  ),
];
const folderOf = (place: string) => place.split("/").slice(0, 2).join("/");

process.chdir(resolve(import.meta.dirname, "../.."));
const paths = filesIn(positionals, ".ts").filter((path) => !path.endsWith(".d.ts"));
const folders = [...new Set(paths.map(folderOf))];
const tests = filesIn(
  [
    ...folders.map((folder) => folder.replace(/^shared/, "test")),
    ...folders.flatMap((folder) => alsoTestedBy[folder] ?? []),
    ...values.tests,
  ],
  ".test.ts",
);
const all = paths.flatMap((path) => mutate(path, readFileSync(path, "utf8")).mutants);
const sample = all.filter((_, index) => index % every === (from - 1) % every);
/** Those of the sample that make a difference: the others are neither tried nor counted. */
const mutants = sample.filter((mutant) => !isEquivalent(mutant));

/** Mutants by what became of them; what is in none was not met. */
const killed = new Map<string, string>();
const met = new Set<string>();
const loaded = new Set<string>();
const survived = new Set<string>();
const tookMs: Record<string, number> = {};

using directory = mkdtempDisposableSync(join(tmpdir(), "bulk-send-mutation-"));

/** Runs a session to its end, however often it has to be begun again because a mutant hangs or kills it. */
async function carryOut(wanted: readonly string[], atLoad: readonly string[]): Promise<void> {
  if (wanted.length + atLoad.length === 0) return;
  const open = (ids: readonly string[]) => ids.filter((id) => !killed.has(id) && !survived.has(id));
  for (let go = true; go; ) {
    const plan: Plan = { directory: directory.path, paths, tests, wanted: open(wanted), loaded: open(atLoad), tookMs };
    writeFileSync(planFile(directory.path), JSON.stringify(plan));
    writeFileSync(recordFile(directory.path), "");
    const child = fork(resolve(import.meta.dirname, "session.ts"), [directory.path]);
    const watch = setInterval(() => {
      const now = readNow();
      if (now !== undefined && Date.now() > now.until) child.kill("SIGKILL");
    }, 1_000);
    const [code] = await once(child, "exit");
    clearInterval(watch);
    for (const line of readFileSync(recordFile(directory.path), "utf8").split("\n")) if (line !== "") take(line);
    const culprit = readNow();
    go = code !== 0 && culprit !== undefined;
    if (code !== 0 && culprit === undefined) throw new Error("The tests could not be run.");
    if (go && culprit !== undefined) {
      killed.set(culprit.id, "the process, which hung or ended");
      console.error(
        `${culprit.id} hung or ended the process; the tests are begun again with the mutants that are left.`,
      );
    }
    writeFileSync(nowFile(directory.path), "");
  }
}

function readNow() {
  if (!existsSync(nowFile(directory.path))) return undefined;
  const text = readFileSync(nowFile(directory.path), "utf8");
  return text === "" ? undefined : Now.parse(JSON.parse(text));
}

function take(text: string): void {
  const line = RecordLine.parse(JSON.parse(text));
  if ("killed" in line) killed.set(line.killed, line.by);
  else if ("survived" in line) survived.add(line.survived);
  else if ("met" in line) for (const id of line.met) met.add(id);
  else if ("ran" in line) tookMs[line.ran] = line.ms;
  else if ("loaded" in line) for (const id of line.loaded) loaded.add(id);
  else throw new Error(`These tests fail without a mutant: ${line.broken}`);
}

const startedAt = Date.now();
await carryOut(
  mutants.map(({ id }) => id),
  [],
);
if (met.size + loaded.size === 0) throw new Error(`No mutant is met by these tests: ${tests.join(", ")}`);
const atLoad = mutants.filter(({ id }) => loaded.has(id) && !met.has(id));
await carryOut(
  [],
  atLoad.map(({ id }) => id),
);
// What a module keeps from the first time, such as a table that it has made, hides a mistake in how it was made.
if (values.afresh) {
  const open = mutants.filter(({ id }) => met.has(id) && !killed.has(id));
  await carryOut(
    [],
    open.map(({ id }) => id),
  );
}

for (const path of paths) {
  const own = mutants.filter((mutant) => mutant.path === path);
  const alive = own.filter(({ id }) => !killed.has(id));
  console.log(
    `${percent(own.length - alive.length, own.length)}  ${path}: ${own.length - alive.length} of ${own.length}`,
  );
  for (const mutant of alive) console.log(`        ${describe(mutant)}`);
}
const dead = mutants.filter(({ id }) => killed.has(id)).length;
const outOf = every === 1 ? "" : `, every ${every}th of ${all.length} from number ${from}`;
const without = sample.length - mutants.length;
const equivalent = without === 0 ? "" : `, without ${without} that make no difference`;
console.log(
  `${percent(dead, mutants.length)}  ${dead} of ${mutants.length} mutants killed${outOf}${equivalent}; ${Math.round((Date.now() - startedAt) / 1000)} s`,
);

function describe(mutant: Mutant): string {
  const unmet = met.has(mutant.id) || loaded.has(mutant.id) ? "" : " (met by no test)";
  return `line ${mutant.line}: ${mistakeOf(mutant)}${unmet}`;
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 100 : (100 * part) / whole).toFixed(1).padStart(5)} %`;
}
