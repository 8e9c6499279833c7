import { expect, it } from "vitest";
import type { ReceivedText, TextsAnswer } from "../../shared/enswitch/read-texts.ts";
import { createReporter, type ReporterDeps } from "../../shared/reconcile/reporter.ts";
import { optedOutMeanwhile } from "../../shared/report/headline.ts";
import { Summary } from "../../shared/report/summary.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

/** A world whose reporter reads these texts. */
function createReadingWorld(texts: readonly ReceivedText[], answer?: () => Promise<TextsAnswer>, country = "GB") {
  const world = createWorld();
  const optOut: ReporterDeps["optOut"] = {
    listTexts: answer ?? (async () => ({ kind: "texts", texts })),
    country,
    ownNumbers: [],
  };
  return { ...world, look: createReporter({ ...world.deps, optOut }) };
}

const stop = { id: "a", at: nineOClock - 60_000, number: "44200000001", body: "STOP" };

it("feeds a campaign that has just begun, and only after replies were read", async () => {
  const { commit, look, fed } = createReadingWorld([{ ...stop, number: "+44200000002" }]);
  await commit({ createdAt: nineOClock, defaults: { country: "GB" } });
  await look();
  expect(fed()[0]).toMatchObject({ batch: 1, decisions: 1, rows: [{ row: 1 }], skipped: [{ row: 2 }] });
});

it("takes a campaign's sender for a number of its own country, and nobody else for it", async () => {
  const texts = ["+33612345678", "+31612345678"].map((number) => ({ ...stop, id: number, number }));
  const { commit, look, bucket } = createReadingWorld(texts, undefined, "FR");
  await commit({
    createdAt: nineOClock,
    options: { country: "NL", snumber: "06 12345678" },
    defaults: { country: "FR" },
  });
  await look();
  const list = bucket.text("suppression/opt-outs.csv") ?? "";
  expect(list).toContain("+33612345678");
  expect(list).not.toContain("+31612345678");
});

it("goes on feeding while replies cannot be read, and says so on the index", async () => {
  const { commit, look, fed, bucket, clock } = createReadingWorld([], async () => ({
    kind: "failed",
    cause: "no privilege",
  }));
  await commit({ createdAt: nineOClock });
  await look();
  expect(fed().length).toBeGreaterThan(0);
  await clock.advance(60_000);
  await look();
  expect(bucket.text("reports/index.html")).toContain("No privilege.");
});

it("reads again before the first feed of what begins together, however lately it has read, and feeds what is under way before that", async () => {
  const texts: ReceivedText[] = [];
  const asked: number[] = [];
  const world = createReadingWorld(texts, async () => {
    asked.push(world.fed().length);
    return { kind: "texts", texts };
  });
  const { commit, look, fed, clock, send, setAccount } = world;
  // One batch of each campaign at a time.
  await setAccount({ rate: 0.005 });
  await commit({ name: "under-way", createdAt: nineOClock, defaults: { country: "GB" } });
  await look();
  expect(asked).toEqual([0]);
  await clock.advance(60_000);
  for (const { batch } of fed()) await send(batch, undefined, { name: "under-way" });
  texts.push({ ...stop, at: clock.now(), number: "+44200000002" });
  for (const name of ["one", "two"]) await commit({ name, createdAt: clock.now(), defaults: { country: "GB" } });
  const before = fed().length + 1;
  await look();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBeGreaterThanOrEqual(before);
  const firstOf = (name: string) => fed().find(({ campaign, batch }) => campaign === name && batch === 1);
  for (const name of ["one", "two"]) expect(firstOf(name)?.skipped).toMatchObject([{ row: 2 }]);
  // From then on as often as usual.
  await clock.advance(60_000);
  await look();
  expect(asked).toHaveLength(2);
});

/** A campaign that ends a minute after replies were read; somebody has opted out in that minute. */
async function endAfterAReply(answer: (texts: readonly ReceivedText[], ended: boolean) => TextsAnswer) {
  const texts: ReceivedText[] = [];
  let ended = false;
  const world = createReadingWorld(texts, async () => answer(texts, ended));
  await world.commit({ createdAt: nineOClock, defaults: { country: "GB" } });
  await world.look();
  await world.clock.advance(60_000);
  texts.push({ ...stop, at: world.clock.now(), number: "+447700900001" });
  ended = true;
  for (let batch = 1; batch <= 10; batch++) await world.send(batch);
  await world.look();
  return Summary.parse(JSON.parse(world.bucket.text("reports/spring/summary.json") ?? ""));
}

it("reads to the end before a campaign's report says how many opted out", async () => {
  const summary = await endAfterAReply((texts) => ({ kind: "texts", texts }));
  expect(summary).toMatchObject({ state: "complete", optedOut: 1 });
  expect(summary.repliesReadUntil).toBeUndefined();
  expect(optedOutMeanwhile(summary)).toBe("1 person opted out during this campaign, whoever had texted them");
});

it("reads to the last call before a report, where that was recorded after the campaign's end", async () => {
  const texts: ReceivedText[] = [];
  const { commit, look, clock, bucket } = createReadingWorld(texts);
  await look();
  await clock.advance(60_000);
  texts.push({ ...stop, at: clock.now(), number: "+447700900001" });
  await commit({
    createdAt: nineOClock - 60_000,
    state: "ending",
    end: { why: "cancelled", at: nineOClock - 1 },
    tally: { ...running().tally, lastRecordAt: nineOClock + 30_000 },
    defaults: { country: "GB" },
  });
  await look();
  // Counted are those of the time until its end; that they were read later, the report need not say.
  const summary = Summary.parse(bucket.json("reports/spring/summary.json"));
  expect(summary.state).toBe("complete");
  expect(bucket.text("suppression/opt-outs.csv")).toContain("+447700900001");
});

it("reports without the last replies where they cannot be read, and says up to when they were", async () => {
  const summary = await endAfterAReply((texts, ended) =>
    ended ? { kind: "failed", cause: "down" } : { kind: "texts", texts },
  );
  expect(summary).toMatchObject({
    state: "complete",
    optedOut: 0,
    repliesReadUntil: new Date(nineOClock).toISOString(),
  });
  expect(optedOutMeanwhile(summary)).toBe(
    "replies could be read only up to 2026-03-02 09:00 UTC: who opted out later is not counted",
  );
});
