import { expect, test } from "vitest";
import { preparedStack } from "../../../infra/local/prepared-stack.ts";
import { sites } from "../../../infra/rates.ts";
import { synthesise } from "../../../infra/synthesise.ts";

const settings = { endpoint: "https://pbx.example.com/api/json", sendsPerSecond: 7, country: "GB" };

test("a prepared stack is the one that would be synthesised, the first time and when it was kept", async () => {
  const { template, entries } = synthesise(settings, sites.local);
  for (const time of ["first", "second"]) {
    const prepared = await preparedStack(settings);
    expect(prepared.template, time).toEqual(template);
    expect(Object.keys(prepared.entries), time).toEqual(Object.keys(entries));
  }
});

test("a kept stack takes the endpoint of each start, and is another one for other settings", async () => {
  const elsewhere = { ...settings, endpoint: 'http://127.0.0.1:4242/"quoted"' };
  expect(JSON.stringify((await preparedStack(elsewhere)).template)).toContain(String.raw`127.0.0.1:4242/\"quoted\"`);
  const faster = { ...settings, sendsPerSecond: 8 };
  expect((await preparedStack(faster)).template).toEqual(synthesise(faster, sites.local).template);
});

test("the functions are bundles, once prepared of the same sources", async () => {
  const { entries } = await preparedStack(settings);
  expect(Object.values(entries).map((file) => file.replace(/^.*\/(functions\/)/, "$1"))).toEqual([
    "functions/splitter/index.mjs",
    "functions/sender/index.mjs",
    "functions/reporter/index.mjs",
  ]);
});

test("wrong settings are not prepared", async () => {
  await expect(preparedStack({ ...settings, sendsPerSecond: 0 })).rejects.toThrow("sendsPerSecond is 0, but must be");
});
