import type { CommittedCampaign } from "../campaign/campaign.ts";
import { moment, sentence } from "../in-words.ts";
import type { Outcome } from "../ledger/outcome.ts";

/** How a campaign ended, as its item records it. */
export type CampaignEnd = NonNullable<CommittedCampaign["end"]>;

/**
 * What happened to a row that was tried, in words for the person who reads the report. `simulated`: it was tried at the
 * simulator.
 */
export function explainOutcome(outcome: Outcome, simulated?: true): string {
  const { status, detail } = outcome;
  switch (status) {
    case "submitted":
      return simulated ? "Accepted by the simulator; nothing was really sent." : "Accepted by Enswitch for sending.";
    case "failed":
      return explainRefusal(outcome, simulated ? "The simulator" : "Enswitch");
    case "unknown":
      return `In doubt: ${sentence(detail ?? "the answer was lost")} It may have been sent, so it is not sent again by itself.`;
    case "skipped":
      return sentence(detail ?? "left out on purpose");
    case "open":
      return sentence(detail ?? "not accepted yet");
    default:
      return status satisfies never;
  }
}

function explainRefusal({ code, key, detail }: Outcome, refuser: string): string {
  const said = detail ? `: ${sentence(detail)}` : ".";
  const check = key ? ` Check ${parameterInWords(key)}.` : "";
  switch (code) {
    case 400:
      return `${refuser} refused this row (400)${said}${check}`;
    case 403:
      return `The rate plan in ${refuser === "Enswitch" ? refuser : "the simulator"} does not allow this message (403)${said}${check}`;
    case undefined:
      return `${refuser} refused this row${said}${check}`;
    default:
      return `${refuser} refused this row (${code})${said}${check}`;
  }
}

/** The API's parameter as a clerk knows it, with its own name in brackets. */
function parameterInWords(key: string): string {
  switch (key) {
    case "cnumber":
      return "the recipient's number (cnumber)";
    case "message":
      return "the text (message)";
    case "snumber":
      return "the sender (snumber)";
    case "stype":
      return "the kind of sender (stype)";
    case "customer":
      return "the customer to send as (customer)";
    default:
      return key;
  }
}

/** Why rows that were never accepted will not be sent. `undefined` when every batch was done: then there are no such rows. */
export function explainEnd(end: CampaignEnd): string | undefined {
  switch (end.why) {
    case "done":
      return undefined;
    case "cancelled":
      return `Not sent: the campaign was cancelled${end.by ? ` by ${end.by}` : ""} at ${moment(end.at)}.`;
    case "sendBefore":
      return `Not sent: its turn had not come when sendBefore passed (${moment(end.at)}).`;
    case "retention":
      return `Not sent: the campaign was still unfinished when its records were about to expire (${moment(end.at)}).`;
    default:
      return end.why satisfies never;
  }
}

/** Why a row is in doubt of which the ledger says nothing: it was sent or left out (`recorded`), or may have been. */
export const explainForgotten = (recorded: boolean): string =>
  recorded
    ? "In doubt: its batch had been dealt with, but what became of it is no longer in the ledger. It may have been sent, so it is not sent again by itself."
    : "In doubt: the report was written so late that what became of this row may have expired from the ledger. It may have been sent, so it is not sent again by itself.";

/** How often a row that will not be sent had been tried, to follow the reason; empty when it never was. */
export function explainAttempts(outcome: Outcome | undefined): string {
  if (!outcome || outcome.attempts === 0) return "";
  const times = outcome.attempts === 1 ? "once" : `${outcome.attempts} times`;
  return ` It had been tried ${times} and was not accepted${outcome.detail ? `: ${sentence(outcome.detail)}` : "."}`;
}
