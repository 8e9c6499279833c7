import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import { BaseSequencer, createVitest, type TestSpecification } from "vitest/node";
import { mutate } from "./mutants.ts";
import { longestMs, nowFile, Plan, planFile, type RecordLine, recordFile } from "./plan.ts";

const root = resolve(import.meta.dirname, "../..");
const plan = Plan.parse(JSON.parse(readFileSync(planFile(process.argv[2] ?? ""), "utf8")));
const paths = new Set(plan.paths);
const note = (what: RecordLine) => appendFileSync(recordFile(plan.directory), `${JSON.stringify(what)}\n`);

/** Quick test files first: where one of them notices a mutant that is awake from the start, the slow ones are not needed. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => tookMs(a) - tookMs(b));
  }
}

/** How long a file took without a mutant, in milliseconds; 0 until that was seen. */
const tookMs = ({ moduleId }: TestSpecification): number => plan.tookMs[relative(root, moduleId)] ?? 0;

const vitest = await createVitest(
  "test",
  {
    config: false,
    root,
    watch: false,
    include: plan.tests,
    isolate: false,
    // It knows modules by their files, and not by what this session makes of them.
    fsModuleCache: false,
    pool: "threads",
    maxWorkers: 1,
    sequence: { sequencer: QuickestFirst },
    runner: resolve(import.meta.dirname, "mutating-runner.ts"),
    reporters: [{}],
    testTimeout: 600_000,
    expect: { poll: { timeout: 5_000 } },
  },
  {
    plugins: [
      {
        name: "mutants",
        enforce: "pre",
        transform: (text, id) => {
          const path = relative(root, id);
          return paths.has(path) ? { code: mutate(path, text).text, map: null } : undefined;
        },
      },
    ],
  },
);

/** Runs tests, with this mutant awake from the start if there is one; whether all passed. */
async function passes(active: string | undefined, tests: readonly TestSpecification[]): Promise<boolean> {
  vitest.provide("mutation", { directory: plan.directory, wanted: plan.wanted, tests: plan.tests, active });
  vitest.state.clearErrors();
  const { testModules } = await vitest.runTestSpecifications([...tests]);
  const failed = testModules.filter((module) => !module.ok()).map(({ relativeModuleId }) => relativeModuleId);
  if (active === undefined && failed.length > 0) note({ broken: failed.join(", ") });
  return failed.length === 0;
}

const specifications = await vitest.globTestSpecifications();
const quick = specifications.filter((test) => tookMs(test) < longestMs);
/** The tests by folder, the folder that has the source's name first: it knows best. */
const folders = Object.values(
  Object.groupBy(
    plan.tests.flatMap((path) => quick.filter(({ moduleId }) => relative(root, moduleId) === path)),
    ({ moduleId }) => dirname(moduleId),
  ),
);

/** Longer than these tests take on a busy machine, in milliseconds: ten times what they took before, and three minutes. */
const patienceMs = (tests: readonly TestSpecification[]): number =>
  tests.reduce((sum, test) => sum + 10 * tookMs(test), 180_000);

/**
 * Whether no tests notice a mutant that is awake from the start; the first that do end the search. The file that has the
 * source's name is asked first, and often is enough.
 */
async function survives(id: string): Promise<boolean> {
  const name = basename(id.split("#")[0] ?? "", ".ts");
  const isNamed = ({ moduleId }: TestSpecification) => basename(moduleId) === `${name}.test.ts`;
  const groups = [quick.filter(isNamed), ...folders.map((tests = []) => tests.filter((test) => !isNamed(test)))];
  for (const tests of groups.filter(({ length }) => length > 0)) {
    writeFileSync(nowFile(plan.directory), JSON.stringify({ id, until: Date.now() + patienceMs(tests) }));
    if (!(await passes(id, tests))) return false;
  }
  return true;
}

if (plan.wanted.length > 0) await passes(undefined, specifications);
// The tests are given their project's configuration, which is another object than that of all.
for (const { config } of vitest.projects) config.bail = 1;
for (const id of plan.loaded) {
  note((await survives(id)) ? { survived: id } : { killed: id, by: "the tests as a whole" });
}
await vitest.close();
// Tests that fail are what was looked for.
process.exitCode = 0;
