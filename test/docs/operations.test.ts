import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { synthesise } from "../../infra/synthesise.ts";
import { PauseCode } from "../../shared/account/pause.ts";
import { endpoint } from "../support/stack-settings.ts";
import { anchorsOf } from "./anchors.ts";

const manual = readFileSync("docs/operations.md", "utf8");
const anchors = anchorsOf(manual);

const alarms = Object.entries(synthesise({ endpoint, country: "GB", optOut: true }).template.Resources)
  .filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")
  .map(([id, { Properties }]) => ({
    alarm: id.replace(/^Monitoring(.*)[0-9A-F]{8}$/u, "$1"),
    entry: /docs\/operations\.md#([a-z-]+)/u.exec(String(Properties["AlarmDescription"]))?.[1],
  }));

test("there are alarms to explain", () => {
  expect(alarms.length).toBeGreaterThan(0);
});

test.each(alarms)("the manual has the entry that the alarm $alarm names, and lists it there", ({ alarm, entry }) => {
  expect(anchors).toContain(entry);
  const line = manual.split("\n").find((text) => text.startsWith("|") && text.includes(`\`${alarm}\``));
  expect(line).toContain(`(#${entry})`);
});

test.each(PauseCode.options)("the manual has an entry for the pause %s", (code) => {
  expect(anchors).toContain(`pause-${code}`);
});
