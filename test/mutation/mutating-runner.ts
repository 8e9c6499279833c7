import { appendFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { inject, type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite, TestRunner } from "vitest";
import { longestMs, nowFile, type RecordLine, recordFile } from "./plan.ts";
import { installSwitch } from "./switch.ts";

const mutants = installSwitch();

/**
 * How long a test may work, or wait, with a mutant awake, beyond ten times what it takes without, in milliseconds. What a busy
 * machine takes away from it does not count.
 */
const graceMs = 2_000;

/** How often that is looked at, milliseconds. */
const lookMs = 100;

/** What is not over so long after twice that time keeps the whole process from going on, in milliseconds. */
const hangsMs = 60_000;

/** A test that passed, how long that took, and the mutants that it met. */
interface Passed {
  readonly name: string;
  readonly run: () => unknown;
  readonly ms: number;
  readonly met: string[];
  /** How often it asked whether one of them was awake. */
  readonly questions: number;
}

/**
 * Runs each test once as it is and notes which mutants it meets; then, when all files have been run, once more for each of them
 * that no test has killed yet, the quickest tests of all first: most mutants are dead when the slow ones begin. Everything
 * happens in one process, with every module loaded once: that is what makes thousands of mutants affordable. A test must
 * therefore be one that can be run again, also after its file's end, and without the hooks of its file: what it needs of those
 * would be missing, and its failure be taken for that of a mutant.
 */
export default class MutatingRunner extends TestRunner {
  private readonly plan = inject("mutation");
  private readonly alive = new Set(this.plan.wanted);
  private readonly passed: Passed[] = [];
  private files = 0;
  private fileBegan = 0;

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test);
    // A mutant of what is evaluated while modules load is awake from the start; there is nothing to repeat.
    if (this.plan.active !== undefined) {
      mutants.active = this.plan.active;
      mutants.patience = 50_000_000;
      return void (await run());
    }
    if (mutants.asked.size > 0) this.note({ loaded: [...mutants.asked] });
    mutants.asked.clear();
    mutants.questions = 0;
    const startedAt = performance.now();
    await run();
    const ms = performance.now() - startedAt;
    const met = [...mutants.asked];
    this.note({ met });
    this.passed.push({ name: test.name, run, ms, met, questions: mutants.questions });
    mutants.asked.clear();
  }

  override onCollectStart(file: RunnerTestFile): void {
    mutants.active = this.plan.active;
    mutants.asked.clear();
    this.fileBegan = performance.now();
    super.onCollectStart(file);
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    if ("filepath" in suite && this.plan.active === undefined) {
      this.note({ ran: suite.name, ms: performance.now() - this.fileBegan });
      if (++this.files === this.plan.tests.length) await this.repeatAll();
    }
    await super.onAfterRunSuite(suite);
  }

  private async repeatAll(): Promise<void> {
    for (const test of this.passed.filter(({ ms }) => ms < longestMs).toSorted((a, b) => a.ms - b.ms)) {
      for (const id of test.met) {
        if (!this.alive.has(id) || !(await this.notices(test, id))) continue;
        this.alive.delete(id);
        this.note({ killed: id, by: test.name });
      }
    }
  }

  /** Whether a test fails, or does not end, when a mutant is awake. */
  private async notices({ run, ms, questions }: Passed, id: string): Promise<boolean> {
    // Should this process hang or die of the mutant, whoever watches it sees here which one it was.
    writeFileSync(nowFile(this.plan.directory), JSON.stringify({ id, until: Date.now() + hangsMs + 20 * ms }));
    mutants.active = id;
    mutants.patience = 10_000 + 20 * questions;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const [loop, processor] = [performance.eventLoopUtilization(), process.cpuUsage()];
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(processor);
      const taken = Math.max(performance.eventLoopUtilization(loop).idle, (user + system) / 1000);
      if (taken > graceMs + 10 * ms) resolve(true);
    }, lookMs);
    try {
      return await Promise.race([Promise.resolve(run()).then(() => false), late]);
    } catch {
      return true;
    } finally {
      clearInterval(timer);
      mutants.active = undefined;
      mutants.asked.clear();
    }
  }

  /** Appends to the record that the watching process reads. */
  private note(what: RecordLine): void {
    appendFileSync(recordFile(this.plan.directory), `${JSON.stringify(what)}\n`);
  }
}
