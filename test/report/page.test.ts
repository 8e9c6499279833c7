import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FinalFigures } from "../../shared/report/figures.ts";
import { html } from "../../shared/report/page/html.ts";
import { indexPages } from "../../shared/report/page/index-page.ts";
import { reportPage } from "../../shared/report/page/report-page.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { campaign } from "./factories.ts";
import { sampleReport } from "./sample-report.ts";

describe("text in a page", () => {
  it("stays text", () => {
    expect(html`<p title="${'"><x>'}">${"<script>&amp;'"}</p>`.markup).toBe(
      '<p title="&quot;&gt;&lt;x&gt;">&lt;script&gt;&amp;amp;&#39;</p>',
    );
  });

  it("hides nothing: control characters and changes of direction are shown", () => {
    expect(visibleText("a\u0000b\u202Ec\u2066\uD800")).toBe("a⟨U+0000⟩b⟨U+202E⟩c⟨U+2066⟩\uFFFD");
    expect(visibleText("two\nlines\tمرحبا 👩‍👩‍👧")).toBe("two\nlines\tمرحبا 👩‍👩‍👧");
  });
});

describe("the report's page", () => {
  it("lets run only what its policy knows by hash", async () => {
    const { page } = await sampleReport();
    const policy = page.match(/Content-Security-Policy" content="([^"]*)"/)?.[1] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    const hashes = (tag: string) =>
      [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))].map(
        ([, text]) =>
          `'sha256-${createHash("sha256")
            .update(text ?? "")
            .digest("base64")}'`,
      );
    expect(hashes("script")).toHaveLength(1);
    for (const hash of [...hashes("script"), ...hashes("style")]) expect(policy).toContain(hash);
    expect(page).not.toMatch(/\s(style|on\w+)="/);
  });

  it("stays below two megabytes for the worst that a campaign can be", async () => {
    const { summary, figures } = await sampleReport();
    const long = "<&\"'\u0000>".repeat(2_000);
    const worst: FinalFigures = {
      ...figures,
      problemColumns: [long, long, long, long].map((text) => text.slice(0, 80)),
      problemRows: Array.from({ length: 500 }, (_, row) => ({
        row: row + 1,
        status: "failed" as const,
        detail: "<&\"'\u0000>".repeat(67).slice(0, 400),
        cells: Array.from({ length: 4 }, () => long.slice(0, 80)),
      })),
      timeline: {
        secondsPerPoint: 60,
        points: Array.from({ length: 360 }, (_, minute) => ({
          at: nineOClock + minute * 60_000,
          first: nineOClock + minute * 60_000,
          last: nineOClock + minute * 60_000 + 1_000 + (minute % 2) * 58_000,
          accepted: 59_999,
          failed: 10_001,
          unknown: 10_001,
          answers: { median: 12_345.6, p95: 12_345.6, p99: 12_345.6 },
        })),
      },
    };
    const wordy: Summary = {
      ...summary,
      options: { message: long },
      problems: Array.from({ length: 200 }, () => ({
        status: "invalid" as const,
        reason: long,
        count: 1,
        rows: [1, 2, 3],
        examples: [long, long, long, long],
      })),
      ignoredUploads: Array.from({ length: 1_000 }, () => ({ version: "1", reason: "Uploaded after it had begun." })),
    };
    const bytes = Buffer.byteLength(reportPage(wordy, worst));
    expect(bytes).toBeGreaterThan(500_000);
    expect(bytes).toBeLessThan(2_000_000);
  });
});

describe("the index", () => {
  const campaigns = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      campaign({ name: `list ${i} <b>/ü`, createdAt: nineOClock + i * 1000, state: "running" }),
    );

  it("has one page when there is nothing yet", () => {
    const pages = [...indexPages([], nineOClock)];
    expect(pages.map(({ key }) => key)).toEqual(["reports/index.html"]);
    expect(pages[0]?.html).toContain("None yet");
  });

  it("lists the newest first, page by page, and every campaign once", () => {
    const pages = [...indexPages(campaigns(401), nineOClock)];
    expect(pages.map(({ key }) => key)).toEqual(["reports/index.html", "reports/index-2.html", "reports/index-3.html"]);
    const names = pages.flatMap(({ html: page }) =>
      [...page.matchAll(/>list (\d+) &lt;b&gt;/g)].map(([, i]) => Number(i)),
    );
    expect(names).toEqual(Array.from({ length: 401 }, (_, i) => 400 - i));
  });

  it("says what is to be done about a campaign that waits for somebody", () => {
    const pause = { code: "failures" as const, reason: "30 of the last 50 calls <failed>.", at: nineOClock };
    const [page] = indexPages([campaign({ state: "paused", end: undefined, pause })], nineOClock);
    expect(page?.html).toContain("30 of the last 50 calls &lt;failed&gt;.");
  });

  it("links to reports whatever their names consist of", () => {
    const [page] = indexPages(campaigns(1), nineOClock);
    expect(page?.html).toContain('href="list%200%20%3Cb%3E/%C3%BC/report.html"');
  });
});
