/**
 * Packs the package, installs it in an empty folder as a user does, and tries there what people do with it: on the Node that
 * runs this and, where npm can get it, on the oldest that the package names. Prints one line a check and ends with the count.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtempDisposable, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What an installation may take, with all that it depends on. */
const limits = { megabytes: 60, packages: 40 } as const;

/** Longer than anything here takes on a busy machine, milliseconds. */
const longestMs = 300_000;

const project = fileURLToPath(new URL("../../", import.meta.url));
await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-package-"));
const installed = join(directory.path, "installed");
const list = join(installed, "list.csv");
let failed = 0;

const check = (what: string, holds: boolean, detail = "") => {
  if (!holds) failed++;
  console.log(`${holds ? "ok  " : "FAIL"} ${what}${holds ? "" : `  ${detail}`}`);
};

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end. `node` is the directory of the Node to use. */
async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  node = dirname(process.execPath),
): Promise<Ended> {
  const child = start(program, args, cwd, node);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code]: (number | null)[] = await once(child, "close");
  return { code: code ?? null, output };
}

/** In the user's own environment: npm gives the scripts that it runs many variables, which change what it does itself. */
function start(program: string, args: readonly string[], cwd: string, node: string) {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/u.test(name));
  const env = { ...Object.fromEntries(own), PATH: `${node}:${process.env["PATH"] ?? ""}` };
  return spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: longestMs });
}

async function megabytesUnder(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
}

const manifestBefore = await readFile(join(project, "package.json"), "utf8");
const packed = await run("npm", ["pack", "--pack-destination", directory.path], project);
check("npm pack makes the package", packed.code === 0, packed.output);
const manifestAfter = await readFile(join(project, "package.json"), "utf8");
check("and leaves the project's manifest as it was", manifestAfter === manifestBefore);
const [tarball = "none"] = (await readdir(directory.path)).filter((name) => name.endsWith(".tgz"));

await mkdir(installed);
const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", join(directory.path, tarball)];
const installation = await run("npm", install, installed);
check("npm installs it in an empty folder, without scripts", installation.code === 0, installation.output);
const megabytes = await megabytesUnder(join(installed, "node_modules"));
const names = await readdir(join(installed, "node_modules"), { recursive: true });
const packages = names.filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/u.test(name)).length;
check(`which takes ${megabytes.toFixed(0)} MB, of ${limits.megabytes} at most`, megabytes <= limits.megabytes);
check(`and ${packages} packages, of ${limits.packages} at most`, packages <= limits.packages);

await writeFile(list, "cnumber,name\n+442079460001,Ann\n+442079460002,Bob\n12,Eve\n");
await writeFile(join(installed, "list.json"), JSON.stringify({ message: "Hello {{name}}" }));
await writeFile(join(installed, "bulk-send.json"), JSON.stringify({ snumber: "01632960123" }));

async function tryOn(node: string): Promise<void> {
  const bulkSend = (...args: string[]) => run("npx", ["--no", "bulk-send", ...args], installed, node);
  const { output: version } = await run(join(node, "node"), ["--version"], installed, node);
  const on = `on Node ${version.trim().slice(1)}`;
  const data = join(directory.path, `data-${on.replaceAll(" ", "-")}`);

  const help = await bulkSend("--help");
  check(`${on}: --help`, help.code === 0 && help.output.includes("run"), help.output);
  const judged = await bulkSend("check", "list.csv");
  check(`${on}: check counts the rows`, judged.output.includes("2 would be sent, 1 invalid"), judged.output);
  check(`${on}: with the settings of bulk-send.json`, judged.output.includes("from 01632960123"), judged.output);
  const out = join(directory.path, `reports-${on.replaceAll(" ", "-")}`);
  const ran = await bulkSend("run", "list.csv", "--data", data, "--out", out, "--yes");
  check(`${on}: run sends them`, ran.code === 0, ran.output);
  check(`${on}: and nothing else is said`, !/warning|denied|failed for/iu.test(ran.output), ran.output);
  const report = await readFile(join(out, "report.csv"), "utf8").catch(() => "no report");
  check(`${on}: the report says so`, report.match(/submitted/gu)?.length === 2, report);

  // Not by npx, which does not pass a signal on.
  const served = join(directory.path, `served-${on.replaceAll(" ", "-")}`);
  const server = start(join(installed, "node_modules/.bin/bulk-send"), ["serve", "--data", served], installed, node);
  const lines = createInterface({ input: server.stdout });
  await Promise.race([once(lines, "line"), once(server, "close")]);
  const uploaded = await bulkSend("upload", "list.csv", "--data", served);
  check(`${on}: upload finds what serve runs`, uploaded.code === 0, uploaded.output);
  const opened = await bulkSend("console", "--data", served, "--no-open", "--json");
  const page = /"console":"([^"#]+)/u.exec(opened.output)?.[1];
  const shown = page === undefined ? undefined : await fetch(page);
  check(`${on}: console leads to its page, which is there`, shown?.ok === true, opened.output);
  server.kill("SIGINT");
  const [code] = await once(server, "close");
  check(`${on}: serve ends when it is asked to`, code === 130 || code === 0, String(code));
}

await tryOn(dirname(process.execPath));
const oldest = join(directory.path, "oldest");
await mkdir(oldest);
const got = await run("npm", ["install", "--no-audit", "--no-fund", "node@22"], oldest);
check("npm gets Node 22", got.code === 0, got.output);
await tryOn(join(oldest, "node_modules", "node", "bin"));

console.log(failed === 0 ? "The package works." : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
