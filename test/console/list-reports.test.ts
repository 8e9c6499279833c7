import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CloudError, type Objects } from "../../console/cloud/cloud.ts";
import { followReports, type ListedReports } from "../../console/reports/list-reports.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A bucket whose listings can fail, and how often it was listed. */
function createBucket() {
  const names = ["spring"];
  const failures: CloudError[] = [];
  const bucket = { names, failures, lists: 0 };
  const objects: Pick<Objects, "pages"> = {
    pages: async function* () {
      bucket.lists += 1;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      yield names.flatMap((name, at) =>
        ["summary.json", "report.csv"].map((file) => ({ key: `reports/${name}/${file}`, size: 1, modifiedAt: at })),
      );
      yield [{ key: "reports/check/mine/summary.json", size: 1, modifiedAt: 9 }];
    },
  };
  return { bucket, objects };
}

function watch(objects: Pick<Objects, "pages">) {
  const stopping = new AbortController();
  const seen: { hidden: Promise<void>; last?: ListedReports } = { hidden: Promise.resolve() };
  const watching = followReports(objects, {
    signal: stopping.signal,
    show: (now) => {
      seen.last = now;
    },
    whenSeen: () => seen.hidden,
  });
  return { seen, watching, stop: () => stopping.abort() };
}

it("is listed again by itself, and not while nobody can see it", async () => {
  const { bucket, objects } = createBucket();
  const { seen, watching, stop } = watch(objects);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen.last).toEqual({ listed: [{ name: "spring", writtenAt: 0 }], whole: true, offline: false });
  bucket.names.push("summer");
  // Two requests a list: one a minute is what a list of any length costs, twice over.
  await vi.advanceTimersByTimeAsync(59_000);
  expect(bucket.lists).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(seen.last?.listed.map(({ name }) => name)).toEqual(["summer", "spring"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  seen.hidden = promise;
  await vi.advanceTimersByTimeAsync(12 * 3_600_000);
  expect(bucket.lists).toBe(2);
  resolve();
  await vi.advanceTimersByTimeAsync(1);
  expect(bucket.lists).toBe(3);
  stop();
  await watching;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(bucket.lists).toBe(3);
});

it("keeps what it has while there is no connection, says so, and goes on by itself", async () => {
  const { bucket, objects } = createBucket();
  const { seen, watching, stop } = watch(objects);
  await vi.advanceTimersByTimeAsync(1);
  bucket.failures.push(new CloudError("offline", { cause: 1 }), new CloudError("offline", { cause: 2 }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.last).toMatchObject({ listed: [{ name: "spring" }], offline: true });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(seen.last).toMatchObject({ listed: [{ name: "spring" }], whole: true, offline: false });
  stop();
  await watching;
});

it("ends where it may not be listed", async () => {
  const { bucket, objects } = createBucket();
  bucket.failures.push(new CloudError("not-allowed", { cause: 1 }));
  await expect(watch(objects).watching).rejects.toMatchObject({ trouble: "not-allowed" });
});
