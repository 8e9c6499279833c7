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
      consequence: { kind: "answered", accepted: true },
    });
  });

  it("400 about the row's own number: the row failed, with key and message", () => {
    expect(judge(rejected("cnumber"))).toEqual({
      outcome: { ...tried, status: "failed", code: 400, key: "cnumber", detail: "Invalid" },
      consequence: { kind: "answered", accepted: false },
    });
  });

  it.each(["snumber", "stype", "customer", "auth_username", "auth_password"])(
    "400 about the %s that every row has: the row stays unsent, the campaign waits for a person",
    (key) => {
      const { outcome, consequence } = judge(rejected(key));
      expect(outcome).toMatchObject({ ...tried, status: "open" });
      expect(consequence.kind).toBe("campaign");
      expect(consequence.kind === "campaign" && consequence.reason).toContain(key);
    },
  );

  it.each(["snumber", "stype", "customer"] as const)("400 about the row's own %s: that row alone failed", (key) => {
    const { outcome, consequence } = judge(rejected(key), sendRow(7, { own: [key] }));
    expect(outcome).toMatchObject({ status: "failed", key });
    expect(consequence).toEqual({ kind: "answered", accepted: false });
  });

  it("400 about the sender that every row has stays the campaign's when the row brings another parameter", () => {
    expect(judge(rejected("snumber"), sendRow(7, { own: ["customer"] })).consequence.kind).toBe("campaign");
  });

  it("400 without a key: the row failed", () => {
    expect(judge(rejected("")).outcome).toMatchObject({ status: "failed", key: "" });
  });

  it("401: the row stays unsent, newer credentials may help", () => {
    const { outcome, consequence } = judge({ kind: "unauthenticated", code: 401, message: "No" });
    expect(outcome).toMatchObject({ ...tried, status: "open" });
    expect(consequence.kind).toBe("credentials");
  });

  it("402: the row stays unsent, the account waits for the privilege", () => {
    const { outcome, consequence } = judge({ kind: "unprivileged", code: 402, message: "No" });
    expect(outcome).toMatchObject({ status: "open" });
    expect(consequence).toMatchObject({ kind: "account", code: "privilege" });
  });

  it("403: the row failed, the others go on", () => {
    expect(judge({ kind: "forbidden", code: 403, key: "", message: "Not allowed" })).toEqual({
      outcome: { ...tried, status: "failed", code: 403, key: "", detail: "Not allowed" },
      consequence: { kind: "answered", accepted: false },
    });
  });

  it("no Enswitch at all: the row stays unsent, the account waits for the endpoint", () => {
    const cause = "https://pbx.example.com answered HTTP 404 without an Enswitch verdict";
    expect(judge({ kind: "wrong-endpoint", cause })).toEqual({
      outcome: { ...tried, status: "open", detail: cause },
      consequence: { kind: "account", code: "endpoint", reason: cause },
    });
  });

  it("proven not sent: the row stays unsent and waits as long as it was asked to", () => {
    expect(judge({ kind: "not-sent", cause: "refused", retryAfterMs: 9000 })).toEqual({
      outcome: { ...tried, status: "open", detail: "refused" },
      consequence: { kind: "not-sent", reason: "refused", retryAfterMs: 9000 },
    });
  });

  it("never fired: nothing is known of the row that was not known before", () => {
    expect(judge({ kind: "not-fired" })).toEqual({ outcome: undefined, consequence: { kind: "not-fired" } });
  });

  it("answer lost: the row is in doubt for ever", () => {
    expect(judge({ kind: "unknown", cause: "no answer within 20 s" })).toEqual({
      outcome: { ...tried, status: "unknown", detail: "no answer within 20 s" },
      consequence: { kind: "unknown", reason: "no answer within 20 s" },
    });
  });

  it("the first try counts as one", () => {
    expect(judgeVerdict(sendRow(7), undefined, { kind: "submitted", code: 204 }, nineOClock, 1).outcome?.attempts).toBe(
      1,
    );
  });
});
