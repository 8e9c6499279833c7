import * as z from "zod";
import { itemVersion } from "../ledger/read-item.ts";
import type { Table } from "../ports/table.ts";
import type { Approver } from "./identity.ts";

/** An approval: whose it is, of which plan, and when it was given (epoch milliseconds, by the approver's clock). */
export interface Approval {
  readonly approver: Approver;
  readonly run: string;
  readonly at: number;
}

/**
 * Approvals, as people write them into the ledger and the reporter reads them. Each is in a partition that IAM lets
 * nobody else write to, so that where it is says whose it is.
 */
export interface Approvals {
  /** Approves the campaign's plan `run`. */
  give(name: string, approval: Approval): Promise<void>;
  /** All approvals of the campaign, of whatever plan. */
  of(name: string): AsyncIterable<Approval>;
}

/** What the partitions that belong to one approver begin with; `infra/people-policies.ts` binds the rest to IAM's word. */
export const approvalsOf = {
  person: "/approvals/person/",
  role: "/approvals/role/",
  tagged: "/approvals/tagged/",
} as const;

/** Where approvals are listed. Whoever may approve may write anything here: it only says where to look. */
export const approvalsListed = "/approvals";

const Given = z.object({ run: z.string(), at: z.number() });
const Listed = z.object({ kind: z.enum(["person", "role", "tagged"]), userId: z.string().min(1) });

/** Longer than a campaign that waits is looked at without anybody noticing; one more approval can be given after it. */
const keptMs = 30 * 24 * 3600_000;

/** The approvals on a table. Throws what the table throws. */
export const createApprovals = (table: Table): Approvals => ({
  give: async (name, { approver, run, at }) => {
    const { kind, userId } = approver;
    const kept = { v: itemVersion, expiresAt: Math.ceil((at + keptMs) / 1000) };
    await table.update({ pk: partitionOf(approver), sk: name }, { when: {}, set: { ...kept, run, at } });
    // After it, so that what is listed is there.
    const sk = `${name}${separator}${kind}/${userId}`;
    await table.update({ pk: approvalsListed, sk }, { when: {}, set: { ...kept, kind, userId } });
  },
  of: async function* (name) {
    const range = { from: `${name}${separator}`, to: `${name}${separator}\u{10FFFF}`, consistent: true };
    for await (const { item } of table.query(approvalsListed, range)) {
      // Approvers may write anything into both; what is not as it should be is no approval.
      const approver = Listed.safeParse(item);
      if (!approver.success) continue;
      const given = Given.safeParse(
        await table.get({ pk: partitionOf(approver.data), sk: name }, { consistent: true }),
      );
      if (given.success) yield { approver: approver.data, ...given.data };
    }
  },
});

/** No campaign's name has a control character. */
const separator = "\t";

const partitionOf = ({ kind, userId }: Approver) => `${approvalsOf[kind]}${userId}`;
