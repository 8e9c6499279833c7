/**
 * Packs the package, installs it in an empty folder as a user does, and tries there what people do with it: on the Node that
 * runs this and, where npm can get it, on the oldest that the package names. Prints one line a check and ends with the count.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtempDisposable, readdir, readFile, stat, writeFile } from "node:fs/promises";
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
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = start(program, args, cwd, node, more);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code]: (number | null)[] = await once(child, "close");
  return { code: code ?? null, output };
}

/** In the user's own environment: npm gives the scripts that it runs many variables, which change what it does itself. */
function start(
  program: string,
  args: readonly string[],
  cwd: string,
  node: string,
  more: Readonly<Record<string, string>> = {},
) {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/u.test(name));
  const env = { ...Object.fromEntries(own), PATH: `${node}:${process.env["PATH"] ?? ""}`, ...more };
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
await writeFile(join(installed, "package.json"), JSON.stringify({ private: true, type: "module" }));
const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", join(directory.path, tarball)];
const installation = await run("npm", install, installed);
check("npm installs it in an empty folder, without scripts", installation.code === 0, installation.output);
const megabytes = await megabytesUnder(join(installed, "node_modules"));
const names = await readdir(join(installed, "node_modules"), { recursive: true });
const packages = names.filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/u.test(name)).length;
check("with nothing of the project in it", !names.some((name) => name.endsWith(".of-the-project")));
const notices = ["", "deployed/functions/sender/", "deployed/page/"].map(
  (folder) => `${folder}THIRD-PARTY-NOTICES.txt`,
);
const bills = ["bulk-send", "deployed/functions/sender/index", "deployed/page/page"].map((bill) => `${bill}.cdx.json`);
const inDist = (file: string) => names.includes(join("bulk-send", "dist", file));
check("that says which packages are in it, and on which terms", [...notices, ...bills].every(inDist));
check(`which takes ${megabytes.toFixed(0)} MB, of ${limits.megabytes} at most`, megabytes <= limits.megabytes);
check(`and ${packages} packages, of ${limits.packages} at most`, packages <= limits.packages);

await writeFile(list, "cnumber,name\n+442079460001,Ann\n+442079460002,Bob\n12,Eve\n");
await writeFile(join(installed, "list.json"), JSON.stringify({ message: "Hello {{name}}" }));
await writeFile(join(installed, "bulk-send.json"), JSON.stringify({ snumber: "01632960123" }));
for (const example of ["check-a-list.ts", "send-and-wait.ts", "cdk-app.ts"]) {
  await copyFile(join(project, "examples", example), join(installed, example));
}
await writeFile(
  join(installed, "program.ts"),
  `import { check, connect, Failure, type GivenOptions, Refused, type Summary } from "bulk-send";
  const options: GivenOptions = { message: "Hi", window: { from: "09:00", to: "20:00", timezone: "recipient", days: ["mon"] } };
  const shown = ({ state, counts, problems }: Summary) => [state, counts.submitted, problems[0]?.lines?.[0]];
  const judged = await check({ fileName: "a.csv", content: new Uint8Array() }, { options, settings: { countries: ["GB"] } });
  console.log(judged.state === "refused" ? judged.reason : shown(judged));
  declare const given: { readonly region: string | undefined; readonly name: string | undefined };
  const bulkSend = await connect({ stack: "BulkSend", region: given.region });
  const { version } = await bulkSend.upload("a.csv", { name: given.name, signal: undefined });
  const status = await bulkSend.status("a", { version });
  if (status.state === "complete") console.log(status.cost?.submitted?.amount);
  // @ts-expect-error An option that there is not.
  await bulkSend.upload("a.csv", { options: { mesage: "Hi" } }).catch((error) => error instanceof Refused || error instanceof Failure);
  await bulkSend.close();
  export {};`,
);
await writeFile(
  join(installed, "program.cts"),
  `import bulkSend = require("bulk-send");
  const judged = async () => bulkSend.check("a.csv") === (await import("bulk-send")).check("a.csv");`,
);

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
  await tryLibrary(on, node, served);
  const page = /"console":"([^"#]+)/u.exec(opened.output)?.[1];
  const shown = page === undefined ? undefined : await fetch(page);
  check(`${on}: console leads to its page, which is there`, shown?.ok === true, opened.output);
  server.kill("SIGINT");
  const [code] = await once(server, "close");
  check(`${on}: serve ends when it is asked to`, code === 130 || code === 0, String(code));
}

