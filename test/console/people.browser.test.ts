import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../report/chromium.ts";
import { until } from "../support/until.ts";
import { type ConsoleCloud, choose, openTab, picture, startConsoleCloud } from "./console-cloud.ts";

const executable = chromiumPath();

/** As many rows as keep a campaign going while somebody gives orders. */
const list = (rows: number, from: number) =>
  ["phone,message", ...Array.from({ length: rows }, (_, at) => `+4477009${from + at},Hello ${at}`)].join("\n");

/** What the focus is on, in words. */
const focused = (page: Page) => page.evaluate("document.activeElement.textContent");

/** Puts somebody on a suppression list of the stack. */
const suppress = ({ cloud }: ConsoleCloud, number: string) => {
  const { endpoint, region, credentials, outputs } = cloud;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  return s3.send(
    new PutObjectCommand({ Bucket: outputs["BucketName"], Key: "suppression/stop.csv", Body: `number\n${number}\n` }),
  );
};

describe.skipIf(!executable)("people of each role, as the stack's policies let them", () => {
  let browser: Browser;
  let place: ConsoleCloud;

  beforeAll(async () => {
    browser = await launchChromium(executable ?? "");
    place = await startConsoleCloud({ sendsPerSecond: 20, approval: 1_000 });
  });
  afterAll(async () => {
    await browser?.close();
    await place?.[Symbol.asyncDispose]();
  });

  const goTo = (page: Page, place: string) => page.goto(`${page.url().split("#")[0]}#/${place}`);

  it("an uploader hands a list over, which waits until an approver has seen and approved it", async () => {
    await suppress(place, "+447700910000");
    await using clerk = await openTab(browser, place, "gina", ["uploader", "reader"]);
    await goTo(clerk.page, "new");
    await choose(clerk.page, "many.csv", list(1_001, 10_000));
    await clerk.page.getByRole("button", { name: "Ask for approval of 1,000 messages…" }).click();
    await clerk.check();
    await clerk.page.getByRole("dialog").getByRole("button", { name: "Ask for approval" }).click();
    await clerk.page.getByText("Somebody else has to approve it.").waitFor();
    expect(await clerk.page.getByRole("button", { name: "Approve…" }).count()).toBe(0);
    expect(place.simulator.count()).toBe(0);

    await using approver = await openTab(browser, place, "hugo", ["approver"]);
    await approver.page.getByText("Waits for approval").waitFor();
    expect(await approver.page.getByRole("link", { name: "Send to a list" }).count()).toBe(0);
    await approver.page.getByRole("link", { name: "many" }).click();
    // Who is suppressed is not among those who would be called.
    await approver.page.getByText("GB: 1,000 messages, 1,000 SMS").waitFor();
    await approver.page.getByText("1 row is left out. Counted").waitFor();
    await approver.page.getByRole("button", { name: "Approve…" }).click();
    await approver.check();
    await picture(approver.page, "approval");
    await approver.page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await approver.page.getByText("Your approval is noted.").waitFor();
    await until("the list is being sent", () => place.simulator.count() > 0);

    await using operator = await openTab(browser, place, "ida", ["operator"]);
    const { page } = operator;
    await goTo(page, "campaign/many");
    await page.getByRole("button", { name: "Pause" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    // What was pressed is gone: the keyboard goes on from there.
    await until("the heading has the focus", async () => (await focused(page)) === "Control");
    await operator.check();
    await picture(page, "paused");
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByRole("button", { name: "Change speed…" }).click();
    await page.getByLabel("Messages a second").fill("500");
    expect(await page.getByRole("button", { name: "Change it" }).isDisabled()).toBe(true);
    await page.getByLabel("Messages a second").fill("1.000");
    await page.getByText("This may be 1 or 1000: write the one you mean.").waitFor();
    await page.keyboard.press("Enter");
    await page.getByLabel("Messages a second").fill("fast");
    await page.getByText("Write a number, such as 2.5 or 2,5.").waitFor();
    await operator.check();
    await page.getByLabel("Messages a second").fill("7,5");
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByText("Speed allowed").waitFor();
    await page.getByText("7.5 a second", { exact: true }).waitFor();
    await picture(page, "sending");
    await page.getByRole("button", { name: "Cancel…" }).click();
    await operator.check();
    await page.getByRole("button", { name: "Cancel it" }).click();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    await operator.check();
    const sent = place.simulator.count();
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(1_001);
    const cancelled = Number((await page.locator(".figure.cancelled dd").innerText()).replaceAll(",", ""));
    // Whether the suppressed one was reached before the end.
    expect([1_000 - sent, 1_001 - sent], await page.locator("main").innerText()).toContain(cancelled);
    expect([...clerk.said, ...approver.said]).toEqual([]);
    // An order that meets a change of somebody else's is refused by the table, and given again: the browser notes that.
    expect(operator.said.filter((line) => !line.includes("status of 400"))).toEqual([]);
  });

  it("somebody who approves what they uploaded is told that it does not count", async () => {
    await using both = await openTab(browser, place, "jana", ["uploader", "approver"]);
    const { page } = both;
    const numbers = () => new Set(place.simulator.calls().map(({ parameters }) => parameters["cnumber"]));
    await goTo(page, "new");
    await choose(page, "own.csv", list(1_002, 30_000));
    await page.getByRole("button", { name: "Ask for approval of 1,002 messages…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Ask for approval" }).click();
    await page.getByRole("button", { name: "Approve…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await page.getByText("does not count: the same person uploaded it").first().waitFor();
    expect(numbers().has("+447700930000")).toBe(false);
  });

  it("who may only upload is told that nobody sends from here what they cannot see", async () => {
    await using tab = await openTab(browser, place, "karl", ["uploader"]);
    const { page } = tab;
    await page.getByText("To see what becomes of them, ask for the right to see reports.").waitFor();
    await tab.check();
    await goTo(page, "new");
    await page.getByText("You may send lists but not see what a check finds").waitFor();
    await tab.check();
    expect(await page.locator("input[type=file]").count()).toBe(0);
  });
});
