import { chmod, mkdir, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { Session } from "../../shared/console/session.ts";
import { type Workplace, workplace } from "./workplace.ts";

const Told = z.object({ console: z.url(), sendsTo: z.string(), sendsPerSecond: z.number() });

/** The environment of somebody who has a browser, which notes how it was called; and how it was. */
async function withBrowser(place: Workplace) {
  await mkdir(join(place.path, "bin"));
  for (const name of ["xdg-open", "osascript"]) {
    const note = `#!/bin/sh\necho "$@" >> "$HOME/arguments"\ncat >> "$HOME/arguments"\nenv > "$HOME/environment"\n`;
    await place.write(`bin/${name}`, note);
    await chmod(join(place.path, "bin", name), 0o755);
  }
  return {
    environment: { PATH: `${join(place.path, "bin")}:${process.env["PATH"] ?? ""}` },
    opened: () => place.read("arguments").catch(() => ""),
  };
}

const asksForSession = (link: string) => {
  const { origin, pathname, hash } = new URL(link);
  const headers = { authorization: `Bearer ${hash.replace("#key=", "")}` };
  return fetch(`${origin}${pathname}session`, { method: "POST", headers });
};

test("console prints a link, opens the browser, and leads to what runs already", async () => {
  await using place = await workplace();
  const browser = await withBrowser(place);
  await using first = place.start(["console", "--json"], { ...browser.environment, ENSWITCH_PASSWORD: "hunter2" });
  await expect.poll(() => first.out()).toContain("\n");
  const told = Told.parse(JSON.parse(first.out()));
  expect(told).toMatchObject({ sendsTo: "simulator", sendsPerSecond: 100 });
  expect(Session.parse(await (await asksForSession(told.console)).json()).roles).toContain("operator");

  await expect.poll(browser.opened).toContain("/console/#key=");
  const [, opened = ""] = /(http:[^\s"]+)/.exec(await browser.opened()) ?? [];
  // What all users of this machine can read in the list of processes is not what lets everybody in.
  if (process.platform === "linux") expect(opened).not.toBe(told.console);
  expect((await asksForSession(opened)).status).toBe(200);
  await expect.poll(() => place.read("environment").catch(() => "")).toContain("HOME=");
  expect(await place.read("environment")).not.toContain("hunter2");

  const again = await place.bulkSend(["console", "--no-open"], browser.environment);
  expect(again.code).toBe(0);
  expect(again.out).toContain(`console   ${told.console}\n`);
  expect(again.out).toContain("is running on .bulk-send-simulator already, and sends to the built-in simulator");
  expect((await browser.opened()).match(/#key=/g)).toHaveLength(1);

  for (const late of [
    ["--rate", "5"],
    ["--port", "4000"],
    ["--endpoint", "https://pbx.example.com/api/json", "--data", ".bulk-send-simulator"],
  ]) {
    const refused = await place.bulkSend(["console", "--no-open", ...late]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("A process is running on .bulk-send-simulator already");
  }
  first.child.kill("SIGINT");
  expect(await first.finished).toMatchObject({ code: 130 });
});

test("serve says where the console is, and nothing fails without a browser", async () => {
  await using place = await workplace();
  await using served = place.start(["serve", "--json", "--data", "here"]);
  await expect.poll(() => served.out()).toContain("\n");
  const { console: link } = z.object({ console: z.url() }).parse(JSON.parse(served.out()));
  expect((await asksForSession(link)).status).toBe(200);
  const found = await place.bulkSend(["console", "--data", "here", "--json"], { PATH: "/nowhere" });
  expect(found).toMatchObject({ code: 0, err: "" });
  expect(Told.parse(JSON.parse(found.out)).console).toBe(link);
});

test("for a stack on AWS, console prints where its own is", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "console-"));
  const stack = await preparedStack({ endpoint: "https://pbx.example.com/api/json", sendsPerSecond: 10 });
  const { Outputs, ...template } = z.looseObject({ Outputs: z.looseObject({}) }).parse(stack.template);
  const address = "https://d111111abcdef8.cloudfront.net/";
  await using place = await workplace();
  const ask = async (outputs: object, words: readonly string[]) => {
    await using cloud = await startEmbeddedCloud({
      dataDir: directory.path,
      stack: { ...stack, template: { ...template, Outputs: outputs } },
      functions: false,
    });
    return await place.bulkSend(["console", "--no-open", ...words], {
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: cloud.region,
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
    });
  };
  const without = await ask(Outputs, ["--stack", "BulkSend"]);
  expect(without.code).toBe(1);
  expect(without.err).toBe(
    'The stack BulkSend has no console; set "console": true in its settings and deploy it again.\n',
  );
  const withConsole = { ...Outputs, ConsoleUrl: { Value: address } };
  expect(await ask(withConsole, ["--stack", "BulkSend"])).toMatchObject({ code: 0, out: `console   ${address}\n` });
  expect(JSON.parse((await ask(withConsole, ["--region", "us-east-1", "--json"])).out)).toEqual({ console: address });
  const both = await place.bulkSend(["console", "--stack", "BulkSend", "--data", "here"]);
  expect(both.code).toBe(2);
});
