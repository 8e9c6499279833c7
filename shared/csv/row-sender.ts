import { bounds } from "../bounds.ts";
import type { Defaults, Options } from "../campaign/options.ts";
import type { SendRow } from "../plan/plan.ts";
import { quoted } from "../shorten.ts";
import type { Columns } from "./columns.ts";
import { withoutWrapping } from "./number-cell.ts";
import { type Invalid, invalid } from "./problem.ts";
import { type RefusedFile, refused } from "./refused-file.ts";
import { type SenderFault, senderFault } from "./sender-fault.ts";

/** Who a row is sent by. `own` names the parameters that the row's own cells gave. */
export interface RowSender extends Pick<SendRow, "snumber" | "stype" | "customer" | "own"> {
  readonly kind: "sender";
}

/** Reads each row's sender: the row's own cells, then the options, then the stack's defaults. */
export interface RowSenders {
  readonly kind: "senders";
  readonly read: (cells: readonly string[]) => RowSender | Invalid;
}

/** Refuses when neither the options, the defaults nor a column say which number to send from. */
export function createRowSenders(columns: Columns, options: Options, defaults: Defaults): RowSenders | RefusedFile {
  const snumber = filled(options.snumber) ?? filled(defaults.snumber);
  if (columns.snumber === undefined && snumber === undefined) {
    return refused(
      'Nothing says which number to send from. Say "snumber" in the options, or add a column "snumber" (or "sender").',
      "snumber",
    );
  }
  const stype = options.stype ?? defaults.stype ?? "";
  const customer = options.customer ?? defaults.customer;
  if (columns.snumber === undefined && columns.stype === undefined && columns.customer === undefined) {
    const campaignSender: RowSender = { kind: "sender", snumber: snumber ?? "", stype, customer, own: undefined };
    return { kind: "senders", read: () => campaignSender };
  }
  return {
    kind: "senders",
    read: (cells) => {
      const cell = (at: number | undefined) => (at === undefined ? "" : withoutWrapping(cells[at] ?? ""));
      const given = {
        snumber: cell(columns.snumber),
        stype: cell(columns.stype).toLowerCase(),
        customer: cell(columns.customer),
      };
      const from = given.snumber || snumber;
      if (from === undefined) return invalid("The row has no number to send from, and the options have none either");
      const own = parameters.filter((name) => given[name] !== "");
      return (
        senderProblem(given) ?? {
          kind: "sender",
          snumber: from,
          stype: given.stype || stype,
          customer: given.customer || customer,
          own: own.length === 0 ? undefined : own,
        }
      );
    },
  };
}

const parameters = ["snumber", "stype", "customer"] as const;

const faultWords: Readonly<Record<SenderFault, string>> = {
  error: "The cell has a spreadsheet's error in place of the number to send from",
  formula: "The cell has a spreadsheet's formula in place of the number to send from",
  nothing: "The number to send from is missing; empty the cell if the one in the options is meant",
  "no-sender": "The number to send from is not one",
};

function senderProblem(given: Readonly<Record<(typeof parameters)[number], string>>): Invalid | undefined {
  const { snumber, stype, customer } = given;
  const fault = snumber === "" ? undefined : senderFault(snumber);
  if (fault !== undefined) return invalid(faultWords[fault], quoted(snumber));
  if (stype !== "" && stype !== "phone") {
    return invalid('stype must be "phone" (from a telephone line) or empty (from a number)', quoted(stype));
  }
  if (customer.length > bounds.customer || !/^\d*$/.test(customer)) {
    return invalid("customer must be a customer's number in Enswitch", quoted(customer));
  }
  return undefined;
}

const filled = (text: string | undefined) => (text === undefined || text.trim() === "" ? undefined : text);
