import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../infra/local/enswitch-simulator/fault.ts";
import { until } from "../support/until.ts";
import { bulkSend } from "./bulk-send-process.ts";
import { startForeignServer } from "./foreign-server.ts";
import { writeTellingList } from "./telling-list.ts";

const lastLine = (output: string) => output.trimEnd().split("\n").at(-1) ?? "";

/** The most instants in any second that begins with one of them. `instants` are in ascending order. */
function mostInASecond(instants: readonly number[]): number {
  let from = 0;
  let most = 0;
  for (const [index, at] of instants.entries()) {
    while (at - (instants[from] ?? at) >= 1000) from++;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

test.concurrent("a foreign server gets forms by POST, at most 21 in any second at 20 a second", async () => {
  await using server = await startForeignServer();
  const list = await writeTellingList(server.directory, "foreign", 300);
  await using run = server.run(list, 20);
  expect((await run.exited).code, run.output()).toBe(0);
  const { problems, unknown, sentAt } = await server.compare(list);
  expect(problems).toEqual([]);
  expect(unknown).toEqual([]);
  const calls = server.simulator.calls();
  expect(new Set(calls.map(({ method, path }) => `${method} ${path}`))).toEqual(
    new Set(["POST /local/api/json/messages/text/send/"]),
  );
  expect(calls.flatMap(({ inUrl }) => inUrl)).toEqual([]);
  expect(calls.every(({ passwordRight }) => passwordRight)).toBe(true);
  const arrived = calls.map(({ at }) => at).toSorted((a, b) => a - b);
  const seconds = ((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)) / 1000;
  console.log(
    `${((sentAt.length - 1) / seconds).toFixed(2)} a second; at most ${mostInASecond(sentAt)} went out in a second, at most ${mostInASecond(arrived)} arrived.`,
  );
  expect(mostInASecond(sentAt)).toBeLessThanOrEqual(21);
});

test.concurrent("a wrong password costs two calls at most and pauses; the same command with the right one completes", async () => {
  await using server = await startForeignServer();
  const list = await writeTellingList(server.directory, "password", 60);
  {
    await using run = server.run(list, 20, { ENSWITCH_PASSWORD: "wrong" });
    expect((await run.exited).code, run.output()).toBe(3);
    expect(server.simulator.count()).toBeLessThanOrEqual(2);
    expect(lastLine(run.output())).toMatch(/^[^.]*\(code 401\)\. .*\.$/u);
    expect(run.output()).not.toContain("wrong");
  }
  {
    await using run = server.run(list, 20, { ENSWITCH_PASSWORD: "wrong" });
    expect((await run.exited).code, run.output()).toBe(3);
    expect(server.simulator.count()).toBeLessThanOrEqual(2);
  }
  {
    await using run = server.run(list, 20);
    expect((await run.exited).code, run.output()).toBe(0);
    expect(lastLine(run.output())).toContain("report.html");
  }
  // What was really sent does not go on with the simulator.
  const pretending = await bulkSend(["run", list.csv, "--data", server.data]);
  expect(pretending.code, pretending.output).toBe(2);
  expect(pretending.output).toContain("--data");
  const { problems, unknown } = await server.compare(list);
  expect(problems).toEqual([]);
  expect(unknown).toEqual([]);
});

const notFound: Fault = { kind: "html", status: 404, accept: false };

interface Moment {
  readonly when: string;
  /** After how many calls. */
  readonly after: number;
  readonly rate: number;
  readonly rows: number;
  readonly faults: Readonly<Record<string, Fault>>;
}

/**
 * Each way of failing at one of two moments. That every way is taken for an outage at any moment is for the tests of the verdicts and of
 * the account, and for the simulation: what is shown here is that it holds for whole processes with real connections.
 */
const moments: readonly Moment[] = [
  {
    when: "from the first call on",
    after: 0,
    rate: 10,
    rows: 100,
    faults: {
      "answers an HTML page with 200": { kind: "html", status: 200, accept: true },
      "resets the connection after taking the message": { kind: "reset", accept: true },
    },
  },
  {
    when: "in the middle of a campaign",
    after: 45,
    rate: 20,
    rows: 150,
    faults: {
      "leaves calls unanswered": { kind: "hang", accept: true },
      "answers an HTML page with 502": { kind: "html", status: 502, accept: true },
    },
  },
];

/** How long a broken server is watched, in milliseconds; the first hold lasts a minute. */
const watchedMs = 25_000;

describe.concurrent.each(moments)("$when, an endpoint that", ({ after, rate, rows, faults }) => {
  const outage = async (what: string, fault: Fault) => {
    await using server = await startForeignServer();
    const lateness = monitorEventLoopDelay({ resolution: 10 });
    lateness.enable();
    const list = await writeTellingList(server.directory, "outage", rows);
    if (after === 0) server.breakWith(fault);
    await using run = server.run(list, rate);
    await until("it sends", () => run.ended() || server.simulator.count() >= Math.max(after, 1));
    if (after > 0) server.breakWith(fault);
    await sleep(watchedMs);
    const failed = server.simulator.calls().filter((call) => call.fault !== undefined).length;
    expect(run.ended(), run.output()).toBe(false);
    server.breakWith(undefined);
    const repaired = performance.now();
    expect((await run.exited).code, run.output()).toBe(0);
    const { problems, unknown, counts } = await server.compare(list);
    console.log(
      `${what}: ${failed} calls failed in ${watchedMs / 1000} s; complete ${Math.round((performance.now() - repaired) / 1000)} s after it was repaired, ${JSON.stringify(counts)}.`,
    );
    expect(problems).toEqual([]);
    lateness.disable();
    // Where answers take longer, more calls may wait for one: two for each that the rate makes meanwhile. This machine may be so slow.
    const answerSeconds = (2 * lateness.max) / 1e9;
    expect(unknown.length).toBeLessThanOrEqual(12 + 2 * rate * answerSeconds);
    expect(failed).toBeGreaterThan(0);
  };

  test("fails is left alone for a minute, at most a dozen rows are in doubt, and the rest follows by itself", async () => {
    const scenarios = Object.entries(faults).map(([what, fault]) => outage(what, fault));
    const failures = (await Promise.allSettled(scenarios)).filter((result) => result.status === "rejected");
    expect(failures.map(({ reason }) => String(reason))).toEqual([]);
  });
});

test.concurrent("an endpoint that answers 404 pauses everything with exit 3; repaired and resumed, the same command completes", async () => {
  await using server = await startForeignServer();
  const list = await writeTellingList(server.directory, "not-found", 100);
  {
    await using run = server.run(list, 20);
    await until("it sends", () => run.ended() || server.simulator.count() >= 20);
    server.breakWith(notFound);
    expect((await run.exited).code, run.output()).toBe(3);
    expect(lastLine(run.output())).toContain("HTTP 404");
  }
  const calls = server.simulator.calls().filter((call) => call.fault !== undefined);
  expect(calls.length).toBeLessThanOrEqual(12);
  server.breakWith(undefined);
  {
    await using run = server.run(list, 20);
    expect((await run.exited).code, run.output()).toBe(3);
  }
  const resumed = await bulkSend(["resume", "--data", server.data]);
  expect(resumed.code, resumed.output).toBe(0);
  await using run = server.run(list, 20);
  expect((await run.exited).code, run.output()).toBe(0);
  const { problems, unknown } = await server.compare(list);
  expect(problems).toEqual([]);
  expect(unknown).toEqual([]);
});
