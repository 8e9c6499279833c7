import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempDisposableSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Mutant } from "./mutants.ts";
import { Now, nowFile, type Plan, planFile, RecordLine, recordFile } from "./plan.ts";
import { NothingToTry, type Selection } from "./selection.ts";

/** What became of mutants, by their ids. */
export interface Trial {
  /** Those that a test noticed. */
  readonly killed: ReadonlySet<string>;
  /** Those that a test came by, whether or not it noticed. */
  readonly met: ReadonlySet<string>;
}

/**
 * Wakes one mutant after the other while the tests run. `afresh`: those that no test noticed are tried once more with all modules
 * loaded again. Throws `NothingToTry` where the tests fail without a mutant, or meet none.
 */
export async function tryMutants(
  { paths, tests }: Selection,
  mutants: readonly Mutant[],
  afresh: boolean,
): Promise<Trial> {
  using directory = mkdtempDisposableSync(join(tmpdir(), "bulk-send-mutation-"));
  const killed = new Set<string>();
  const survived = new Set<string>();
  const met = new Set<string>();
  const loaded = new Set<string>();
  const tookMs: Record<string, number> = {};

  const readNow = () => {
    if (!existsSync(nowFile(directory.path))) return undefined;
    const text = readFileSync(nowFile(directory.path), "utf8");
    return text === "" ? undefined : Now.parse(JSON.parse(text));
  };

  const take = (text: string): void => {
    const line = RecordLine.parse(JSON.parse(text));
    if ("killed" in line) killed.add(line.killed);
    else if ("survived" in line) survived.add(line.survived);
    else if ("met" in line) for (const id of line.met) met.add(id);
    else if ("ran" in line) tookMs[line.ran] = line.ms;
    else if ("loaded" in line) for (const id of line.loaded) loaded.add(id);
    else throw new NothingToTry(`These tests fail without a mutant: ${line.broken}. Run them, and fix that first.`);
  };

  /** Runs a session to its end, however often it has to be begun again because a mutant hangs or kills it. */
  const carryOut = async (wanted: readonly string[], atLoad: readonly string[]): Promise<void> => {
    if (wanted.length + atLoad.length === 0) return;
    const open = (ids: readonly string[]) => ids.filter((id) => !killed.has(id) && !survived.has(id));
    for (let go = true; go; ) {
      const plan: Plan = {
        directory: directory.path,
        paths: [...paths],
        tests: [...tests],
        wanted: open(wanted),
        loaded: open(atLoad),
        tookMs,
      };
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
      if (code !== 0 && culprit === undefined) throw new NothingToTry("The tests could not be run; see above why.");
      if (go && culprit !== undefined) {
        killed.add(culprit.id);
        console.error(
          `${culprit.id} hung or ended the process; the tests are begun again with the mutants that are left.`,
        );
      }
      writeFileSync(nowFile(directory.path), "");
    }
  };

  const idsOf = (wanted: (id: string) => boolean) => mutants.map(({ id }) => id).filter(wanted);
  await carryOut(
    idsOf(() => true),
    [],
  );
  if (met.size + loaded.size === 0) throw new NothingToTry(`No mutant is met by these tests: ${tests.join(", ")}.`);
  await carryOut(
    [],
    idsOf((id) => loaded.has(id) && !met.has(id)),
  );
  // What a module keeps from the first time, such as a table that it has made, hides a mistake in how it was made.
  const missed = idsOf((id) => met.has(id) && !killed.has(id));
  if (afresh) await carryOut([], missed);
  return { killed, met: met.union(loaded) };
}
