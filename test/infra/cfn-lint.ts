import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installed, runProgram } from "../support/run-program.ts";

/** Whether cfn-lint is installed on this machine. */
export const cfnLintInstalled = await installed("cfn-lint");

/** The errors that cfn-lint finds in a template. */
export const cfnLintErrors = async (template: unknown): Promise<string> => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "cfn-lint-"));
  const file = join(directory.path, "template.json");
  await writeFile(file, JSON.stringify(template));
  const { code, text } = await runProgram("cfn-lint", ["--non-zero-exit-code", "error", "-t", file]);
  return code === 0 ? "" : text;
};
