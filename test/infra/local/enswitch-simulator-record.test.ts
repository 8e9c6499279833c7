import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { createCallJournal, RecordedCall } from "../../../infra/local/enswitch-simulator/call-journal.ts";
import { simulatorAccount } from "../../../infra/local/enswitch-simulator/enswitch-simulator.ts";

const source = new URL("../../../infra/local/enswitch-simulator/enswitch-simulator.ts", import.meta.url).href;
const body = (cnumber: string) =>
  `auth_username=${simulatorAccount.username}&auth_password=${simulatorAccount.password}&cnumber=${cnumber}&message=x&snumber=1`;
const post = (endpoint: string, cnumber: string) =>
  fetch(`${endpoint}/messages/text/send/`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body(cnumber),
  }).then((response) => response.text());

test("a simulator killed in the middle has recorded every message that it confirmed accepting", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "simulator-"));
  const recordFile = join(directory.path, "calls.ndjson");
  const script = `import { startEnswitchSimulator } from ${JSON.stringify(source)};
    const { endpoint } = await startEnswitchSimulator({ recordFile: ${JSON.stringify(recordFile)} });
    process.stdout.write(endpoint);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [endpoint] = await once(child.stdout, "data");
  const confirmed: string[] = [];
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let number = 0; child.exitCode === null && child.signalCode === null; number++) {
      const cnumber = `${caller}${String(number).padStart(6, "0")}`;
      const answer = await post(String(endpoint), cnumber).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.includes('"204"')) confirmed.push(cnumber);
      if (confirmed.length === 300) child.kill("SIGKILL");
    }
  });
  await Promise.all(callers);
  const lines = (await readFile(recordFile, "utf8")).trimEnd().split("\n");
  const recorded = new Set(lines.map((line) => RecordedCall.parse(JSON.parse(line)).parameters["cnumber"]));
  expect(confirmed.length).toBeGreaterThanOrEqual(300);
  expect(confirmed.filter((cnumber) => !recorded.has(cnumber))).toEqual([]);
});

test("a simulator whose record finds no more room takes no more messages, and what it took is recorded", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "simulator-"));
  const recordFile = join(directory.path, "calls.ndjson");
  const script = `import { startEnswitchSimulator } from ${JSON.stringify(source)};
    const { endpoint } = await startEnswitchSimulator({ recordFile: ${JSON.stringify(recordFile)} });
    process.stdout.write(endpoint);`;
  // As on a full disk, only without one: no file may become larger than one or two kilobytes, as the shell counts.
  const limited = ["-c", 'ulimit -f 2 && exec "$@"', "sh", process.execPath, "--input-type=module", "--eval", script];
  const child = spawn("sh", limited, { stdio: ["ignore", "pipe", "inherit"] });
  const [endpoint] = await once(child.stdout, "data");
  const answers: string[] = [];
  for (let number = 10; number < 30; number++) answers.push(await post(String(endpoint), `${number}`));
  child.kill("SIGKILL");
  const accepted = answers.filter((answer) => answer.includes('"204"'));
  expect(accepted.length).toBeGreaterThan(0);
  expect(answers.slice(accepted.length).every((answer) => answer.includes("<h1>429</h1>"))).toBe(true);
  const lines = (await readFile(recordFile, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => RecordedCall.parse(JSON.parse(line)).parameters["cnumber"])).toEqual(
    accepted.map((_, index) => `${10 + index}`),
  );
});

test("a simulator runs in a worker thread", async () => {
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
     import(${JSON.stringify(source)}).then(async ({ startEnswitchSimulator }) => {
       parentPort.postMessage((await startEnswitchSimulator()).endpoint);
     });`,
    { eval: true },
  );
  const [endpoint] = await once(worker, "message");
  expect(await post(String(endpoint), "123")).toContain('"204"');
  await worker.terminate();
});

test("two hundred thousand calls are kept in less than 100 MB and read back whole", () => {
  const journal = createCallJournal();
  const before = process.memoryUsage().arrayBuffers;
  const count = 200_000;
  for (let index = 0; index < count; index++) {
    journal.append({
      index,
      at: 1_795_000_000_000 + index,
      method: "POST",
      path: "/api/json/messages/text/send/",
      parameters: {
        auth_username: "simulator",
        cnumber: `+4420794${index}`,
        message: `Dear customer ${index}, your order is ready.`,
        stype: "",
        snumber: "2125550000",
      },
      inUrl: [],
      passwordRight: true,
      files: [],
      accepted: true,
      code: 204,
      key: "",
    });
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  const calls = journal.calls();
  expect(calls).toHaveLength(count);
  expect(calls.every((call, index) => call.index === index)).toBe(true);
});
