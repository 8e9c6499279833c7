import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as z from "zod";
import { EventState } from "../../shared/campaign/campaign-event.ts";
import { eventSource } from "../../shared/ports/events.ts";
import { eventDetail } from "../../shared/report/event-detail.ts";
import { refused, running } from "../support/factories.ts";
import { cfnLintErrors, cfnLintInstalled } from "./cfn-lint.ts";

const Rule = z.object({
  Type: z.literal("AWS::Events::Rule"),
  Properties: z.object({
    EventPattern: z.object({
      source: z.array(z.string()),
      "detail-type": z.array(z.string()).optional(),
    }),
    Targets: z.array(
      z.object({
        InputTransformer: z
          .object({ InputPathsMap: z.record(z.string(), z.string()), InputTemplate: z.string() })
          .optional(),
      }),
    ),
  }),
});

const example = JSON.parse(await readFile(new URL("../../examples/events.template.json", import.meta.url), "utf8"));
const rules = Object.values(
  z.object({ Resources: z.record(z.string(), z.unknown()) }).parse(example).Resources,
).flatMap((resource) => Rule.safeParse(resource).data ?? []);

test("the example's rules match events as they are published", () => {
  expect(rules).toHaveLength(2);
  const types = EventState.options.map((state) => `campaign.${state}`);
  for (const { Properties } of rules) {
    expect(Properties.EventPattern.source).toEqual([eventSource]);
    expect(types).toEqual(expect.arrayContaining(Properties.EventPattern["detail-type"] ?? []));
  }
});

test("what the example tells a chat is in every event that it matches, or not needed for a sentence", () => {
  const stack = { stack: "BulkSend", bucket: "bucket" };
  const details = [
    eventDetail(refused(), { state: "refused", at: 0, reason: "It has no rows." }, stack),
    eventDetail(running(), { state: "paused", at: 0, reason: "Paused by ben.", code: "person" }, stack),
    eventDetail(running({ state: "complete" }), { state: "complete", at: 0, reason: "done" }, stack),
  ];
  const [transformer] = rules.flatMap(({ Properties }) =>
    Properties.Targets.flatMap(({ InputTransformer }) => InputTransformer ?? []),
  );
  for (const detail of details) {
    const text = transformer?.InputTemplate.replace(/<(\w+)>/g, (_, name: string) => {
      const path = transformer.InputPathsMap[name] ?? "";
      const value = path
        .slice("$.detail.".length)
        .split(".")
        .reduce<unknown>((from, part) => z.record(z.string(), z.unknown()).parse(from)[part], detail);
      return z.string().parse(value);
    });
    expect(JSON.parse(text ?? "")).toEqual({
      text: expect.stringMatching(/^spring is (refused|paused|complete)\. \S.* \(reports\/spring\/report\.html\)$/),
    });
  }
});

test.skipIf(!cfnLintInstalled)(
  "cfn-lint, if it is installed, finds no error in the example",
  { timeout: 120_000 },
  async () => {
    expect(await cfnLintErrors(example)).toBe("");
  },
);
