/**
 * Does the README's main job as a user does, and holds the report against what the simulated Enswitch noted. Prints one
 * line a check and ends with the count. The command is the project's, or the one that is given: `node main-job.ts npx bulk-send`.
 */
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { copyFile, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "csv-parse/sync";
import { RecordedCall } from "../../infra/local/enswitch-simulator/call-journal.ts";

const [program = "npm", ...words] =
  process.argv.length > 2 ? process.argv.slice(2) : ["npm", "start", "--silent", "--"];
const example = "examples/spring-sale.csv";
await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-"));
const data = join(directory.path, "data");
const out = join(directory.path, "report");
let passed = 0;
let failed = 0;

const check = (what: string, holds: boolean, detail = "") => {
  if (holds) passed++;
  else failed++;
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds ? "" : `  ${detail}`}`);
};

const run = (csv: string): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const args = [...words, "run", csv, "--data", data, "--out", out];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });

async function accepted(): Promise<Map<string, number>> {
  const byMessage = new Map<string, number>();
  const lines = createInterface({ input: createReadStream(join(data, "simulator", "calls.ndjson")) });
  for await (const line of lines) {
    const call = RecordedCall.parse(JSON.parse(line));
    if (!call.accepted) continue;
    const key = JSON.stringify([call.parameters["cnumber"], call.parameters["message"]]);
    byMessage.set(key, (byMessage.get(key) ?? 0) + 1);
  }
  return byMessage;
}

const records = (text: string): string[][] =>
  parse(text, { bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });

const first = await run(example);
console.log(first.output.trimEnd());
check("the main job exits 0", first.code === 0, `it exited ${first.code}`);

const input = records(await readFile(example, "utf8"));
const report = records(await readFile(join(out, "report.csv"), "utf8"));
const [header = [], ...rows] = report;
const column = (name: string) => header.indexOf(name);
check(
  "the report has a line for each of the thousand rows",
  rows.length === 1000 && input.length === 1001,
  `${rows.length} lines`,
);
const width = input[0]?.length ?? 0;
const neutral = (cell: string | undefined) => (cell ?? "").replace(/^'/u, "");
const inOrder = rows.every((row, index) =>
  row.slice(0, width).every((cell, at) => neutral(cell) === neutral(input[index + 1]?.[at])),
);
check("its lines are the file's, in order", inOrder);

const summary = JSON.parse(await readFile(join(out, "summary.json"), "utf8"));
const counts = new Map<string, number>();
for (const row of rows)
  counts.set(row[column("send_status")] ?? "", (counts.get(row[column("send_status")] ?? "") ?? 0) + 1);
const total = Object.values<number>(summary.counts).reduce((sum, count) => sum + count, 0);
check("the statuses add up to the rows read", total === 1000 && summary.rows === 1000, JSON.stringify(summary.counts));
check(
  "the summary counts what the report says",
  Object.entries(summary.counts).every(([status, count]) => (counts.get(status) ?? 0) === count),
);
check(
  "the bad rows are explained",
  rows.every((row) => row[column("send_status")] === "submitted" || row[column("send_detail")] !== ""),
);

const calls = await accepted();
const acceptedCalls = [...calls.values()].reduce((sum, count) => sum + count, 0);
check(
  "Enswitch accepted exactly the submitted rows",
  acceptedCalls === (counts.get("submitted") ?? 0),
  `${acceptedCalls} calls`,
);
check(
  "Enswitch accepted nothing twice",
  [...calls.values()].every((count) => count === 1),
);

const second = await run(example);
check("the same command again exits 0", second.code === 0, second.output);
check("and says that the campaign is complete", /complete/iu.test(second.output), second.output);
const after = [...(await accepted()).values()].reduce((sum, count) => sum + count, 0);
check("and sends nothing", after === acceptedCalls, `${after} calls`);

const changed = join(directory.path, "spring-sale.csv");
const text = await readFile(example, "utf8");
const cell = input[1]?.[1] ?? "";
await writeFile(changed, text.replace(cell, `${cell}x`));
await copyFile("examples/spring-sale.json", join(directory.path, "spring-sale.json"));
const third = await run(changed);
check(
  "the file changed by one cell under the same name exits 2",
  third.code === 2,
  `it exited ${third.code}: ${third.output}`,
);
const last = [...(await accepted()).values()].reduce((sum, count) => sum + count, 0);
check("and sends nothing", last === acceptedCalls, `${last} calls`);

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
