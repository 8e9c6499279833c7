import { expect, test } from "vitest";
import { createNews } from "../../cli/commands/serve.ts";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { running } from "../support/factories.ts";

test("the end of a campaign is told once, and an upload that was ignored with its reason", async () => {
  const notes: string[] = [];
  const tell = createNews({ note: (line) => notes.push(line) }, 0);
  const see = (campaign: Campaign | undefined) =>
    tell({
      campaigns: {
        all: async function* () {
          if (campaign !== undefined) yield campaign;
        },
      },
    });
  await see(undefined);
  await see(running({ state: "complete" }));
  const ignored = [{ version: "v2", reason: "The name was used before" }];
  for (let look = 0; look < 2; look++) await see(running({ state: "complete", judgedAt: 9, ignored }));
  expect(notes).toEqual([
    expect.stringMatching(/^spring is complete/u),
    "An upload to spring was ignored: The name was used before.",
  ]);
});

test("a campaign is planned once, and continues after every pause", async () => {
  const notes: string[] = [];
  const tell = createNews({ note: (line) => notes.push(line) }, 0);
  const see = (campaign: Campaign) =>
    tell({
      campaigns: {
        all: async function* () {
          yield campaign;
        },
      },
    });
  const paused = running({ state: "paused", pause: { code: "person", reason: "Paused by Bert.", at: 0 } });
  for (const campaign of [running(), paused, running(), running(), paused, running()]) await see(campaign);
  expect(notes.map((line) => line.split(" ").slice(0, 3).join(" "))).toEqual([
    "spring is planned:",
    "spring is paused:",
    "spring continues: 20",
    "spring is paused:",
    "spring continues: 20",
  ]);
});

test("what was ignored before is no news", async () => {
  const notes: string[] = [];
  const tell = createNews({ note: (line) => notes.push(line) }, 0);
  const campaign = running({ state: "complete", ignored: [{ version: "v2", reason: "used" }] });
  for (let look = 0; look < 2; look++) {
    await tell({
      campaigns: {
        all: async function* () {
          yield campaign;
        },
      },
    });
  }
  expect(notes).toEqual([]);
});

test("what a start goes on with is not planned again, and says what is left", async () => {
  const notes: string[] = [];
  const before = running({ createdAt: 99, sendable: 60, rows: 61 });
  const sent = { ...before.tally, submitted: 58, failed: 2 };
  for (const tally of [before.tally, sent]) {
    const tell = createNews({ note: (line) => notes.push(line) }, 100);
    for (let look = 0; look < 2; look++) {
      await tell({
        campaigns: {
          all: async function* () {
            yield { ...before, tally };
            yield running({ name: "new", createdAt: 100 });
          },
        },
      });
    }
  }
  const isNew = expect.stringMatching(/^new is planned: /u);
  expect(notes).toEqual([
    "spring continues: 60 of 61 rows are still to be sent.",
    isNew,
    "spring is sent; its report is still to be written.",
    isNew,
  ]);
});
