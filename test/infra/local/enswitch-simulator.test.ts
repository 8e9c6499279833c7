import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RecordedCall } from "../../../infra/local/enswitch-simulator/call-journal.ts";
import {
  type EnswitchSimulatorOptions,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../../infra/local/enswitch-simulator/enswitch-simulator.ts";

const auth = { auth_username: simulatorAccount.username, auth_password: simulatorAccount.password };
const good = { ...auth, cnumber: "2125551234", message: "Hello", stype: "", snumber: "2125550000" };
const form = (fields: Record<string, string>, separator = "&") =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join(separator);

async function post(endpoint: string, body: string, contentType = "application/x-www-form-urlencoded") {
  const response = await fetch(`${endpoint}/messages/text/send/`, {
    method: "POST",
    headers: { "content-type": contentType },
    body,
    redirect: "manual",
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function codeOf(options: EnswitchSimulatorOptions, fields: Record<string, string>) {
  await using simulator = await startEnswitchSimulator(options);
  const { text } = await post(simulator.endpoint, form(fields));
  const [{ code, key }] = JSON.parse(text).responses;
  expect(simulator.calls()).toMatchObject([{ accepted: code === "204", code: Number(code), key }]);
  return key === "" ? code : `${code} ${key}`;
}

describe("the function's page", () => {
  test.each([
    ["a good call", {}, "204"],
    ["a telephone line", { stype: "phone", snumber: "1234567" }, "204"],
    ["an international destination", { cnumber: "+442079460000" }, "204"],
    ["a wrong password", { auth_password: "wrong" }, "401"],
    ["a wrong username", { auth_username: "wrong" }, "401"],
    ["no destination", { cnumber: "" }, "400 cnumber"],
    ["a destination with letters", { cnumber: "12a" }, "400 cnumber"],
    ["a plus in the middle", { cnumber: "12+3" }, "400 cnumber"],
    ["no message", { message: "" }, "400 message"],
    ["no sender", { snumber: "" }, "400 snumber"],
    ["another sender type", { stype: "Phone" }, "400 stype"],
    ["a customer that is no number", { customer: "acme" }, "400 customer"],
    ["a customer", { customer: "7" }, "204"],
    ["a destination outside the rate plan", { cnumber: "+9991" }, "403"],
    ["a file", { filename1: "a.txt", file1: "YWJj" }, "204"],
    ["a file without name", { file1: "YWJj" }, "400 filename1"],
    ["a name without file", { filename1: "a.txt" }, "400 file1"],
    ["files that do not begin at 1", { filename2: "a.txt", file2: "YWJj" }, "400 filename1"],
    ["files with a gap", { filename1: "a", file1: "YWJj", filename3: "a", file3: "YWJj" }, "400 filename2"],
    ["a file that is not base64", { filename1: "a.txt", file1: "YW Jj" }, "400 file1"],
  ])("%s", async (_name, changes, code) => {
    expect(await codeOf({}, { ...good, ...changes })).toBe(code);
  });

  test.each([
    ["a role without the privilege", { privileged: false }, {}, "402"],
    ["its own number", { numbers: ["2125550000"], phoneLines: [] }, {}, "204"],
    ["another's number", { numbers: ["1"] }, {}, "400 snumber"],
    ["a number used as a line", { numbers: ["2125550000"], phoneLines: ["1"] }, { stype: "phone" }, "400 snumber"],
    ["its own line", { numbers: [], phoneLines: ["2125550000"] }, { stype: "phone" }, "204"],
    ["its own customer", { customers: ["7"] }, { customer: "7" }, "204"],
    ["another's customer", { customers: ["7"] }, { customer: "8" }, "400 customer"],
    ["a rate plan of its own", { forbiddenPrefixes: ["212"] }, {}, "403"],
    ["a rate plan that has everything", { forbiddenPrefixes: [] }, { cnumber: "9991" }, "204"],
  ] satisfies [string, EnswitchSimulatorOptions, Record<string, string>, string][])(
    "%s",
    async (_name, options, changes, code) => {
      expect(await codeOf(options, { ...good, ...changes })).toBe(code);
    },
  );

  test.each([
    ["&", "/"],
    [";", "/"],
    ["&", ""],
    [";", ""],
  ])("GET with %o between parameters and %o at the end of the path", async (separator, slash) => {
    await using simulator = await startEnswitchSimulator();
    const message = "a;b&c=d+e %20";
    const url = `${simulator.endpoint}/messages/text/send${slash}?${form({ ...good, message }, separator)}`;
    expect(await (await fetch(url)).json()).toEqual({ responses: [{ code: "204", key: "", message: "OK" }] });
    const [call] = simulator.calls();
    expect(call).toMatchObject({ method: "GET", accepted: true, parameters: { message } });
    expect(call?.inUrl).toContain("auth_password");
  });

  test.each([
    ["a parameter given twice", `${form(good)}&message=again`, "message"],
    ["a broken escape", `${form({ ...good, message: "" })}%zz`, "snumber"],
    ["what is no UTF-8", form({ ...good, snumber: "1" }).replace("Hello", "%ff"), "message"],
  ])("%s is malformed", async (_name, body, key) => {
    await using simulator = await startEnswitchSimulator();
    expect(JSON.parse((await post(simulator.endpoint, body)).text).responses).toMatchObject([{ code: "400", key }]);
  });

  test("a JSON body is no form", async () => {
    await using simulator = await startEnswitchSimulator();
    const { text } = await post(simulator.endpoint, JSON.stringify(good), "application/json");
    expect(JSON.parse(text).responses).toMatchObject([{ code: "401" }]);
  });

  test("any other path and method is a page, and no call", async () => {
    await using simulator = await startEnswitchSimulator({ basePath: "/local/api/json/" });
    const origin = new URL(simulator.endpoint).origin;
    expect(simulator.endpoint).toBe(`${origin}/local/api/json`);
    for (const path of ["/", "/api/json/messages/text/send/", "/local/api/json/messages/text/send/x"]) {
      expect((await fetch(`${origin}${path}`)).status).toBe(404);
    }
    expect((await fetch(`${simulator.endpoint}/messages/text/send/`, { method: "PUT" })).status).toBe(405);
    expect(simulator.count()).toBe(0);
  });
});

describe("replies", () => {
  test("have codes and statuses as configured, while it runs", async () => {
    await using simulator = await startEnswitchSimulator();
    const bad = form({ ...good, cnumber: "x" });
    expect(await post(simulator.endpoint, bad)).toMatchObject({ status: 200, text: expect.stringContaining('"400"') });
    simulator.configure({ codes: "number", httpStatus: "mirrored" });
    expect(await post(simulator.endpoint, bad)).toMatchObject({ status: 400, text: expect.stringContaining(":400") });
    expect(await post(simulator.endpoint, form(good))).toMatchObject({
      status: 200,
      text: expect.stringContaining(":204"),
    });
  });

  test("take as long as the latency says", async () => {
    await using simulator = await startEnswitchSimulator({ latencyMs: { min: 40, max: 60 } });
    const startedAt = performance.now();
    await post(simulator.endpoint, form(good));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39);
  });
});

describe("faults", () => {
  test.each([
    [{ kind: "html", status: 502, accept: false }, { status: 502 }],
    [{ kind: "html", status: 503, accept: true }, { status: 503 }],
    [{ kind: "html", status: 404, accept: false }, { status: 404 }],
    [{ kind: "html", status: 302, accept: false }, { status: 302 }],
    [
      { kind: "html", status: 200, accept: true },
      { status: 200, text: expect.stringContaining("<!doctype html>") },
    ],
    [{ kind: "too-many", retryAfter: "3" }, { status: 429 }],
    [
      { kind: "codes", codes: ["204", 400], accept: true },
      { status: 200, text: expect.stringContaining('"code":400') },
    ],
    [
      { kind: "garbage", accept: true },
      { status: 200, text: expect.not.stringContaining("}") },
    ],
  ] as const)("%o", async (fault, reply) => {
    await using simulator = await startEnswitchSimulator({ faults: [fault] });
    expect(await post(simulator.endpoint, form(good))).toMatchObject(reply);
    const accept = "accept" in fault && fault.accept;
    expect(simulator.calls()).toMatchObject([{ accepted: accept, fault: fault.kind }]);
    expect((await post(simulator.endpoint, form(good))).text).toContain("204");
  });

  test.each([true, false])("a reset, with the message taken: %o", async (accept) => {
    await using simulator = await startEnswitchSimulator({ faults: [{ kind: "reset", accept }] });
    await expect(post(simulator.endpoint, form(good))).rejects.toThrow();
    expect(simulator.calls()).toMatchObject([{ accepted: accept }]);
  });

  test("a hang ends with the simulator, and its call is on record before", async () => {
    const simulator = await startEnswitchSimulator({
      faults: ({ index, parameters }) =>
        index === 0 && parameters.get("cnumber") === good.cnumber ? { kind: "hang", accept: true } : undefined,
    });
    const outcome = post(simulator.endpoint, form(good)).catch(() => "cut");
    await expect.poll(() => simulator.count()).toBe(1);
    expect(simulator.calls()).toMatchObject([{ accepted: true, fault: "hang" }]);
    await simulator[Symbol.asyncDispose]();
    expect(await outcome).toBe("cut");
  });

  test("a call that no fault can make good is never accepted", async () => {
    await using simulator = await startEnswitchSimulator({ faults: [{ kind: "hang", accept: true }] });
    const hanging = post(simulator.endpoint, form({ ...good, auth_password: "wrong" })).catch(() => {});
    await expect.poll(() => simulator.calls()).toMatchObject([{ accepted: false, passwordRight: false }]);
    await simulator[Symbol.asyncDispose]();
    await hanging;
  });
});

describe("the record", () => {
  test("is in the file before the answer, holds no password, and survives restarts", async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "simulator-"));
    const recordFile = join(directory.path, "calls.ndjson");
    const data = Buffer.from("file content");
    for (const message of ["first", "second 😀"]) {
      await using simulator = await startEnswitchSimulator({ recordFile });
      await post(simulator.endpoint, form({ ...good, message, filename1: "a.txt", file1: data.toString("base64") }));
      const lines = (await readFile(recordFile, "utf8")).trimEnd().split("\n");
      expect(RecordedCall.parse(JSON.parse(lines.at(-1) ?? ""))).toEqual(simulator.calls()[0]);
    }
    const text = await readFile(recordFile, "utf8");
    expect(text).not.toContain(simulatorAccount.password);
    expect(text).not.toContain(data.toString("base64"));
    const calls = text
      .trimEnd()
      .split("\n")
      .map((line) => RecordedCall.parse(JSON.parse(line)));
    expect(calls.map(({ parameters }) => parameters["message"])).toEqual(["first", "second 😀"]);
    const sha256 = createHash("sha256").update(data).digest("hex");
    expect(calls[0]).toMatchObject({ passwordRight: true, files: [{ filename: "a.txt", bytes: data.length, sha256 }] });
  });

  test("says when the head of the request arrived", async () => {
    await using simulator = await startEnswitchSimulator();
    const body = form(good);
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": body.length,
      expect: "100-continue",
    };
    const sending = request(`${simulator.endpoint}/messages/text/send/`, { method: "POST", headers });
    sending.flushHeaders();
    await once(sending, "continue");
    const headAt = Date.now();
    await expect.poll(() => Date.now()).toBeGreaterThan(headAt);
    sending.end(body);
    const [response] = await once(sending, "response");
    await once(response.resume(), "end");
    expect(simulator.calls()[0]?.at).toBeLessThanOrEqual(headAt);
  });
});