/** Runs the examples that programs start from; those that are written in TypeScript, where Node reads it. */
async function tryLibrary(on: string, node: string, served: string): Promise<void> {
  const program = `import { check, connect, Refused } from "bulk-send";
    const judged = await check("list.csv", { settings: { snumber: "01632960123" } });
    const refused = await check("list.csv", { options: { mesage: "Hi" } }).catch((error) => error instanceof Refused);
    const bulkSend = await connect({ data: ${JSON.stringify(served)} });
    const { kind } = await bulkSend.wait("list");
    console.log(judged.state, judged.remaining, refused, kind);
    await bulkSend.close();`;
  const library = await run(join(node, "node"), ["--input-type=module", "-e", program], installed, node);
  check(
    `${on}: programs check, and wait for what was uploaded`,
    library.output === "checked 2 true complete\n",
    library.output,
  );
  const uncaught = `import { check } from "bulk-send"; await check("missing.csv");`;
  const thrown = await run(join(node, "node"), ["--input-type=module", "-e", uncaught], installed, node);
  const shown = thrown.output.includes("Refused: There is no file missing.csv.") && thrown.output.length < 2_000;
  check(
    `${on}: an error that nobody catches is a few lines`,
    shown && thrown.code === 1,
    thrown.output.slice(0, 2_000),
  );
  const required = `const { check } = require("bulk-send"); import("bulk-send").then((all) => console.log(all.check === check));`;
  const inCommonJs = await run(join(node, "node"), ["--input-type=commonjs", "-e", required], installed, node);
  check(`${on}: CommonJS programs require it`, inCommonJs.output === "true\n", inCommonJs.output);
  if (node !== dirname(process.execPath)) return;
  const checked = await run(join(node, "node"), ["check-a-list.ts", "list.csv"], installed, node);
  check(`${on}: the example that checks`, checked.output.includes("2 of 3 rows would be sent"), checked.output);
  const sent = await run(join(node, "node"), ["send-and-wait.ts"], installed, node, { BULK_SEND_DATA: served });
  check(`${on}: the example that sends`, sent.output.includes("2 submitted, 1 invalid, 0 unknown"), sent.output);
}

/**
 * Compiles files as somebody's own project does who lets nothing pass, the declarations of packages included, and finds modules in
 * one of the ways that there are.
 */
async function compiles(
  what: string,
  files: readonly string[],
  { types, ...more }: { readonly types: readonly string[]; readonly [option: string]: unknown },
): Promise<void> {
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    module: "nodenext",
    target: "es2022",
    types,
    ...more,
  };
  await writeFile(join(installed, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const compiler = join(project, "node_modules", "typescript", "bin", "tsc");
  const compiled = await run(process.execPath, [compiler, "-p", "tsconfig.json"], installed);
  check(what, compiled.code === 0, compiled.output);
}

await compiles("a program of somebody's own compiles, with nothing else installed", ["program.ts"], { types: [] });
await tryOn(dirname(process.execPath));
const oldest = join(directory.path, "oldest");
await mkdir(oldest);
const got = await run("npm", ["install", "--no-audit", "--no-fund", "node@22"], oldest);
check("npm gets Node 22", got.code === 0, got.output);
await tryOn(join(oldest, "node_modules", "node", "bin"));

await tryDeploying();

/** Installs what `deploy` asks for, and compares what it would deploy with what the project itself would. */
async function tryDeploying(): Promise<void> {
  const offline = {
    ...{ AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_EC2_METADATA_DISABLED: "true", AWS_REGION: "eu-west-2" },
    ...{ AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none", CDK_DISABLE_CLI_TELEMETRY: "true" },
  };
  const node = dirname(process.execPath);
  const settings = [
    "endpoint=https://pbx.example.com/api/json",
    "console=true",
    "country=GB",
    "optOut=true",
    "snumber=1",
  ];
  const context = settings.flatMap((setting) => ["-c", setting]);
  const bulkSend = (...args: string[]) => run("npx", ["--no", "bulk-send", ...args], installed, node, offline);
  const missing = await bulkSend("deploy", ...context);
  const asked = [...missing.output.matchAll(/"([^"]+)@\^([\d.]+)"/gu)].map(([, name, version]) => `${name}@${version}`);
  check("deploy names what it needs and does not find", missing.code === 1 && asked.length === 3, missing.output);
  const cdk = await run("npm", ["install", "--no-audit", "--no-fund", ...asked, "@types/node@24"], installed);
  check("which npm installs beside the package", cdk.code === 0, cdk.output);
  const [ours, theirs] = [join(directory.path, "ours"), join(directory.path, "theirs")];
  // There is no AWS here to compare with; by then it has been synthesised.
  const { output } = await bulkSend("diff", ...context, "-o", theirs);
  await run("npx", ["--no", "cdk", "synth", "--quiet", "--no-notices", ...context, "-o", ours], project, node, offline);
  const template = (folder: string) => readFile(join(folder, "BulkSend.template.json"), "utf8").catch(() => folder);
  check("the package would deploy what the project would", (await template(ours)) === (await template(theirs)), output);
  const app = await run(join(node, "node"), ["cdk-app.ts"], installed, node, {
    CDK_OUTDIR: join(directory.path, "app"),
  });
  const own = await readFile(join(directory.path, "app", "Texts.template.json"), "utf8").catch(() => "");
  check("the example of a CDK app is synthesised", own.includes("OurNotices") && own.includes("Ledger"), app.output);
  const types = ["node"];
  const exact = { types, exactOptionalPropertyTypes: true };
  const programs = ["program.ts", "check-a-list.ts", "send-and-wait.ts"];
  for (const how of [{ module: "nodenext" }, { module: "node16" }, { module: "esnext", moduleResolution: "bundler" }]) {
    const named = how.moduleResolution ?? how.module;
    await compiles(`programs that tell absent from undefined compile (${named})`, programs, { ...exact, ...how });
  }
  // The CDK's own types do not tell them apart.
  await compiles("the example of a CDK app compiles", ["cdk-app.ts"], { types });
  await compiles("a CommonJS program compiles", ["program.cts"], { types });
}

console.log(failed === 0 ? "The package works." : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
