/** Measures everything, prints one table, and writes it to docs/benchmarks.md. `--quick` only shows that everything works. */
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { all } from "./all.ts";
import type { Finding } from "./benchmark.ts";
import { machine } from "./machine.ts";
import { profileVariable } from "./own-process.ts";
import { documentOf, tableOf } from "./table.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean", default: false }, profile: { type: "string" } },
});
const unknown = positionals.filter((name) => !all.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark called ${unknown.join(", ")}. There are ${all.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}
const { quick } = values;
if (values.profile !== undefined) {
  await mkdir(values.profile, { recursive: true });
  process.env[profileVariable] = values.profile;
}

const began = performance.now();
const findings: Finding[] = [];
const notes: string[] = [];
for (const benchmark of all) {
  if (positionals.length > 0 ? !positionals.includes(benchmark.name) : quick && benchmark.long === true) continue;
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-bench-"));
  const since = performance.now();
  const progress = (what: string) => console.error(`${benchmark.name}: ${what}`);
  const found = await benchmark.run({ directory: directory.path, quick, progress });
  findings.push(...found.findings);
  notes.push(...(found.notes ?? []));
  progress(`done in ${Math.round((performance.now() - since) / 1000)} s`);
}

// Quick figures are not compared with any aim: the sizes are too small to mean anything.
console.log(tableOf(quick ? findings.map((finding) => ({ ...finding, met: undefined })) : findings));
for (const note of notes) console.log(`- ${note}`);
console.log(`${findings.length} figures in ${Math.round((performance.now() - began) / 1000)} s on ${machine()}.`);
if (quick) console.log("Quick sizes: these figures show that the benchmarks work, not how fast anything is.");
else if (positionals.length === 0) await writeFile("docs/benchmarks.md", documentOf(findings, notes, machine()));
