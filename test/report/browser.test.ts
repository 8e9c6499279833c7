import { type DisposableTempDir, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grouped } from "../../shared/in-words.ts";
import { checkSummary } from "../../shared/report/check-summary.ts";
import { headlineText } from "../../shared/report/headline.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { checkPage } from "../../shared/report/page/check-page.ts";
import { indexPages } from "../../shared/report/page/index-page.ts";
import { livePage } from "../../shared/report/page/live-page.ts";
import { refusedPage } from "../../shared/report/page/refused-page.ts";
import { refusedSummary } from "../../shared/report/refused-summary.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { chromiumPath, launchChromium } from "./chromium.ts";
import { campaign, head } from "./factories.ts";
import { nasty, sampleReport, warnings } from "./sample-report.ts";

const executable = chromiumPath();
if (!executable) {
  console.warn(
    "There is no Chromium on this machine (apt-get install chromium): the pages are not tested in a browser.",
  );
}

const hoursOfRecipients = {
  options: { window: { from: "09:00", to: "20:30", timezone: "recipient" } },
  zones: [
    { zones: ["Europe/London"], rows: 50 },
    { zones: ["America/Los_Angeles"], rows: 49 },
    { zones: ["Australia/Adelaide", "Australia/Brisbane", "Australia/Eucla", "Australia/Perth"], rows: 1 },
  ],
};
const running = campaign({ state: "running", end: undefined, name: nasty[0], ...hoursOfRecipients });
const problems = nasty.map((reason, i) => ({
  status: "invalid" as const,
  reason,
  count: i + 1,
  rows: [1],
  examples: [reason],
}));
const plan = head(nasty, { problems, samples: nasty, warnings });

const pages: Readonly<Record<string, () => Promise<string>>> = {
  report: async () => (await sampleReport()).page,
  live: async () => livePage(liveSummary({ ...running, invalid: 21 }, { account: { rate: 10 } }, nineOClock, plan)),
  refused: async () => refusedPage(refusedSummary({ name: "spring", reason: nasty.join(" "), at: nineOClock })),
  check: async () =>
    checkPage(
      checkSummary({
        name: "spring",
        head: plan,
        rows: 100,
        sendable: 79,
        invalid: 21,
        skipped: 0,
        options: {},
        defaults: {},
        dialect: { encoding: "windows-1252", guessed: true, delimiter: ";" },
        messages: nasty.map((message, i) => ({ row: i + 1, cnumber: "1", snumber: "2", message, segments: 1 })),
        at: nineOClock,
      }),
    ),
  index: async () => {
    const [page] = indexPages([running, campaign({ state: "complete", name: "a/b" })], nineOClock, nasty[1]);
    return page?.html ?? "";
  },
};

