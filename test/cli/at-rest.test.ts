import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { suppress } from "../../cli/commands/suppress.ts";
import { startLocalCloud } from "../../cli/local-cloud.ts";
import { openStackHere } from "../../cli/put-in-order.ts";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { isStopped } from "../../shared/reconcile/restart.ts";
import { until } from "../support/until.ts";
import { screen } from "./screen.ts";
import { list, workplace } from "./workplace.ts";

test("campaigns at rest can be seen and controlled, and the next run respects that", async () => {
  await using place = await workplace();
  await place.write("spring.csv", list(200));
  await using first = place.start(["run", "spring.csv", "--rate", "20"]);
  await expect.poll(async () => (await place.simulatedCalls()).length).toBeGreaterThan(0);
  first.child.kill("SIGINT");
  await until("it says that it has stopped", () => first.err().includes("Stopped; "));
  // Whoever reads that may press Ctrl-C again, which ends everything at once.
  expect(existsSync(join(place.path, ".bulk-send-simulator/cloud.json"))).toBe(false);
  expect(await first.finished).toMatchObject({ code: 130 });
  const sent = (await place.simulatedCalls()).length;

  const status = await place.bulkSend(["status", "spring", "--local"]);
  expect(status).toMatchObject({ code: 0 });
  expect(status.out).toContain(`${sent} submitted, ${200 - sent} to go`);
  expect(status.err).toContain("Nothing is running on this directory");

  expect(await place.bulkSend(["pause", "spring", "--local"])).toMatchObject({ code: 0 });
  const paused = await place.bulkSend(["run", "spring.csv", "--rate", "50"]);
  expect(paused).toMatchObject({ code: 3 });
  expect(paused.out.trimEnd().split("\n").at(-1)).toMatch(/^Paused by /);
  const asJson = await place.bulkSend(["run", "spring.csv", "--rate", "50", "--json"]);
  expect(asJson).toMatchObject({ code: 3 });
  expect(JSON.parse(asJson.out)).toMatchObject({ name: "spring", state: "paused", counts: { submitted: sent } });
  const changed = await place.bulkSend(["upload", "spring.csv", "--local", "--from", "101", "--json"]);
  expect(changed).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^--from differs from the options that spring was planned with; that has no effect/mu),
  });
  expect(JSON.parse(changed.out)).toEqual({ name: "spring", uploaded: false });
  const statusAsJson = await place.bulkSend(["status", "spring", "--local", "--json"]);
  expect(statusAsJson).toMatchObject({ code: 3 });
  expect(JSON.parse(statusAsJson.out)).toMatchObject({ state: "paused" });
  expect(await place.simulatedCalls()).toHaveLength(sent);

  expect(await place.bulkSend(["rate", "300", "--local"])).toMatchObject({ code: 1 });
  expect(await place.bulkSend(["cancel", "nothing", "--local"])).toMatchObject({ code: 1, out: "" });
  const add = (...numbers: readonly string[]) => place.bulkSend(["suppress", "add", ...numbers, "--local"]);
  expect(await add("+44 7700 900199")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 number added to [^;]*; rows/u),
  });
  expect((await add("+44 7700 900199")).out).toMatch(
    /^\+44 7700 900199 is on suppression\/numbers\.csv already; rows/u,
  );
  expect((await place.bulkSend(["suppress", "list", "--local"])).out).toBe("+447700900199\n");
  const remove = ["suppress", "remove", "+44 7700 900199", "+447700900198", "--local"];
  const here = { data: join(place.path, ".bulk-send-simulator"), stack: "BulkSend", json: true };
  const asked: string[] = [];
  const { terminal, text } = screen();
  await suppress("remove", ["+44 7700 900199"], here, terminal, async (question) => !asked.push(question));
  expect(asked).toEqual(["Let campaigns text this number again?"]);
  expect(text()).toMatch(/\+447700900199\nOff the list, this number /u);
  expect(JSON.parse(text().split("\n").at(-1) ?? "")).toEqual({ what: "remove", numbers: [] });
  expect((await place.bulkSend(["suppress", "list", "--local"])).out).toBe("+447700900199\n");
  // Where nobody can be asked, the command is the answer.
  const removed = JSON.parse((await place.bulkSend([...remove, "--json"])).out);
  expect(removed).toEqual({ what: "remove", numbers: ["+447700900199"] });
  // Where none of the numbers is on the list, nobody is texted again.
  expect(await place.bulkSend(remove)).toMatchObject({ code: 0, out: expect.stringMatching(/^0 entries removed/u) });
  const added = await place.bulkSend(["suppress", "add", "+447700900197", "--local", "--json"]);
  expect(JSON.parse(added.out)).toEqual({ what: "add", numbers: ["+447700900197"] });
  const sure = { ...here, yes: true };
  await suppress("add", ["+447700900196"], here, terminal);
  await suppress("remove", ["+447700900196"], sure, terminal, async (question) => !asked.push(question));
  expect(JSON.parse(text().split("\n").at(-1) ?? "")).toEqual({ what: "remove", numbers: ["+447700900196"] });
  expect(asked).toHaveLength(1);
  const nobody = { code: 0, out: "", err: expect.stringMatching(/^Nobody has opted out[^\n]*\n$/u) };
  expect(await place.bulkSend(["opt-outs", "--local"])).toMatchObject(nobody);
  const noReply = { code: 0, out: "", err: "No reply waits for a person.\n" };
  expect(await place.bulkSend(["opt-outs", "--unclear", "--local"])).toMatchObject(noReply);
  const resumed = await place.bulkSend(["resume", "spring", "--local"]);
  expect(resumed).toMatchObject({
    code: 0,
    out: "spring goes on. Nothing is running on this directory; that happens while this runs: npx bulk-send serve --data .bulk-send-simulator\n",
  });
  expect(await place.bulkSend(["doctor", "--local"])).toMatchObject({ code: 0 });

  const finished = await place.bulkSend(["run", "spring.csv", "--rate", "50"]);
  expect(finished).toMatchObject({ code: 0 });
  expect(finished.out).toContain("199 submitted, 1 skipped");
  const calls = await place.simulatedCalls();
  expect(new Set(calls.map((call) => call.parameters["cnumber"])).size).toBe(199);
  expect(calls).toHaveLength(199);
});

