import { readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { inWords } from "../../shared/report/time-words.ts";
import { chromiumPath, launchChromium } from "../report/chromium.ts";
import { campaign } from "../report/factories.ts";
import { nasty } from "../report/sample-report.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { until } from "../support/until.ts";
import { row, workbook } from "../support/workbook.ts";
import { type ConsoleCloud, choose, openTab, picture, startConsoleCloud } from "./console-cloud.ts";

const executable = chromiumPath();
if (!executable) console.warn("There is no Chromium on this machine: the console is not tested.");

describe.skipIf(!executable)("the console", () => {
  let browser: Browser;
  let place: ConsoleCloud;

  beforeAll(async () => {
    browser = await launchChromium(executable ?? "");
    place = await startConsoleCloud({ prices: { currency: "GBP", perSegment: { GB: 0.04, default: 0.1 } } });
  });
  afterAll(async () => {
    await browser?.close();
    await place?.[Symbol.asyncDispose]();
  });

  const clerk = ["uploader", "reader"] as const;
  const sentTo = (number: string) =>
    place.simulator
      .calls()
      .flatMap(({ parameters }) => (parameters["cnumber"] === number ? [parameters["message"]] : []));

  it.each([
    ["desktop", "spring", { viewport: { width: 1280, height: 800 } }],
    ["phone", "summer", { viewport: { width: 375, height: 740 }, hasTouch: true, colorScheme: "dark" }],
  ] as const)("does the whole job, from a workbook to its report (%s)", async (device, name, options) => {
    await using tab = await openTab(browser, place, device === "phone" ? "ben" : "anna", clerk, options);
    const { page } = tab;
    await tab.check();
    await page.getByRole("link", { name: "Send to a list" }).first().click();
    await page.getByRole("heading", { name: "Send to a list" }).waitFor();
    await tab.check();
    await picture(page, `${device}-drop`);
    let opened = false;
    page.once("filechooser", () => {
      opened = true;
    });
    // On a busy machine the browser may lose a key.
    await until("the keyboard opens the choice of a file", async () => {
      if (opened) return true;
      await page.locator("input[type=file]").focus();
      await page.keyboard.press("Enter");
      return false;
    });

    const people = Array.from({ length: 30 }, (_, at) => [`+44770090${2000 + at}`, `Person ${at}`, at * 7] as const);
    const rows = [["Mobile", "First name", "Points"], ...people, ["nonsense", "Nobody", 1]] as const;
    const sheet = { name: "People", rows: rows.map((cells, at) => row(at + 1, [...cells])).join("") };
    await choose(page, `${name}.xlsx`, await workbook([sheet]));
    await page.getByText("What is left to do").waitFor();
    await tab.check();
    await page.getByLabel("What everybody gets").fill("Hello ");
    // What is typed next, however soon, goes on behind it.
    await page.evaluate(
      '[...document.querySelectorAll(".chip")].find((chip) => chip.innerText.includes("First name")).click()',
    );
    await page.keyboard.type(", you have {{Points}} points.");
    // What is tried out here is what the check finds a moment later.
    await page.getByText("Hello Person 2, you have 14 points.").first().waitFor();
    await page.getByText("Checked: 30 messages would be sent.").waitFor();
    const panel = page.getByRole("region", { name: "What will be sent" });
    expect(await panel.innerText()).toMatch(/30\s+of 31 would be sent\s+1\s+cannot be sent/u);
    expect(await panel.innerText()).toContain("£1.20");
    expect(await panel.innerText()).toContain("line 32");
    await tab.check();
    await picture(page, `${device}-checked`);
    // docs/console.png
    await page.getByRole("heading", { name: "Send to a list" }).scrollIntoViewIfNeeded();
    await picture(page, `${device}-first-screen`, { fullPage: false });

    await page.getByRole("button", { name: "Send 30 messages…" }).click();
    const dialog = page.getByRole("dialog", { name: "Send 30 messages?" });
    expect(await dialog.innerText()).toContain("£1.20");
    await tab.check();
    await picture(page, `${device}-dialog`);
    await dialog.getByRole("button", { name: "Send 30 messages" }).click();
    await page.getByRole("heading", { name }).waitFor();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    await tab.check();
    await picture(page, `${device}-complete`);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "report.xlsx", exact: true }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe(`${name} report.xlsx`);
    expect((await readFile(await saved.path())).subarray(0, 2).toString()).toBe("PK");
    // Anybody sends a list of the same numbers twice in this test, by two names.
    expect(sentTo("+447700902003")).toContain("Hello Person 3, you have 21 points.");

    await page.getByRole("link", { name: "All campaigns" }).click();
    await page.getByText("30 of 31 rows sent").first().waitFor();
    await page.getByLabel("Search by name").fill(name);
    await page.getByText("1 of ").waitFor();
    await tab.check();
    await picture(page, `${device}-campaigns`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await page.reload();
    await page.getByText("Open the link that bulk-send printed").waitFor();
    // That it is refused its settings is the browser's own line.
    expect(tab.said.filter((line) => !line.includes("401"))).toEqual([]);
  });

  it("leads the keyboard on to what came of what was pressed, and to the reason why nothing can be sent", async () => {
    await using tab = await openTab(browser, place, "kim", clerk);
    const { page } = tab;
    const focusIsOn = (what: string, selector: string) =>
      until(`the focus is on ${what}`, () =>
        page.evaluate(`document.activeElement.matches('${selector}')`).then(Boolean),
      );
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "keys.csv", "to\n+447700900557\n");
    await focusIsOn("the judgement", "#judgement-title");
    await page.getByText("write the text").waitFor();
    await tab.check();
    const send = page.getByRole("button", { name: "Send…" });
    await send.focus();
    expect(await send.evaluate((button) => button.matches(":focus") && button.getAttribute("aria-disabled"))).toBe(
      "true",
    );
    const reason = await page.evaluate(
      "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent",
    );
    expect(reason).toBe("Something is left to do first: see “What will be sent”.");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: "write the text" }).press("Enter");
    await focusIsOn("the text", "textarea");
    await page.getByRole("button", { name: "Choose another" }).press("Enter");
    await focusIsOn("the choice of a file", "input[type=file]");
    expect(tab.said).toEqual([]);
  });

  it("says why a list is refused, and what is doubtful about one", async () => {
    await using tab = await openTab(browser, place, "bert", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "letter.txt", "Dear all");
    await page.getByRole("alert").getByText("That is no list.").waitFor();
    await choose(page, "picture.csv", Buffer.from("\u0089PNG\r\n\u001a\n\u0000\u0000", "latin1"));
    await page.getByText("Nothing can be sent yet.").waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).isDisabled()).toBe(true);
    await tab.check();
    await page.getByRole("button", { name: "Choose another" }).click();
    await choose(
      page,
      "umlauts.csv",
      Buffer.from("to,message\n+447700900555,Gr\u00fc\u00dfe von Zo\u00eb\n", "latin1"),
    );
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await page.getByText("Look at this first").waitFor();
    await page.getByText("Each row has its own text").waitFor();
    await tab.check();
    expect(tab.said).toEqual([]);
  });

  it("does not ask again for what was given, while something beside it has to be corrected", async () => {
    await using tab = await openTab(browser, place, "berta", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "late.csv", "to\n+447700900556\n");
    await page.getByText("write the text").waitFor();
    await page.getByLabel("Number to send from").fill("<b>1</b>");
    await page.getByLabel("What everybody gets").fill("Hello");
    await page.getByRole("alert").getByText("is not a number, line or name").waitFor();
    await page.getByText("Not checked again yet").waitFor();
    expect(await page.getByText("write the text").count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Send/ }).isDisabled()).toBe(true);
    await tab.check();
    await page.getByLabel("Number to send from").fill("");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    expect(tab.said).toEqual([]);
  });

  it("asks which column has the numbers, and takes a time and hours as they are meant", async () => {
    await using tab = await openTab(browser, place, "ute", clerk, { timezoneId: "Europe/Berlin" });
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "two.csv", "Mobile 1,Mobile 2,message\n+447700900111,+447700900112,Hi\n");
    await page.getByText("say which column has the phone numbers").waitFor();
    await page.getByLabel("Which column has the phone numbers?").selectOption("Mobile 2");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await page.getByText("First messages").waitFor();
    await page.getByText("to +447700900112").first().waitFor();
    await page.getByLabel("At a time").check();
    const sunday = new Date();
    sunday.setUTCDate(sunday.getUTCDate() + 14 - sunday.getUTCDay());
    const day = (after: number) => new Date(sunday.getTime() + after * 86_400_000).toISOString().slice(0, 10);
    const words = (after: number) =>
      `${Number(day(after).slice(8))} ${inWords("day", "UTC", day(after)).split(" ")[1]?.replace(",", "")} ${day(after).slice(0, 4)}`;
    await page.getByLabel("Day and time").fill(`${day(0)}T10:00`);
    await page.getByText("In Europe/Berlin time.").first().waitFor();
    await page
      .getByText(`${words(0)}, 10:00`)
      .first()
      .waitFor();
    await page.getByLabel("Only in certain hours").check();
    await page.getByLabel("By the clock of").selectOption("Europe/Berlin");
    await page
      .getByText(`${words(1)}, 09:00`)
      .first()
      .waitFor();
    await tab.check();
    await page.getByLabel("Mon", { exact: true }).uncheck();
    await page
      .getByText(`${words(2)}, 09:00`)
      .first()
      .waitFor();
    await page.getByText("More", { exact: true }).click();
    await page.getByLabel("Stop at").fill(`${day(-1)}T10:00`);
    await page.getByRole("alert").getByText("is not after").waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).isDisabled()).toBe(true);
    await tab.check();
    expect(tab.said).toEqual([]);
  });

  it("shows hostile names, texts and reasons as they are written, and lets none be markup", async () => {
    await using tab = await openTab(browser, place, "<b>mallory</b>", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const rows = nasty.map((text, at) => [`+44770090060${at}`, text].map(quoted).join(","));
    const name = "<img src=x onerror=alert(1)>";
    await choose(page, `${name}.csv`, [`to,${quoted("<i>name</i>")}`, ...rows, `${quoted("<u>x</u>")},y`].join("\n"));
    await page.getByLabel("What everybody gets").fill("<script>alert(2)</script> {{<i>name</i>}}");
    await page.getByText(/Checked: \d messages? would be sent./u).waitFor();
    await tab.check();
    expect(await page.locator("img, iframe, object, embed, u, i, b, svg, script:not([src])").count()).toBe(0);
    await page.getByRole("button", { name: /^Send \d/ }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Send \d/ })
      .click();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    expect(await page.locator("h1").innerText()).toBe(name);
    await tab.check();
    expect(await page.locator("img, iframe, object, embed, u, i, b, svg, script:not([src])").count()).toBe(0);
    expect(await page.title()).toBe(name);
    expect(tab.said).toEqual([]);
  });

  it("uploads again after the connection was lost, and sends once", async () => {
    await using tab = await openTab(browser, place, "cleo", clerk);
    const { page, context } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    let cut = 0;
    const cutTwice = (path: string) =>
      context.route(path, (route) => {
        cut += 1;
        return route.request().method() === "PUT" && cut % 3 !== 0 ? route.abort("connectionreset") : route.continue();
      });
    await cutTwice("**/check/**.csv*");
    // Ten seconds of sending: there must be something left to watch when the connection is lost once more.
    const others = Array.from({ length: 499 }, (_, at) => `+44770091${1000 + at},Only once\n`).join("");
    await choose(page, "lost.csv", `to,message\n+447700900701,Only once\n${others}`);
    await page.getByText("The upload goes on by itself").waitFor();
    await page.getByText("Checked: 500 messages would be sent.").waitFor();
    expect(cut).toBe(3);
    // This time the list arrives, and only the answer is lost.
    let answers = 0;
    await context.route("**/campaigns/lost.csv*", async (route) => {
      answers += 1;
      if (answers === 1) await route.fetch();
      return answers === 1 ? route.abort("connectionreset") : route.continue();
    });
    await page.getByRole("button", { name: "Send 500 messages…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send 500 messages" }).click();
    await page.getByRole("heading", { name: "lost" }).waitFor();
    expect(answers).toBe(2);
    await context.setOffline(true);
    await page.getByText("There is no connection. What you see may be old").waitFor();
    await context.setOffline(false);
    await page.getByRole("heading", { name: "The report" }).waitFor();
    expect(await page.getByText("There is no connection").count()).toBe(0);
    expect(sentTo("+447700900701")).toEqual(["Only once"]);
  });

  it("sends nobody a message twice when an upload was stopped that had arrived", async () => {
    await using tab = await openTab(browser, place, "stan", clerk);
    const { page, context } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "stopped.csv", "to\n+447700900711\n");
    await page.getByLabel("What everybody gets").fill("Only once");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    const send = async () => {
      await page.getByRole("button", { name: "Send 1 message…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click();
    };
    // The list arrives, and its answer never comes.
    const arrived = Promise.withResolvers<void>();
    await context.route("**/campaigns/stopped.csv*", async (route) => {
      await route.fetch();
      arrived.resolve();
    });
    await send();
    await arrived.promise;
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("was broken off, but it may have arrived").waitFor();
    await tab.check();
    await context.unroute("**/campaigns/stopped.csv*");
    await page.getByLabel("What everybody gets").fill("Something else");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await send();
    await page.getByText("It may have arrived as it was").waitFor();
    await tab.check();
    await page.getByRole("button", { name: "Not yet" }).click();
    await page.getByLabel("What everybody gets").fill("Only once");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await send();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    expect(sentTo("+447700900711")).toEqual(["Only once"]);
  });

  it("knows a list again whose upload was stopped, after another was chosen and the page was loaded again", async () => {
    await using tab = await openTab(browser, place, "nils", clerk);
    const { page, context } = tab;
    const fill = async (file: string) => {
      await choose(page, file, "to\n+447700900712\n");
      await page.getByLabel("What everybody gets").fill("Only once");
      await page.getByText("Checked: 1 message would be sent.").waitFor();
    };
    const send = async () => {
      await page.getByRole("button", { name: "Send 1 message…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click();
    };
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await fill("left.csv");
    // The list arrives, and its answer never comes.
    const arrived = Promise.withResolvers<void>();
    await context.route("**/campaigns/left.csv*", async (route) => {
      await route.fetch();
      arrived.resolve();
    });
    await send();
    await arrived.promise;
    await page.getByRole("button", { name: "Stop" }).click();
    await context.unroute("**/campaigns/left.csv*");
    await page.getByRole("button", { name: "Choose another" }).click();
    await page.getByText("Handing over left was broken off").waitFor();
    await tab.check();
    await picture(page, "broken-off");
    await page.reload();
    await page.getByText("Handing over left was broken off").waitFor();
    await fill("copy of left.csv");
    await page.getByText("was broken off, but it may have arrived").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("left");
    await page.getByLabel("Name", { exact: true }).fill("copy of left");
    await send();
    await page.getByText("this list has arrived already, as left").waitFor();
    await tab.check();
    await page.getByRole("link", { name: "Look at left" }).click();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    expect(sentTo("+447700900712")).toEqual(["Only once"]);
    expect(tab.said.filter((line) => !/ERR_|412/u.test(line))).toEqual([]);
  });

  it("leaves out who wants no messages, by the column that says so", async () => {
    await using tab = await openTab(browser, place, "olga", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "out.csv", "to,Opted out,message\n+447700900721,,In\n+447700900722,Yes,Out\n");
    await page.getByText("choose that column under “Who is left out”").waitFor();
    await tab.check();
    await page.getByLabel("Leave people out by the column").selectOption("Opted out");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await page.getByText('says "Yes", and is left out for that').waitFor();
    await tab.check();
    await page.getByRole("button", { name: "Send 1 message…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    expect([sentTo("+447700900721"), sentTo("+447700900722")]).toEqual([["In"], []]);
  });

  it("never takes a time that is being typed for at once, and keeps the columns beside a text that is wrong", async () => {
    await using tab = await openTab(browser, place, "tess", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "typing.csv", "to,Name\n+447700900731,A\n");
    await page.getByLabel("What everybody gets").fill("Hello");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await page.getByLabel("At a time").check();
    await page.getByLabel("Day and time").fill("");
    await page.getByText("Say on which day and at which time it begins.").first().waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).isDisabled()).toBe(true);
    expect(await page.getByLabel("At a time").isChecked()).toBe(true);
    await page.getByLabel("As soon as it is sent").check();
    await page.getByLabel("What everybody gets").fill("Hello {Name}");
    await page.getByText("Nothing can be sent yet.").waitFor();
    expect(await page.getByRole("button", { name: "Name", exact: true }).count()).toBe(1);
    await tab.check();
  });

  it("goes on with new keys when the old ones have ended", async () => {
    await using tab = await openTab(browser, place, "dora", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "keys.csv", "to,message\n+447700900801,Hello\n");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    place.console.expireSessions();
    await page.getByRole("button", { name: "Send 1 message…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click();
    await page.getByRole("heading", { name: "The report" }).waitFor();
    expect(sentTo("+447700900801")).toEqual(["Hello"]);
  });

  it("asks to sign in again, and keeps what is on the page, when the link itself is dead", async () => {
    await using tab = await openTab(browser, place, "dan", clerk);
    const { page, context } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(page, "dead.csv", "to\n+447700900802\n");
    await page.getByLabel("What everybody gets").fill("Hello");
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await context.route("**/console/session", (route) => route.fulfill({ status: 401 }));
    place.console.expireSessions();
    await page.getByRole("button", { name: "Send 1 message…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click();
    await page.getByText("You have been signed out: bulk-send was stopped or started again.").waitFor();
    await page.getByRole("button", { name: "Not yet" }).click();
    expect(await page.getByLabel("What everybody gets").inputValue()).toBe("Hello");
    await tab.check();
    expect(sentTo("+447700900802")).toEqual([]);
  });

  it("signs in by a link that is opened in the same tab, after signing out and after the old one died", async () => {
    await using tab = await openTab(browser, place, "lisa", clerk);
    const { page } = tab;
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    // Only the fragment differs: the browser loads nothing.
    await page.goto(place.console.linkFor("lotte", clerk));
    await page.getByText("lotte").waitFor();
    expect(page.url()).not.toContain("key");
    await page.goto(`${page.url().split("#")[0]}#key=dead`);
    await page.getByText("This link is no longer valid").waitFor();
    expect(page.url()).not.toContain("key");
  });

  it("has room for a column of any name on a phone", async () => {
    await using tab = await openTab(browser, place, "wanda", clerk, { viewport: { width: 375, height: 740 } });
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    await choose(
      page,
      `${"w".repeat(120)}.csv`,
      `to,${"Long name ".repeat(12)},${"w".repeat(120)}\n+447700900741,A,B\n`,
    );
    await page.getByText("What is left to do").waitFor();
    await page.getByLabel("What everybody gets").fill("w".repeat(150));
    await page.getByText("Checked: 1 message would be sent.").waitFor();
    await tab.check();
  });

  it("checks a long list, and says how far it has come", async () => {
    await using tab = await openTab(browser, place, "lena", clerk);
    const { page } = tab;
    await page.goto(`${page.url().split("#")[0]}#/new`);
    const rows = Array.from(
      { length: 100_000 },
      (_, at) => `+4479${String(at + 10_000_000)},Name ${at},${"x".repeat(60)}`,
    );
    await choose(page, "long.csv", `to,name,message\n${rows.join("\n")}\n`);
    await page.getByText("Reading the list…").waitFor();
    await page.getByText("Checked: 100,000 messages would be sent.").waitFor();
    await page.getByText("£4,000.00").first().waitFor();
    expect(tab.said).toEqual([]);
  });

  it("sends two lists of one name by the text of each, under two names", async () => {
    await using first = await openTab(browser, place, "eva", clerk);
    await using second = await openTab(browser, place, "finn", clerk);
    for (const [at, { page }] of [first, second].entries()) {
      await page.goto(`${page.url().split("#")[0]}#/new`);
      await choose(page, "same.csv", `to\n+44770090090${at}\n`);
      await page.getByLabel("What everybody gets").fill(`Text ${at}`);
      await page.getByText("Checked: 1 message would be sent.").waitFor();
      await page.getByRole("button", { name: "Send 1 message…" }).click();
    }
    await Promise.all(
      [first, second].map(({ page }) =>
        page.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click(),
      ),
    );
    const taken = await Promise.any(
      [first, second].map(async ({ page }) => {
        await page.getByText("There is a list of this name already.").waitFor();
        return page;
      }),
    );
    await taken.getByRole("button", { name: "Use the name same 2" }).click();
    await taken.getByRole("dialog").getByRole("button", { name: "Send 1 message" }).click();
    for (const { page } of [first, second]) await page.getByRole("heading", { name: "The report" }).waitFor();
    expect(await taken.locator("h1").innerText()).toBe("same 2");
    expect(sentTo("+447700900900")).toEqual(["Text 0"]);
    expect(sentTo("+447700900901")).toEqual(["Text 1"]);
  });

  it("has room for many campaigns, finds new ones by itself, and is there in the morning", async () => {
    const { endpoint, region, credentials, outputs } = place.cloud;
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const written = (name: string) =>
      client.send(
        new PutObjectCommand({
          Bucket: outputs["BucketName"] ?? "",
          Key: `reports/${name}/summary.json`,
          Body: JSON.stringify({ ...liveSummary(campaign(), { account: { rate: 10 } }, nineOClock), name }),
        }),
      );
    for (let at = 0; at < 60; at++) await written(`many ${String(at).padStart(2, "0")}`);
    await using tab = await openTab(browser, place, "nina", clerk);
    const { page, context } = tab;
    await page.clock.install();
    await page.reload();
    await page.getByLabel("Search by name").fill("many");
    await page.getByText("60 of ").waitFor();
    await page.getByText("Page 1 of 3").waitFor();
    const names = page.locator(".campaigns a");
    expect(await names.count()).toBe(20);
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText("Page 2 of 3").waitFor();
    await tab.check();
    await page.getByLabel("Search by name").fill("many 5");
    await page.getByText("10 of ").waitFor();
    expect(await names.first().innerText()).toBe("many 59");

    await written("many 5 more");
    await page.clock.fastForward(60_000);
    await page.getByText("11 of ").waitFor();
    // A night in which the machine slept, its keys ended, and the network comes a while after it wakes.
    await context.setOffline(true);
    place.console.expireSessions();
    await page.clock.fastForward(14 * 3_600_000);
    await page.getByText("There is no connection. What you see may be old").waitFor();
    await tab.check();
    await picture(page, "no-connection");
    await written("many 5 in the morning");
    await context.setOffline(false);
    await page.clock.fastForward(60_000);
    await page.getByText("12 of ").waitFor();
    expect(await page.getByText("There is no connection").count()).toBe(0);
    expect(await page.getByText("signed out").count()).toBe(0);
    client.destroy();
  });
});