describe.skipIf(!executable)("in a browser", () => {
  let browser: Browser;
  let folder: DisposableTempDir;
  const axe = readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

  beforeAll(async () => {
    folder = await mkdtempDisposable(join(tmpdir(), "bulk-send-pages-"));
    browser = await launchChromium(executable ?? "");
    for (const [name, page] of Object.entries(pages)) await writeFile(join(folder.path, `${name}.html`), await page());
  });
  afterAll(async () => {
    await browser?.close();
    await folder?.remove();
  });

  /** Opens a page from disk and records what it logs and requests. */
  async function open(name: string, options: BrowserContextOptions = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(5_000);
    const said: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("dialog", (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => asked.push(request.url()));
    const url = pathToFileURL(join(folder.path, `${name}.html`)).href;
    await page.goto(url);
    return { page, said, asked, url, [Symbol.asyncDispose]: () => context.close() };
  }

  describe.each(Object.keys(pages))("the %s page", (name) => {
    it("logs nothing to the console and requests nothing, whatever the file contains", async () => {
      await using opened = await open(name);
      expect(opened.said).toEqual([]);
      expect(opened.asked.filter((url) => url !== opened.url && url !== "data:,")).toEqual([]);
      expect(await opened.page.title()).not.toBe("owned");
      expect(await opened.page.locator("img, iframe, object, embed, [onload], [onerror]").count()).toBe(0);
    });

    it.each(["light", "dark"] as const)("has no accessibility fault (%s)", async (colorScheme) => {
      await using opened = await open(name, { colorScheme, bypassCSP: true });
      await opened.page.addScriptTag({ content: await axe });
      const faults: unknown = await opened.page.evaluate(
        `axe.run().then(({ violations }) => violations
          .map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html).join(" | ")))`,
      );
      expect(faults).toEqual([]);
    });

    it("fits a phone without scrolling sideways", async () => {
      await using opened = await open(name, { viewport: { width: 360, height: 740 } });
      expect(await opened.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    });
  });

  describe("the report", () => {
    it("shows the figures of summary.json", async () => {
      const { summary } = await sampleReport();
      await using opened = await open("report");
      for (const [status, count] of Object.entries(summary.counts)) {
        expect(await opened.page.locator(`[data-count="${status}"]`).textContent()).toBe(grouped(count));
      }
      expect(await opened.page.locator("h1").textContent()).toBe(summary.name);
      expect(await opened.page.locator(".headline").textContent()).toBe(`${headlineText(summary)}.`);
      expect(await opened.page.locator(".facts").textContent()).toContain(grouped(summary.segments.total));
      const counts = await opened.page.locator("[aria-labelledby=reasons] td:nth-child(3) .strong").allTextContents();
      expect(counts.sort()).toEqual(summary.problems.map(({ count }) => grouped(count)).sort());
    });

    it("shows a customer's cells as they are written", async () => {
      await using opened = await open("report");
      const cells = new Set(await opened.page.locator("#rows td.cell bdi").allTextContents());
      expect(cells).toContain(nasty[0]);
      expect(cells).toContain(nasty[1]);
      expect(cells).toContain("⟨U+202E⟩gnp.exe⟨U+202C⟩");
    });

    it("names the line of a row, as the other places do, and finds it by that", async () => {
      await using opened = await open("report");
      expect(await opened.page.locator("#rows tbody th").first().textContent()).toBe("line 4992");
      await opened.page.getByRole("searchbox", { name: "Search" }).fill("Person 97 digits");
      expect(await opened.page.locator("#rows tbody tr:visible th").first().textContent()).toBe("line 98");
      const where = opened.page.locator("[aria-labelledby=reasons] tbody td:last-child");
      expect(await where.allTextContents()).toContain("lines 98, 195, 292 …");
    });

    it("says first what to do next, then what to look at, and both on the first screen", async () => {
      await using opened = await open("report", { viewport: { width: 1280, height: 800 } });
      const headings = await opened.page.locator("h2").allTextContents();
      expect(headings.slice(0, 2)).toEqual(["What to do next", "Look at this"]);
      const next = await opened.page.locator(".next").boundingBox();
      expect((next?.y ?? 0) + (next?.height ?? 0)).toBeLessThan(800);
      const items = await opened.page.locator(".warnings li").allTextContents();
      expect(items).toHaveLength(warnings.length);
      expect(items[1]).toContain("lines 4, 12, 57 …: “NULL” (23 cases in all)");
    });

    it("links to the workbooks", async () => {
      await using opened = await open("report");
      const links = await opened.page.locator("[aria-labelledby=files] a").allTextContents();
      expect(links.slice(0, 3)).toEqual(["report.xlsx", "report.csv", "not-sent.xlsx"]);
      expect(await opened.page.locator('[aria-labelledby=next] a[href="not-sent.xlsx"]').count()).toBe(1);
    });

    it("filters rows by status and by words", async () => {
      const { figures } = await sampleReport();
      await using opened = await open("report");
      const shown = opened.page.locator("#rows tbody tr:visible");
      const status = opened.page.getByRole("combobox", { name: "Status" });
      expect(await shown.count()).toBe(50);
      expect(await shown.first().textContent()).toContain("unknown");
      await opened.page.getByText("Show 450 more rows").click();
      expect(await shown.count()).toBe(500);
      await opened.page.getByText("Show 450 more rows").click();
      await status.selectOption("unknown");
      const unknown = figures.problemRows.filter((row) => row.status === "unknown").length;
      expect(unknown).toBeGreaterThan(0);
      expect(await shown.count()).toBe(unknown);
      expect(await opened.page.locator("#row-filter output").textContent()).toBe(`${unknown} of 500 found`);
      await status.selectOption("");
      await opened.page.getByRole("searchbox", { name: "Search" }).fill("PERSON 97 digits");
      const found = figures.problemRows.filter(
        ({ cells, line, detail }) => `line ${line} ${cells.join(" ")}`.includes("97") && detail.includes("digits"),
      ).length;
      expect(await shown.count()).toBe(found);
      expect(await shown.first().textContent()).toContain("Person 97");
    });

    it("has a column of numbers, and cards where there is no room for columns", async () => {
      await using opened = await open("report");
      const number = opened.page.locator("#rows tbody tr:first-child td.phone").first();
      expect(await number.textContent()).toBe("+44 7700 904991");
      expect(await opened.page.locator("#rows thead th").nth(2).textContent()).toBe("Mobile <i>");
      await opened.page.setViewportSize({ width: 390, height: 800 });
      const label = `getComputedStyle(document.querySelector("#rows td.phone"), "::before").content`;
      expect(await opened.page.evaluate(label)).toContain("Mobile <i>");
      const [card, cell] = [
        await opened.page.locator("#rows tbody tr").first().boundingBox(),
        await number.boundingBox(),
      ];
      expect(cell?.width ?? 0).toBeGreaterThan((card?.width ?? 0) * 0.8);
    });

    it.each([true, false])(
      "has its plots in the file, as wide as the page (scripts: %s)",
      async (javaScriptEnabled) => {
        await using opened = await open("report", { viewport: { width: 1000, height: 800 }, javaScriptEnabled });
        const field = opened.page.locator("svg.field").first();
        expect(await opened.page.locator("svg.field").count()).toBe(2);
        expect(await opened.page.locator("figcaption").first().isVisible()).toBe(true);
        const path = opened.page.locator("svg.field path.area").first();
        expect((await path.boundingBox())?.width ?? 0).toBeGreaterThan(800);
        const wide = (await field.boundingBox())?.width ?? 0;
        await opened.page.setViewportSize({ width: 500, height: 800 });
        expect((await field.boundingBox())?.width ?? 0).toBeLessThan(wide);
        expect(await opened.page.locator(".marks").first().textContent()).toContain("15 min: paused by Bert Brown.");
      },
    );

    it.each([390, 1280])("has no two labels of a plot on top of each other (%s px)", async (width) => {
      await using opened = await open("report", { viewport: { width, height: 800 } });
      for (const plot of await opened.page.locator("svg.field").all()) {
        const boxes: { x: number; y: number; width: number }[] = [];
        for (const text of await plot.locator("text:visible").all()) {
          const box = await text.boundingBox();
          if (box !== null) boxes.push(box);
        }
        boxes.sort((a, b) => a.y - b.y || a.x - b.x);
        expect(boxes.length).toBeGreaterThan(1);
        const touching = boxes.filter((box, index) => {
          const before = boxes[index - 1];
          return before !== undefined && Math.abs(before.y - box.y) < 8 && before.x + before.width > box.x;
        });
        expect(touching).toEqual([]);
      }
    });

    it("shows times in the reader's zone, and in UTC without scripts", async () => {
      await using berlin = await open("report", { timezoneId: "Asia/Kolkata" });
      expect(await berlin.page.locator(".headline time").textContent()).toBe("2 Mar 2026, 14:30–15:04 GMT+5:30");
      expect(await berlin.page.locator("footer [data-zone]").textContent()).toBe("Asia/Calcutta");
      await using plain = await open("report", { timezoneId: "Asia/Kolkata", javaScriptEnabled: false });
      expect(await plain.page.locator(".headline time").textContent()).toBe("2 Mar 2026, 09:00–09:34 UTC");
      expect(await plain.page.locator("footer [data-zone]").textContent()).toBe("UTC");
    });

    it("breaks no word of its own in two, and never says undefined", async () => {
      await using opened = await open("report", { viewport: { width: 390, height: 800 } });
      expect(await opened.page.locator("body").innerText()).not.toContain("undefined");
      const tags = await opened.page.locator(".tag:visible").all();
      for (const tag of tags.slice(0, 20)) expect((await tag.boundingBox())?.height ?? 0).toBeLessThan(32);
    });

    it("says on paper which rows are not printed", async () => {
      await using opened = await open("report");
      const said = opened.page.getByText("Not printed: 450 more rows");
      expect(await said.isVisible()).toBe(false);
      await opened.page.emulateMedia({ media: "print" });
      expect(await said.isVisible()).toBe(true);
      await opened.page.emulateMedia({ media: "screen" });
      await opened.page.getByText("Show 450 more rows").click();
      await opened.page.emulateMedia({ media: "print" });
      expect(await said.isVisible()).toBe(false);
    });

    it("can be read without scripts", async () => {
      await using opened = await open("report", { javaScriptEnabled: false });
      expect(await opened.page.locator("#rows tbody tr:visible").count()).toBe(50);
      await opened.page.getByText("Show 450 more rows").click();
      expect(await opened.page.locator("#rows tbody tr:visible").count()).toBe(500);
    });
  });

  it("a page on disk may be a copy: it does not reload by itself, nor say so", async () => {
    await using opened = await open("live");
    expect(await opened.page.locator("#reload-note").textContent()).toContain("may be a copy");
    await opened.page.clock.install();
    await opened.page.reload();
    const before = opened.asked.length;
    await opened.page.clock.runFor(61_000);
    expect(opened.asked).toHaveLength(before);
  });

  it("a live page on a server reloads itself every minute, until it is told to stop", async () => {
    const page = await readFile(join(folder.path, "live.html"), "utf8");
    await using context = await browser.newContext();
    await context.route("http://bulk-send.test/**", (route) => route.fulfill({ body: page, contentType: "text/html" }));
    const tab = await context.newPage();
    await tab.clock.install();
    await tab.goto("http://bulk-send.test/report.html");
    let asked = 0;
    tab.on("request", () => {
      asked += 1;
    });
    await tab.getByRole("button", { name: "Stop reloading" }).click();
    expect(await tab.locator("#reload-note").textContent()).toBe("This page does not reload.");
    await tab.clock.runFor(61_000);
    expect(asked).toBe(0);
    await tab.getByRole("button", { name: "Reload every minute" }).click();
    const loaded = tab.waitForEvent("load");
    await tab.clock.runFor(60_000);
    await loaded;
    expect(asked).toBeGreaterThan(0);
  });
});