test("an upload at rest is sent by the next run or serve, and credentials are stored as they are given", async () => {
  await using place = await workplace();
  await place.write("spring.csv", list(3));
  await place.write("autumn.csv", list(2).replaceAll("4477009", "4477008"));
  expect(await place.bulkSend(["run", "spring.csv", "--rate", "50"])).toMatchObject({ code: 0 });
  await place.write("bad.csv", "phone,sender\n+447700900001,100\n");
  const bad = await place.bulkSend(["upload", "bad.csv", "--local"]);
  expect(bad).toMatchObject({ code: 2, out: "" });
  expect(bad.err).toMatch(/^There is no text[^\n]*npx bulk-send check bad\.csv --message[^\n]*\n$/);
  await place.write("bad.csv", "phone,message,sender\nabc,Hello,100\n");
  const nothing = await place.bulkSend(["upload", "bad.csv", "--local"]);
  expect(nothing).toMatchObject({ code: 2, out: "" });
  expect(nothing.err).toMatch(
    /\n {2}1 invalid: [\s\S]*\nNothing was uploaded: every row of bad\.csv is invalid or skipped\.\n$/u,
  );
  const uploaded = await place.bulkSend(["upload", "autumn.csv", "--local"]);
  expect(uploaded.err).toMatch(/^autumn: 2 rows: 2 would be sent[\s\S]*\nLine 2, to [^\n]*\n {2}Hello 0\n/u);
  expect(uploaded.out).toContain("campaigns/autumn.csv");
  expect(uploaded.out).toContain("bulk-send serve");
  for (const how of [[], ["--watch"]]) {
    const waiting = await place.bulkSend(["status", "autumn", "--local", ...how]);
    expect(waiting).toMatchObject({ code: 1, out: "" });
    expect(waiting.err).toMatch(/^autumn is uploaded and has not been judged yet\. To send it: npx bulk-send serve /mu);
  }
  // A password may begin and end with a blank.
  const stored = await place.bulkSend(["credentials", "--local"], {}, "ann\n secret-word \r\n");
  expect(stored).toMatchObject({ code: 0 });
  expect(`${stored.out}${stored.err}`).not.toContain("secret-word");
  expect(await place.read(".bulk-send-simulator/secrets.json")).toMatch(/[^ ] secret-word [^ ]/u);

  await using served = place.start(["serve", "--rate", "50"]);
  await expect.poll(() => served.err()).toContain("autumn is complete");
  const tested = await place.bulkSend(["test", "+447700900999", "spring.csv", "--yes", "--local"]);
  expect(tested).toMatchObject({ code: 0 });
  expect((await place.simulatedCalls()).at(-1)?.parameters).toMatchObject({
    cnumber: "+447700900999",
    message: "Hello 0",
  });
});

test("what is being stopped begins nothing more: senders find the account paused, which the next start undoes", async () => {
  await using place = await workplace();
  const dataDir = join(place.path, "data");
  const begin = () => startLocalCloud({ dataDir, endpoint: undefined, rate: 50, onLog: () => {} });
  await (await begin())[Symbol.asyncDispose]();
  {
    // Only the services, without what a start puts in order.
    const stack = preparedStack({ endpoint: "http://127.0.0.1:9", sendsPerSecond: 50 });
    await using services = await startEmbeddedCloud({ dataDir, stack, functions: false });
    using opened = openStackHere(services);
    expect(isStopped(await opened.account.read())).toBe(true);
  }
  await using cloud = await begin();
  expect(isStopped(await cloud.stack.account.read())).toBe(false);
});
