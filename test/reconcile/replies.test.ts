import { expect, it } from "vitest";
import type { ReceivedText, TextsAnswer } from "../../shared/enswitch/read-texts.ts";
import { createReporter, type ReporterDeps } from "../../shared/reconcile/reporter.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

/** A world whose reporter reads these texts. */
function createReadingWorld(texts: readonly ReceivedText[], answer?: () => Promise<TextsAnswer>) {
  const world = createWorld();
  const optOut: ReporterDeps["optOut"] = {
    listTexts: answer ?? (async () => ({ kind: "texts", texts })),
    country: "GB",
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
