import { expect, it } from "vitest";
import { suppressedNow } from "../../shared/feed/suppressed-now.ts";
import { createSuppressions, SuppressionError, type Suppressions } from "../../shared/feed/suppression.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const stopped = "on the suppression list suppression/stop.csv";
const warningOf = (reason: string) => ({
  code: "suppression",
  text: `If this list were sent now, it would be paused at once: ${reason}`,
});

const listsOf = (detail: (cnumber: string) => string | undefined): Suppressions => ({
  kind: "lists",
  stamp: "",
  detail,
});

it("says why a number is not sent to, and nothing of one that is", () => {
  const { suppressed, warnings } = suppressedNow(
    listsOf((cnumber) => (cnumber === "1" ? stopped : undefined)),
    "GB",
  );
  expect([suppressed("1"), suppressed("2"), warnings()]).toEqual([stopped, undefined, []]);
});

it("goes on where nobody can tell, and warns once, in the words by which the campaign would be paused first", () => {
  const { suppressed, warnings } = suppressedNow(
    listsOf((cnumber) => {
      if (cnumber === "1") return stopped;
      throw new SuppressionError(`Nobody can tell of ${cnumber}.`);
    }),
    undefined,
  );
  expect([suppressed("2"), suppressed("1"), suppressed("3")]).toEqual([undefined, stopped, undefined]);
  expect(warnings()).toEqual([warningOf("Nobody can tell of 2.")]);
});

it("takes nothing else that fails for a number of which nobody can tell", () => {
  const { suppressed } = suppressedNow(
    listsOf(() => {
      throw new RangeError("Out of memory.");
    }),
    "GB",
  );
  expect(() => suppressed("1")).toThrow("Out of memory.");
});

it("warns of lists that cannot be read, and skips nobody", () => {
  const { stamp, suppressed, warnings } = suppressedNow({ kind: "unreadable", reason: "Fix it." }, "GB");
  expect([suppressed("1"), warnings()]).toEqual([undefined, [warningOf("Fix it.")]]);
  // Whoever was shown them like that is shown them again once they can be read.
  expect(stamp).toBe("Fix it.");
});

it("knows the lists as they were when it was asked, whatever comes or goes meanwhile", async () => {
  const bucket = createMemoryBucket(createManualClock());
  const read = createSuppressions(bucket);
  bucket.store("suppression/stop.csv", "+447700900001\n");
  const before = suppressedNow(await read(), "GB");
  bucket.store("suppression/more.csv", "+447700900002\n");
  await bucket.delete(["suppression/stop.csv"]);
  const after = suppressedNow(await read(), "GB");
  const both = ["07700 900001", "07700 900002"];
  expect(both.map(before.suppressed)).toEqual([stopped, undefined]);
  expect(both.map(after.suppressed)).toEqual([undefined, "on the suppression list suppression/more.csv"]);
});

it("skips nobody for a list that goes away between being listed and being read", async () => {
  const bucket = createMemoryBucket(createManualClock());
  bucket.store("suppression/stop.csv", "+447700900001\n");
  bucket.store("suppression/more.csv", "+447700900002\n");
  const get: typeof bucket.get = async (key, ...how) => (key.includes("stop") ? undefined : bucket.get(key, ...how));
  const { suppressed, warnings } = suppressedNow(await createSuppressions({ ...bucket, get })(), "GB");
  expect([suppressed("+447700900001"), suppressed("+447700900002"), warnings()]).toEqual([
    undefined,
    "on the suppression list suppression/more.csv",
    [],
  ]);
});
