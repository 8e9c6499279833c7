import { execFile, spawnSync } from "node:child_process";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether cfn-lint is installed on this machine. */
export const cfnLintInstalled = spawnSync("cfn-lint", ["--version"]).status === 0;

/** The errors that cfn-lint finds in a template. */
export const cfnLintErrors = async (template: unknown): Promise<string> => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "cfn-lint-"));
  const file = join(directory.path, "template.json");
  await writeFile(file, JSON.stringify(template));
  return await new Promise<string>((resolve) => {
    const child = execFile("cfn-lint", ["--non-zero-exit-code", "error", "-t", file], (_error, stdout, stderr) =>
      resolve(child.exitCode === 0 ? "" : `${stdout}${stderr}`),
    );
  });
};
