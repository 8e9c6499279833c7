import { expect, test } from "vitest";
import { hasExpired, reportedAtOf } from "../../shared/campaign/expired.ts";
import { createCampaignIndex } from "../../shared/reconcile/campaign-index.ts";
import { indexPages } from "../../shared/report/page/index-page.ts";
import { refused, running } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const day = 24 * 3600_000;

const complete = (name: string) =>
  running({
    name,
    state: "complete",
    completedAt: nineOClock,
    reportedAt: nineOClock + day,
    end: { why: "done", at: nineOClock },
  });

test("a report expires so many days after it was written, and what is under way does not", () => {
  expect(reportedAtOf(complete("spring"))).toBe(nineOClock + day);
  expect(reportedAtOf(refused({ judgedAt: nineOClock }))).toBe(nineOClock);
  expect(reportedAtOf(running())).toBeUndefined();
  expect(hasExpired(nineOClock, 90, nineOClock + 90 * day)).toBe(false);
  expect(hasExpired(nineOClock, 90, nineOClock + 90 * day + 1)).toBe(true);
  expect(hasExpired(undefined, 90, nineOClock + 900 * day)).toBe(false);
  expect(hasExpired(nineOClock, undefined, nineOClock + 900 * day)).toBe(false);
});

test("the index still names a campaign whose list and report have expired, without a link", () => {
  const page = (days: number) => [
    ...indexPages([complete("spring")], nineOClock + days * day, undefined, undefined, 90),
  ];
  expect(page(91)[0]?.html).toContain('<a href="spring/report.html">');
  expect(page(92)[0]?.html).not.toContain("spring/report.html");
  expect(page(92)[0]?.html).toContain("<bdi>spring</bdi>");
  expect(page(92)[0]?.html).toContain("its list and report have expired");
});

test("pages of older campaigns are written again before they expire, and then say what has", async () => {
  const clock = createManualClock();
  const bucket = createMemoryBucket();
  const index = createCampaignIndex({ table: createMemoryTable(), bucket, clock, keepDays: 20 });
  await index.add(Array.from({ length: 601 }, (_, at) => complete(`campaign-${at}`)));
  await index.writeOlder();
  const oldest = "reports/older-1.html";
  expect(bucket.text(oldest)).toContain('href="campaign-0/report.html"');
  const first = (await bucket.head(oldest))?.version;
  await clock.advanceTo(nineOClock + 9 * day);
  await index.writeOlder();
  expect((await bucket.head(oldest))?.version).toBe(first);
  await clock.advanceTo(nineOClock + 22 * day);
  await index.writeOlder();
  expect(bucket.text(oldest)).not.toContain("report.html");
  const renewed = (await bucket.head(oldest))?.version;
  await index.writeOlder();
  expect((await bucket.head(oldest))?.version).toBe(renewed);
});
