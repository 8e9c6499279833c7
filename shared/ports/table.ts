/** A value the ledger stores: plain JSON data, as DynamoDB's own types can hold it. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [name: string]: Value | undefined };

/** One stored item without its keys; `undefined` attributes are absent. */
export type Item = { readonly [name: string]: Value | undefined };

/** The primary key of an item: partition and sort key. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * One atomic, conditional change of one item (which need not exist yet).
 *
 * `when` names attributes and what each must be: a value, `undefined` for "absent", or a list of alternatives.
 * Only scalars are compared. An empty `when` always holds.
 */
export interface Change {
  readonly when: { readonly [name: string]: Scalar | undefined | readonly (Scalar | undefined)[] };
  readonly set?: Item;
  readonly remove?: readonly string[];
  /** Numbers to add to attributes (absent counts as 0). Not idempotent under retries: for hints only, never for truth. */
  readonly add?: { readonly [name: string]: number };
}

/** What `when` can compare. */
export type Scalar = string | number | boolean;

/**
 * The ledger's storage, as small as DynamoDB allows: the core keeps every decision about claims and states above it.
 *
 * Implementations retry transport failures, so a change can be applied although its answer was lost; the retry then
 * finds its own condition broken and `update` returns `undefined`. Callers that care write a token and read it back.
 * Every method throws when the table cannot be reached in the end.
 */
export interface Table {
  /** The item, or `undefined`. Without `consistent` it may be as old as a second. */
  get(key: Key, read: { readonly consistent: boolean }): Promise<Item | undefined>;
  /** Applies `change` and returns the whole item after it; `undefined` when a condition did not hold. */
  update(key: Key, change: Change): Promise<Item | undefined>;
  /** Items of one partition in the order of `sk`, `from` and `to` inclusive (UTF-8 order), read page by page. */
  query(
    pk: string,
    range: { readonly from?: string; readonly to?: string; readonly consistent: boolean },
  ): AsyncIterable<{ readonly sk: string; readonly item: Item }>;
  /** Removes the item if it is there. */
  delete(key: Key): Promise<void>;
}
