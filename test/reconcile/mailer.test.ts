import { describe, expect, it } from "vitest";
import type { Account } from "../../shared/account/account.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import type { PlanHead } from "../../shared/plan/head.ts";
import { createMailer } from "../../shared/reconcile/mailer.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { head } from "../report/factories.ts";
import { refused, running } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

const target = ["--stack", "texts", "--region", "eu-west-1"];
const onTexts = target.join(" ");

const world = async (changes: Partial<CommittedCampaign> = {}, account: Partial<Account> = {}, manual?: string) => {
  const made = createWorld();
  await made.campaigns.create(running(changes), undefined);
  await made.setAccount(account);
  const mailer = createMailer({
    mail: made.mail,
    bucket: made.bucket,
    campaigns: made.campaigns,
    account: made.account,
    target,
    manual,
  });
  return { ...made, tell: async () => mailer([await made.read()], await made.account.read()) };
};

const failures = { code: "failures" as const, reason: "12 of the last 20 calls failed.", at: nineOClock };
const totals = { submitted: 18, failed: 1, unknown: 0, invalid: 1, skipped: 0, cancelled: 0 };
const hold = { since: nineOClock, until: nineOClock + 600_000, reason: "no answer" };

describe("mails to people", () => {
  it("lead to the manual's entry where people read it, and name none where nobody said", async () => {
    const manual = "https://wiki.example.com/ops";
    const entryIn = async (...made: Parameters<typeof world>) => {
      const { tell, mails } = await world(...made);
      await tell();
      return /More about it: (.*)\n$/u.exec(mails.at(-1)?.text ?? "")?.[1];
    };
    expect(await entryIn({ state: "paused", pause: failures }, {}, manual)).toBe(`${manual}#pause-failures`);
    const approval = { code: "approval" as const, reason: "It waits.", at: nineOClock };
    expect(await entryIn({ state: "paused", pause: approval }, {}, manual)).toBe(`${manual}#pause-approval`);
    const privilege = { code: "privilege" as const, reason: "No privilege.", at: nineOClock };
    expect(await entryIn({}, { pause: privilege }, manual)).toBe(`${manual}#pause-privilege`);
    expect(await entryIn({}, { hold: { ...hold, step: 4 } }, manual)).toBe(`${manual}#hold-the-endpoint-fails`);
    expect(await entryIn({ state: "paused", pause: failures })).toBeUndefined();
  });

  it("tell once that a campaign is complete, with its figures and where the report is", async () => {
    const { tell, mails } = await world({ state: "complete", totals, end: { why: "done", at: nineOClock } });
    await tell();
    await tell();
    expect(mails).toHaveLength(1);
    expect(mails[0]?.subject).toBe("Complete: spring, 18 of 20 accepted");
    expect(mails[0]?.text).toMatch(/submitted: 18\n {2}failed: 1\n {2}invalid: 1\n/u);
    expect(mails[0]?.text).toContain("not-sent.xlsx has 2 rows not sent (not-sent.csv is the same for programs): fix");
    expect(mails[0]?.text).not.toContain("unknown.");
    expect(mails[0]?.text).not.toContain("with its options");
    expect(mails[0]?.text).not.toContain("To look at");
    expect(mails[0]?.text).toContain("reports/spring/report.html");
  });

  it("ask once for approval, with the figures, who uploaded it and the commands", async () => {
    const pause = { code: "approval" as const, reason: "It waits", at: nineOClock };
    const { tell, mails, bucket, read } = await world({ state: "paused", pause });
    const preview = {
      countries: [
        { country: "GB", messages: 19, segments: 19 },
        { country: "", messages: 1, segments: 1 },
      ],
      messages: [],
    };
    const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock, head(["a"], { preview }));
    bucket.store("reports/spring/summary.json", JSON.stringify(summary));
    await tell();
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(["Approval needed: spring, 20 messages"]);
    expect(mails[0]?.text).toContain(
      "messages: 20 of 20 rows\n  segments: 20\n  to GB: 19\n  to unknown countries: 1\n",
    );
    expect(mails[0]?.text).toContain("Uploaded by anna.");
    expect(mails[0]?.text).toContain(
      `npx bulk-send approve spring ${onTexts}\nTo refuse it: npx bulk-send cancel spring ${onTexts}\n`,
    );
  });

  it("ask for approval of those who would be called now, and not by what was written of another plan", async () => {
    const pause = { code: "approval" as const, reason: "It waits", at: nineOClock };
    const preview = {
      countries: [{ country: "GB", messages: 17, segments: 18 }],
      messages: [],
      left: { lists: "one", at: nineOClock, distribution: {}, warnings: [] },
    };
    for (const [plan, messages, segments] of [
      ["r1", 17, 18],
      ["r0", 20, 20],
    ] as const) {
      const { tell, mails, bucket, read } = await world({ state: "paused", pause });
      const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock, head(["a"], { preview }));
      bucket.store("reports/spring/summary.json", JSON.stringify({ ...summary, approval: { plan } }));
      await tell();
      expect(mails[0]?.subject).toBe(`Approval needed: spring, ${messages} messages`);
      expect(mails[0]?.text).toContain(`messages: ${messages} of 20 rows\n  segments: ${segments}\n`);
    }
  });

  const warnings = [
    { code: "encoding-guessed", text: "The encoding was guessed." },
    { code: "literal-null", text: "Some cells say NULL", count: 12, lines: [3, 9], examples: ["NULL"] },
  ];

  it("tell once, while it can still be stopped, what should be looked at in a list", async () => {
    const { tell, mails, bucket, read } = await world();
    await tell();
    expect(mails).toEqual([]);
    const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock, head(["a"], { warnings }));
    bucket.store("reports/spring/summary.json", JSON.stringify(summary));
    await tell();
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(["Look at this: spring"]);
    expect(mails[0]?.text).toMatch(/^The campaign spring is being sent: 20 messages\./u);
    expect(mails[0]?.text).toContain("- The encoding was guessed.\n- Some cells say NULL. (lines 3, 9 …)\n");
    expect(mails[0]?.text).toContain(`npx bulk-send pause spring ${onTexts}\n`);
  });

  it("say nothing of a list that has nothing to look at, now or later", async () => {
    const { tell, mails, bucket, read } = await world();
    const summary = (changes: Partial<PlanHead>) =>
      JSON.stringify(liveSummary(running(), { account: { rate: 10 } }, nineOClock, head(["a"], changes)));
    bucket.store("reports/spring/summary.json", summary({}));
    await tell();
    expect((await read()).mailed).toBe("planned");
    bucket.store("reports/spring/summary.json", summary({ warnings }));
    await tell();
    expect(mails).toEqual([]);
  });

  it("repeat at the end what should be looked at, and what the report says is next", async () => {
    const { tell, mails, bucket, read } = await world({
      state: "complete",
      totals,
      end: { why: "done", at: nineOClock },
    });
    const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock, head(["a"], { warnings }));
    const complete = { ...summary, state: "complete", nextSteps: ["Do this next."] };
    bucket.store("reports/spring/summary.json", JSON.stringify(complete));
    await tell();
    expect(mails[0]?.text).toContain("\n\nDo this next.\n\nTo look at:\n- The encoding was guessed.\n");
  });

  it("say so when it was only a simulation, and begin with the report's sentence", async () => {
    const changes = { state: "complete", totals, end: { why: "done", at: nineOClock }, simulated: true } as const;
    const { tell, mails, bucket, read } = await world(changes);
    const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock);
    bucket.store("reports/spring/summary.json", JSON.stringify({ ...summary, state: "complete" }));
    await tell();
    expect(mails[0]?.subject).toMatch(/^Simulated, complete: spring, /);
    expect(mails[0]?.text).toContain("\n\nSimulated: ");
  });

  it("say what a campaign cost", async () => {
    const { tell, mails, bucket, read } = await world({
      state: "complete",
      totals,
      end: { why: "done", at: nineOClock },
      defaults: { prices: { currency: "GBP", perSegment: { GB: 0.04 } } },
      countries: { GB: { messages: 10, segments: 20 } },
    });
    const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock);
    bucket.store("reports/spring/summary.json", JSON.stringify({ ...summary, state: "complete" }));
    await tell();
    expect(mails[0]?.text).toContain("\n\nEstimated cost: £0.80: GB £0.80 (20 segments).\n\n");
  });

  it("tell once that a campaign waits for a person, and again when it waits again", async () => {
    const tally = { ...running().tally, submitted: 8, failed: 4 };
    const { tell, mails, campaigns, read } = await world({ state: "paused", pause: failures, tally });
    await tell();
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(["Paused: spring"]);
    expect(mails[0]?.text).toContain(failures.reason);
    expect(mails[0]?.text).toContain("  submitted: 8\n  failed: 4\n  to go: 8\n");
    expect(mails[0]?.text).toContain(`npx bulk-send resume spring ${onTexts}\n`);
    await campaigns.change(await read(), {}, { pause: { ...failures, at: nineOClock + 1 } });
    await tell();
    expect(mails).toHaveLength(2);
  });

  it("do not call complete what was cancelled", async () => {
    const { tell, mails } = await world({ state: "complete", totals, end: { why: "cancelled", at: nineOClock } });
    await tell();
    expect(mails[0]?.subject).toBe("Cancelled: spring, 18 of 20 accepted");
  });

  it("do not tell people what a person did", async () => {
    const person = { code: "person" as const, reason: "Paused by anna.", at: nineOClock };
    const { tell, mails } = await world({ state: "paused", pause: person }, { pause: person });
    await tell();
    expect(mails).toEqual([]);
  });

  it.each([
    ["credentials", "npx bulk-send credentials"],
    ["privilege", "npx bulk-send resume"],
    ["endpoint", "npx bulk-send resume"],
  ] as const)("tell once that the account is paused for its %s, and what to do", async (code, next) => {
    const { tell, mails } = await world({}, { pause: { code, reason: "Why.", at: nineOClock } });
    await tell();
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual([`Paused: all sending (${code})`]);
    expect(mails[0]?.text).toContain(`Then: ${next} ${onTexts}\n`);
    expect(mails[0]?.text).toContain("1 campaign with 20 rows to go waits for it.");
  });

  it("tell once of a hold that lasts, and nothing of a short one", async () => {
    const { tell, mails, setAccount, account } = await world({}, { hold: { ...hold, step: 3 } });
    await tell();
    expect(mails).toEqual([]);
    await setAccount({ hold: { ...hold, step: 4 } });
    await tell();
    await account.change((state) => ({ account: { ...state, hold: { ...hold, step: 5 } }, result: undefined }));
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(["On hold: Enswitch has not been answering"]);
  });

  it("go out again rather than never when noting that they went failed", async () => {
    const { tell, mails, table } = await world({ state: "complete", totals });
    table.fault = ({ method }) => (method === "update" ? "unreachable" : undefined);
    await expect(tell()).rejects.toThrow("cannot be reached");
    table.fault = () => undefined;
    await tell();
    await tell();
    expect(mails.map(({ subject }) => subject)).toEqual(Array(2).fill("Complete: spring, 18 of 20 accepted"));
  });

  it("are not noted of a campaign that has become another state meanwhile: that is told by its own", async () => {
    const { tell, read, campaigns, beforeChange } = await world({ state: "paused", pause: failures });
    beforeChange("mailed", async () => campaigns.change(await read(), {}, { state: "running", pause: undefined }));
    await tell();
    expect(await read()).toMatchObject({ state: "running" });
    expect((await read()).mailed).toBeUndefined();
  });

  it("say nothing of refused uploads, of which the splitter has told", async () => {
    const { mail, mails, bucket, campaigns, account } = await world();
    await createMailer({ mail, bucket, campaigns, account })([refused()], await account.read());
    expect(mails).toEqual([]);
  });

  it.each([
    ["sendBefore", "Ended early"],
    ["retention", "Ended early"],
    ["cancelled", "Cancelled"],
  ] as const)("call a campaign that ended by %s what it is", async (why, word) => {
    const { tell, mails } = await world({ state: "complete", totals, end: { why, at: nineOClock } });
    await tell();
    expect(mails[0]?.subject).toBe(`${word}: spring, 18 of 20 accepted`);
  });

  it.each([
    ["Simulated, paused: spring", { state: "paused", pause: failures }],
    ["Simulated, approval needed: spring, 20 messages", { state: "paused", pause: { ...failures, code: "approval" } }],
  ] as const)("say of a simulated campaign that waits that it is one: %s", async (subject, changes) => {
    const { tell, mails } = await world({ ...changes, simulated: true });
    await tell();
    expect(mails[0]?.subject).toBe(subject);
    expect(mails[0]?.text).toMatch(/^The simulated campaign spring waits for /u);
  });

  it("say of a simulated campaign with something to look at that it is one", async () => {
    const { tell, mails, bucket, read } = await world({ simulated: true });
    const summary = liveSummary(await read(), { account: { rate: 10 } }, nineOClock, head(["a"], { warnings }));
    bucket.store("reports/spring/summary.json", JSON.stringify(summary));
    await tell();
    expect(mails[0]?.subject).toBe("Simulated, look at this: spring");
    expect(mails[0]?.text).toMatch(/^The simulated campaign spring is being sent/u);
  });

  it("say of a campaign with options that they belong to what is sent again", async () => {
    const { tell, mails } = await world({ state: "complete", totals, jsonVersion: "j1" });
    await tell();
    expect(mails[0]?.text).toContain("with its options as campaigns/spring-2.json");
  });

  it("name twenty things to look at, and say that there are more", async () => {
    const found = (many: number) =>
      Array.from({ length: many }, (_, at) => ({ code: `code-${at}`, text: `Something ${at + 1} is odd.` }));
    const lines = async (many: number) => {
      const { tell, mails, bucket, read } = await world();
      const seen = head(["a"], { warnings: found(many) });
      bucket.store(
        "reports/spring/summary.json",
        JSON.stringify(liveSummary(await read(), { account: { rate: 10 } }, nineOClock, seen)),
      );
      await tell();
      return mails[0]?.text.split("\n").filter((line) => line.startsWith("- "));
    };
    expect((await lines(20))?.at(-1)).toBe("- Something 20 is odd.");
    const more = await lines(21);
    expect(more).toHaveLength(21);
    expect(more?.slice(-2)).toEqual(["- Something 20 is odd.", "- and more, on its page."]);
  });

  it("use no summary that is of another campaign, or of a version that this one cannot read", async () => {
    const { tell, mails, bucket } = await world();
    const other = liveSummary(
      running({ name: "autumn" }),
      { account: { rate: 10 } },
      nineOClock,
      head(["a"], { warnings }),
    );
    bucket.store("reports/spring/summary.json", JSON.stringify(other));
    await tell();
    bucket.store("reports/spring/summary.json", JSON.stringify({ ...other, name: "spring", state: "flying" }));
    await tell();
    bucket.store("reports/spring/summary.json", "{");
    await tell();
    expect(mails).toEqual([]);
    bucket.store("reports/spring/summary.json", JSON.stringify({ ...other, name: "spring" }));
    await tell();
    expect(mails).toHaveLength(1);
  });

  it("say of the whole account how many rows of which campaigns wait for it", async () => {
    const pause = { code: "endpoint", reason: "404", at: nineOClock } as const;
    const waiting = async (...campaigns: readonly Parameters<typeof running>[0][]) => {
      const { mail, mails, bucket, campaigns: stored, account, setAccount } = createWorld();
      await setAccount({ pause });
      const mailer = createMailer({ mail, bucket, campaigns: stored, account });
      const mailed = campaigns.map((changes, at) => running({ name: `c${at}`, mailed: "planned", ...changes }));
      await mailer([refused(), ...mailed], await account.read());
      return /^.* for it\.$/mu.exec(mails.at(-1)?.text ?? "")?.[0];
    };
    const person = { code: "person", reason: "Paused by anna.", at: nineOClock } as const;
    const end = { why: "cancelled", at: nineOClock } as const;
    expect(await waiting({ state: "ending", end })).toBe("No campaign waits for it.");
    expect(await waiting({ state: "ending", end }, { state: "paused", pause: person })).toBe(
      "1 campaign with 20 rows to go waits for it.",
    );
    expect(await waiting({}, { tally: { ...running().tally, submitted: 5 } }, { state: "paused", pause: person })).toBe(
      "3 campaigns with 55 rows to go wait for it.",
    );
  });
});
