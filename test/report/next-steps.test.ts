import { describe, expect, it } from "vitest";
import { withCommands } from "../../cli/carry-out.ts";
import { liveLines } from "../../cli/live-lines.ts";
import type { PauseCode } from "../../shared/account/pause.ts";
import { pauseCampaign, resumeCampaign } from "../../shared/campaign/campaign-commands.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { nextSteps } from "../../shared/report/next-steps.ts";
import { livePage } from "../../shared/report/page/live-page.ts";
import { filesSection, nextStepsSection } from "../../shared/report/page/next-steps-section.ts";
import { reasonsSection } from "../../shared/report/page/reasons-section.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { finalFiles } from "../../shared/report/written-files.ts";
import { running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const target = ["--data", "our lists/.bulk-send"];
const onTarget = '--data "our lists/.bulk-send"';
const counts = { submitted: 9, failed: 0, unknown: 0, invalid: 0, skipped: 0, cancelled: 0 };
const pause = (code: PauseCode) => ({ code, reason: "It stopped", at: nineOClock });

const paused = (code: PauseCode, whole = false): Summary =>
  liveSummary(
    running(whole ? {} : { state: "paused", pause: pause(code) }),
    { account: { rate: 10, pause: whole ? pause(code) : undefined }, target },
    nineOClock,
  );

describe("what to do about a pause", () => {
  it.each([
    ["person", ["It stopped. To continue with the next row: npx bulk-send resume spring"]],
    ["failures", ["It stopped. Once that is fixed, to continue with the next row: npx bulk-send resume spring"]],
    [
      "approval",
      [
        "It stopped. To see what would be sent, and let it go on: npx bulk-send approve spring",
        "To refuse it: npx bulk-send cancel spring",
      ],
    ],
  ] as const)("of a campaign, by its reason (%s), ends with a command for this stack", (code, steps) => {
    expect(paused(code).nextSteps).toEqual(steps.map((step) => `${step} ${onTarget}`));
  });

  it("of the whole account names no campaign", () => {
    expect(paused("privilege", true).nextSteps.join()).toMatch(/npx bulk-send resume --data "/u);
    expect(paused("credentials", true).nextSteps.join()).toMatch(/are stored: npx bulk-send credentials --data "/u);
  });

  it("is said once in the terminal, with the reason in it", () => {
    const text = liveLines(paused("person"), false).join("\n");
    expect(text.split("It stopped")).toHaveLength(2);
    expect(text.endsWith(`npx bulk-send resume spring ${onTarget}`)).toBe(true);
  });

  it("stands on the page as code that is copied whole, and nothing else of the sentence with it", () => {
    const page = livePage(paused("person"));
    expect(page).toContain(
      '<code class="command">npx bulk-send resume spring --data &quot;our lists/.bulk-send&quot;</code>',
    );
  });
});

it("on the page, what is about to happen is told to the second, in the reader's zone", () => {
  const hold = { since: nineOClock, until: nineOClock + 16_000, reason: "no answer" };
  const page = livePage(liveSummary(running(), { account: { rate: 10, hold } }, nineOClock));
  expect(page).toContain('<time datetime="2026-03-02T09:00:16.000Z" data-time="exact">2 Mar 2026, 09:00:16 UTC</time>');
});

describe("what may follow a command", () => {
  it("is a command for the same stack at the end of the sentence", () => {
    const granted = pauseCampaign(running(), "anna", nineOClock);
    expect(withCommands(granted, target)).toBe(
      `spring is paused. To let it go on: npx bulk-send resume spring ${onTarget}`,
    );
    const refused = resumeCampaign(running({ state: "paused", pause: pause("approval") }), "anna", nineOClock);
    expect(withCommands(refused, target)).toMatch(/does not replace\. To let it go on.*approve spring --data /u);
    expect(withCommands({ sentence: "Done." }, target)).toBe("Done.");
  });
});

describe("what to do at the end", () => {
  it("is nothing where all was sent", () => {
    expect(nextSteps("spring", counts, false)).toEqual([
      "There is nothing left to do; report.xlsx shows row by row what happened to each message.",
    ]);
  });

  it("is to upload again what was not sent, refused or not, and to ask about what is in doubt, with the options", () => {
    const some = { ...counts, failed: 1, invalid: 2, cancelled: 3, unknown: 4 };
    const [notSent = "", doubtful = "", ...more] = nextSteps("spring", some, true);
    expect(notSent).toContain("not-sent.xlsx has 6 rows not sent");
    expect(notSent).toContain("campaigns/spring-2.xlsx, with its options as campaigns/spring-2.json.");
    expect(doubtful).toContain("unknown.xlsx has 4 rows in doubt");
    expect(more).toEqual([]);
  });

  it("has an option of the command line in one piece, and files as links only where they are beside the page", () => {
    const step = "Run it with --endpoint; not-sent.xlsx has it, campaigns/not-sent.xlsx and gone.xlsx have not.";
    const files = [{ name: "not-sent.xlsx", holds: "" }];
    const { markup } = nextStepsSection({ ...paused("person"), nextSteps: [step], files });
    expect(markup).toContain("<code>--endpoint</code>");
    expect(markup).toContain(
      '<a href="not-sent.xlsx">not-sent.xlsx</a> has it, campaigns/not-sent.xlsx and gone.xlsx have not',
    );
  });

  it.each([
    [counts, ["not-sent.xlsx", "not-sent.csv", "unknown.xlsx", "unknown.csv"]],
    [{ ...counts, unknown: 1 }, ["not-sent.xlsx", "not-sent.csv"]],
    [{ ...counts, cancelled: 1 }, ["unknown.xlsx", "unknown.csv"]],
  ])("only names files without rows", (figures, empty) => {
    const files = finalFiles(figures, { report: undefined, notSent: undefined, unknown: undefined });
    const { markup } = filesSection({ ...paused("person"), counts: figures, files });
    for (const { name } of files) expect(markup.includes(`<a href="${name}">`)).toBe(!empty.includes(name));
    expect(markup).toContain(`Without rows: ${empty.join(", ")}.`);
  });
});

it("an example that quotes something itself is not quoted again", () => {
  const problem = { status: "invalid" as const, reason: "Letters", count: 2, rows: [1, 2] };
  const problems = [{ ...problem, examples: ['"44O"', "ask her"] }];
  const { markup } = reasonsSection({ ...paused("person"), problems });
  expect(markup).toContain("For example <bdi>&quot;44O&quot;</bdi>, “<bdi>ask her</bdi>”");
});
