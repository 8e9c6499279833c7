import { describe, expect, it } from "vitest";
import type { Verdict } from "../../shared/enswitch/verdict.ts";
import { judgeVerdict } from "../../shared/send/judge-verdict.ts";
import { open, sendRow } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";

const judge = (verdict: Verdict, row = sendRow(7), before = open(7, { attempts: 2 })) =>
  judgeVerdict(row, before, verdict, nineOClock, 41.6);

const tried = { row: 7, attempts: 3, at: nineOClock, ms: 42 };
const rejected = (key: string): Verdict => ({ kind: "rejected", code: 400, key, message: "Invalid" });

describe("what an answer means for its row and beyond", () => {
  it("204: accepted", () => {
    expect(judge({ kind: "submitted", code: 204 })).toEqual({
      outcome: { ...tried, status: "submitted", code: 204 },
      implication: { kind: "answered", accepted: true },
    });
  });

  it("400 about the row's own number: the row failed, with key and message", () => {
    expect(judge(rejected("cnumber"))).toEqual({
      outcome: { ...tried, status: "failed", code: 400, key: "cnumber", detail: "Invalid" },
      implication: { kind: "answered", accepted: false },
    });
  });

  it.each(["snumber", "stype", "customer", "auth_username", "auth_password"])(
    "400 about the %s that every row has: the row stays unsent, the campaign waits for a person",
    (key) => {
      const { outcome, implication } = judge(rejected(key));
      expect(outcome).toMatchObject({ ...tried, status: "open" });
      expect(implication.kind).toBe("campaign");
      expect(implication.kind === "campaign" && implication.reason).toContain(key);
    },
  );

  it.each([
    ["Not yours", "Not yours"],
    ["", "invalid"],
  ])("400 about what every row has says why, and what to do: %j", (message, why) => {
    const reason = `Enswitch refuses the snumber that every row has: ${why}. Correct it in the options or the stack's settings.`;
    expect(judge({ kind: "rejected", code: 400, key: "snumber", message })).toEqual({
      outcome: { ...tried, status: "open", detail: reason },
      implication: { kind: "campaign", reason },
    });
  });

  it.each(["snumber", "stype", "customer"] as const)("400 about the row's own %s: that row alone failed", (key) => {
    const { outcome, implication } = judge(rejected(key), sendRow(7, { own: [key] }));
    expect(outcome).toMatchObject({ status: "failed", key });
    expect(implication).toEqual({ kind: "answered", accepted: false });
  });

  it("400 about the sender that every row has stays the campaign's when the row brings another parameter", () => {
    expect(judge(rejected("snumber"), sendRow(7, { own: ["customer"] })).implication.kind).toBe("campaign");
  });

  it("400 without a key: the row failed", () => {
    expect(judge(rejected("")).outcome).toMatchObject({ status: "failed", key: "" });
  });

  it("401: the row stays unsent, newer credentials may help", () => {
    const { outcome, implication } = judge({ kind: "unauthenticated", code: 401, message: "No" });
    expect(outcome).toMatchObject({ ...tried, status: "open" });
    expect(implication.kind).toBe("credentials");
  });

  it("402: the row stays unsent, the account waits for the privilege", () => {
    const { outcome, implication } = judge({ kind: "unprivileged", code: 402, message: "No" });
    expect(outcome).toMatchObject({ status: "open" });
    expect(implication).toMatchObject({ kind: "account", code: "privilege" });
  });

  it("403: the row failed, the others go on", () => {
    expect(judge({ kind: "forbidden", code: 403, key: "", message: "Not allowed" })).toEqual({
      outcome: { ...tried, status: "failed", code: 403, key: "", detail: "Not allowed" },
      implication: { kind: "answered", accepted: false },
    });
  });

  it("no Enswitch at all: the row stays unsent, the account waits for the endpoint", () => {
    const cause = "https://pbx.example.com answered HTTP 404 without an Enswitch verdict";
    expect(judge({ kind: "wrong-endpoint", cause })).toEqual({
      outcome: { ...tried, status: "open", detail: cause },
      implication: { kind: "account", code: "endpoint", reason: cause },
    });
  });

  it("proven not sent: the row stays unsent and waits as long as it was asked to", () => {
    expect(judge({ kind: "not-sent", cause: "refused", retryAfterMs: 9000 })).toEqual({
      outcome: { ...tried, status: "open", detail: "refused" },
      implication: { kind: "not-sent", reason: "refused", retryAfterMs: 9000 },
    });
  });

  it("never fired: nothing is known of the row that was not known before", () => {
    expect(judge({ kind: "not-fired" })).toEqual({ outcome: undefined, implication: { kind: "not-fired" } });
  });

  it("answer lost: the row is in doubt for ever", () => {
    expect(judge({ kind: "unknown", cause: "no answer within 20 s" })).toEqual({
      outcome: { ...tried, status: "unknown", detail: "no answer within 20 s" },
      implication: { kind: "unknown", reason: "no answer within 20 s" },
    });
  });

  it("the first try counts as one", () => {
    expect(judgeVerdict(sendRow(7), undefined, { kind: "submitted", code: 204 }, nineOClock, 1).outcome?.attempts).toBe(
      1,
    );
  });
});
