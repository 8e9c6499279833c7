import type { Enswitch } from "../../shared/enswitch/enswitch.ts";
import type { Table } from "../../shared/ledger/table.ts";
import type { SenderDeps } from "../../shared/send/sender.ts";
import type { Machine } from "./machine.ts";
import type { Invariant } from "./witness.ts";

/** Which program runs on a machine. */
export type Role = "splitter" | "sender" | "reporter";

/** A fault planted into the programs, to see whether the simulation would notice. */
export interface Mistake {
  readonly name: string;
  /** The invariants of which one must break. */
  readonly breaks: readonly Invariant[];
  readonly table?: (table: Table, role: Role, machine: Machine) => Table;
  readonly enswitch?: (enswitch: Enswitch, machine: Machine) => Enswitch;
  readonly takeSlots?: SenderDeps["takeSlots"];
}
