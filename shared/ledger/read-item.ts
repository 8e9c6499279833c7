import * as z from "zod";
import type { Item } from "../ports/table.ts";

/**
 * The format of the ledger's items, in their attribute `v`, which `readItem` checks; an item without one has the first. Raise it when the
 * meaning of an attribute changes: a version that knows only the old meaning then refuses the item rather than misreads it.
 */
export const itemVersion = 1;

const firstVersion = 1;

/** An item that this version of bulk-send cannot read. Its message says which item, and what to do. */
export class UnreadableItem extends Error {
  override readonly name = "UnreadableItem";
}

/** Reads an item; `what` names it. Throws an UnreadableItem for one that has another format or does not match. */
export function readItem<Schema extends z.ZodType>(schema: Schema, item: Item, what: string): z.output<Schema> {
  const format = item["v"] ?? firstVersion;
  if (format !== itemVersion) {
    throw new UnreadableItem(
      `${what} is in the ledger in format ${z.union([z.string(), z.number()]).catch("unknown").parse(format)}, and this version of bulk-send reads format ${itemVersion}; nothing of it was touched. Go back to the version that wrote it, or to a newer one.`,
    );
  }
  const read = schema.safeParse(item);
  if (read.success) return read.data;
  // Paths alone: values may be a person's.
  const where = [...new Set(read.error.issues.map(({ path }) => path.join(".")))].join(", ");
  throw new UnreadableItem(
    `${what} is in the ledger as this version of bulk-send does not know it (${where}); nothing of it was touched. Go back to the version that wrote it, or to a newer one.`,
  );
}
