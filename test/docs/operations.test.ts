import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { synthesise } from "../../infra/synthesise.ts";
import { PauseCode } from "../../shared/campaign/campaign.ts";
import { anchorsOf } from "./anchors.ts";

const anchors = anchorsOf(readFileSync("docs/operations.md", "utf8"));

const descriptions = Object.values(synthesise({ endpoint: "https://pbx.example.com/api/json" }).template.Resources)
  .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
  .map(({ Properties }) => String(Properties["AlarmDescription"]));

test("there are alarms to be explained", () => {
  expect(descriptions.length).toBeGreaterThan(0);
});

test.each(descriptions)("the manual has the entry of the alarm: %s", (description) => {
  const anchor = /docs\/operations\.md#([a-z-]+)/.exec(description)?.[1];
  expect(anchors).toContain(anchor);
});

test.each(PauseCode.options)("the manual has an entry for the pause %s", (code) => {
  expect(anchors).toContain(`pause-${code}`);
});
