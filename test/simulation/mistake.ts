import type { Enswitch } from "../../shared/enswitch/enswitch.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import type { Publish } from "../../shared/ports/events.ts";
import type { Table } from "../../shared/ports/table.ts";
import type { SenderDeps } from "../../shared/send/sender.ts";
import type { SplitterDeps } from "../../shared/split/splitter.ts";
import type { SimBucket } from "./bucket.ts";
import type { Machine } from "./machine.ts";
import type { Scenario } from "./scenario.ts";
import type { SimTable } from "./table.ts";
import type { Invariant } from "./witness.ts";

/** Which program runs on a machine. */
export type Role = "splitter" | "sender" | "reporter";

/** Where a mistaken program is, and what it could know if it looked. */
export interface Place {
  readonly role: Role;
  readonly machine: Machine;
  readonly ledger: SimTable;
  readonly bucket: SimBucket;
  /** To the event bus, past the mistake. */
  readonly publish: Publish;
}

/** A fault planted into the programs, to see whether the simulation would notice. */
export interface Mistake {
  readonly name: string;
  /** The invariants of which one must break. */
  readonly breaks: readonly Invariant[];
  /** In which scenarios it can show at all; absent: in all. */
  readonly shows?: (scenario: Scenario) => boolean;
  readonly table?: (table: Table, place: Place) => Table;
  readonly publish?: (publish: Publish, place: Place) => Publish;
  readonly store?: (bucket: Bucket) => Bucket;
  readonly enswitch?: (enswitch: Enswitch) => Enswitch;
  readonly takeSlots?: SenderDeps["takeSlots"];
  readonly createPacer?: SenderDeps["createPacer"];
  /** What the splitter is deployed with instead. */
  readonly splitter?: Pick<SplitterDeps, "graceSeconds">;
}
