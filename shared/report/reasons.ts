import type { RowStatus } from "../campaign/campaign.ts";
import type { PlanHead } from "../plan/head.ts";
import type { RowPlace } from "../plan/plan.ts";

/** Why rows were not sent: one reason, how many rows it applies to, and the first of them. */
export interface Reason {
  readonly status: RowStatus;
  readonly code?: number;
  readonly key?: string;
  /** In words. */
  readonly reason: string;
  readonly count: number;
  /** The first rows, by number. */
  readonly rows: readonly number[];
  /** The lines in which a spreadsheet shows those rows; absent where the plan is of an older version. */
  readonly lines?: readonly number[];
  /** Cells or texts that illustrate the reason, where the plan has some. */
  readonly examples?: readonly string[];
}

/** How many reasons are told apart; rows with any other are counted together. */
const maxReasons = 100;
const firstRows = 10;

interface Group {
  readonly status: RowStatus;
  readonly code?: number;
  readonly key?: string;
  readonly reason: string;
  count: number;
  readonly rows: number[];
  readonly lines: number[];
}

/** Gathers the reasons of rows that Enswitch did not accept, in bounded memory. */
export function createReasons() {
  const groups = new Map<string, Group>();
  let last: { readonly id: string; readonly group: Group } | undefined;

  return {
    /** Counts one row; numbers inside `reason` (a phone number, a row) do not make it a different reason. */
    add({ row, line }: RowPlace, status: RowStatus, reason: string, code?: number, key?: string): void {
      const general = reason.replace(/\d{5,}/g, "…");
      const id = `${status}|${code ?? ""}|${key ?? ""}|${general}`;
      let group = last?.id === id ? last.group : groups.get(id);
      if (!group && groups.size >= maxReasons) {
        const other = `${status}|other`;
        group = groups.get(other) ?? { status, reason: "Other reasons.", count: 0, rows: [], lines: [] };
        groups.set(other, group);
      } else if (!group) {
        group = { status, code, key, reason: general, count: 0, rows: [], lines: [] };
        groups.set(id, group);
      }
      last = { id, group };
      group.count += 1;
      if (group.rows.length >= firstRows) return;
      group.rows.push(row);
      if (line !== undefined) group.lines.push(line);
    },

    /** All reasons, the most frequent first. `planned` are the plan's own reasons, `counts` how many rows the plan marked invalid or skipped. */
    all(planned: PlanHead["problems"], counts: Readonly<Record<"invalid" | "skipped", number>>): readonly Reason[] {
      return [...groups.values(), ...plannedReasons(planned, counts)].sort(
        (a, b) => b.count - a.count || (a.rows[0] ?? 0) - (b.rows[0] ?? 0) || (a.reason < b.reason ? -1 : 1),
      );
    },
  };
}

/** The plan's own reasons. They are bounded, too: the rows they leave out are counted as other reasons. */
export function plannedReasons(
  problems: PlanHead["problems"],
  counts: Readonly<Record<"invalid" | "skipped", number>>,
): readonly Reason[] {
  const named = problems.slice(0, maxReasons);
  const rest = (["invalid", "skipped"] as const).map((status): Reason => {
    const said = named.filter((problem) => problem.status === status).reduce((sum, { count }) => sum + count, 0);
    return { status, reason: "Other reasons.", count: counts[status] - said, rows: [] };
  });
  return [...named, ...rest].filter(({ count }) => count > 0);
}
