import type { Reporter, TestCase, TestModule } from "vitest/node";

/** How often the files under way are named, in milliseconds. */
const everyMs = 120_000;

/** How many files are named as the slowest. */
const slowest = 10;

/**
 * Says where nobody watches, such as in CI, what the tests are doing: every two minutes and when they are ended from outside, which files and
 * tests are under way and for how long; at the end, which files took longest.
 */
export class UnderWay implements Reporter {
  readonly #began = performance.now();
  readonly #files = new Map<string, number>();
  readonly #tests = new Map<string, { readonly test: TestCase; readonly since: number }>();
  #timer: NodeJS.Timeout | undefined;

  onTestRunStart(): void {
    this.#timer = setInterval(() => this.#tell(), everyMs).unref();
    process.once("SIGTERM", this.#ended);
  }

  // Before it is loaded: a file may wait for ever at its top, where no time-out of a test holds.
  onTestModuleQueued({ relativeModuleId }: TestModule): void {
    this.#files.set(relativeModuleId, performance.now());
  }

  onTestModuleEnd({ relativeModuleId }: TestModule): void {
    this.#files.delete(relativeModuleId);
  }

  onTestCaseReady(test: TestCase): void {
    this.#tests.set(test.id, { test, since: performance.now() });
  }

  onTestCaseResult({ id }: TestCase): void {
    this.#tests.delete(id);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    clearInterval(this.#timer);
    process.off("SIGTERM", this.#ended);
    const took = modules
      .map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
      .toSorted((a, b) => b.ms - a.ms);
    if (took.length <= slowest) return;
    console.log(
      `The slowest: ${took
        .slice(0, slowest)
        .map(({ file, ms }) => `${file} ${seconds(ms)}`)
        .join(", ")}.`,
    );
  }

  readonly #ended = (): void => {
    console.log("The tests are ended from outside.");
    this.#tell();
    process.exit(143);
  };

  #tell(): void {
    const now = performance.now();
    const lines = [...this.#files].map(([file, since]) => {
      const tests = [...this.#tests.values()]
        .filter(({ test }) => test.module.relativeModuleId === file)
        .map(({ test, since: began }) => `\n    ${test.fullName} (${seconds(now - began)})`);
      return `\n  ${file} (${seconds(now - since)})${tests.join("")}`;
    });
    console.log(`After ${seconds(now - this.#began)}, under way:${lines.join("")}`);
  }
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
