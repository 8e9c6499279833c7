import type { Verdict } from "../enswitch/verdict.ts";
import type { Outcome } from "../ledger/outcome.ts";
import type { SendRow } from "../plan/plan.ts";

/** What a call's verdict implies beyond its own row. */
export type Implication =
  /** The endpoint answers as Enswitch does. */
  | { readonly kind: "answered"; readonly accepted: boolean }
  | { readonly kind: "unknown"; readonly reason: string }
  | { readonly kind: "not-sent"; readonly reason: string; readonly retryAfterMs: number | undefined }
  | { readonly kind: "not-fired" }
  /** The credentials were refused; newer ones may be in the secret. */
  | { readonly kind: "credentials"; readonly reason: string }
  /** The account waits for a person. */
  | { readonly kind: "account"; readonly code: "privilege" | "endpoint"; readonly reason: string }
  /** The campaign waits for a person: a parameter that options or stack give to every row is wrong. */
  | { readonly kind: "campaign"; readonly reason: string };

/** A judged call: the row's outcome (`undefined`: as before) and what it implies beyond the row. */
export interface Judgement {
  readonly outcome: Outcome | undefined;
  readonly implication: Implication;
}

/** Parameters that usually come from options or stack: a 400 about one of them would recur for every row. */
const campaignKeys = new Set(["snumber", "stype", "customer"]);

/** Judges the verdict of a call of `row` that was fired at `at` (epoch ms) and answered after `ms` milliseconds. */
export function judgeVerdict(
  row: SendRow,
  before: Outcome | undefined,
  verdict: Verdict,
  at: number,
  ms: number,
): Judgement {
  const base = { row: row.row, attempts: (before?.attempts ?? 0) + 1, at, ms: Math.round(ms) };
  const open = (detail: string): Outcome => ({ ...base, status: "open", detail });
  switch (verdict.kind) {
    case "submitted":
      return {
        outcome: { ...base, status: "submitted", code: verdict.code },
        implication: { kind: "answered", accepted: true },
      };
    case "rejected": {
      const { code, key, message } = verdict;
      if (isEveryRows(row, key)) {
        const reason = `Enswitch refuses the ${key} that every row has: ${message || "invalid"}. Correct it in the options or the stack's settings.`;
        return { outcome: open(reason), implication: { kind: "campaign", reason } };
      }
      return {
        outcome: { ...base, status: "failed", code, key, detail: message },
        implication: { kind: "answered", accepted: false },
      };
    }
    case "forbidden":
      return {
        outcome: { ...base, status: "failed", code: verdict.code, key: verdict.key, detail: verdict.message },
        implication: { kind: "answered", accepted: false },
      };
    case "unauthenticated": {
      const reason = "Enswitch does not accept the user name and password";
      return { outcome: open(reason), implication: { kind: "credentials", reason } };
    }
    case "unprivileged": {
      const reason =
        'The role of the Enswitch user lacks the "send messages" privilege (code 402). Grant it, then resume.';
      return { outcome: open(reason), implication: { kind: "account", code: "privilege", reason } };
    }
    case "wrong-endpoint":
      return {
        outcome: open(verdict.cause),
        implication: { kind: "account", code: "endpoint", reason: verdict.cause },
      };
    case "not-sent":
      return {
        outcome: open(verdict.cause),
        implication: { kind: "not-sent", reason: verdict.cause, retryAfterMs: verdict.retryAfterMs },
      };
    case "not-fired":
      return { outcome: undefined, implication: { kind: "not-fired" } };
    case "unknown":
      return {
        outcome: { ...base, status: "unknown", detail: verdict.cause },
        implication: { kind: "unknown", reason: verdict.cause },
      };
    default:
      return verdict satisfies never;
  }
}

const isEveryRows = (row: SendRow, key: string) =>
  key.startsWith("auth_") || (campaignKeys.has(key) && !row.own?.some((own) => own === key));
