/**
 * A value the ledger stores: plain JSON data, as DynamoDB's own types can hold it.
 *
 * Numbers are 0 (without a sign) or of a magnitude from 1e-130 up to, but not including, 1e126; others, NaN and the
 * infinities are refused. Texts and lists may be empty. `undefined` entries of maps are absent.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [name: string]: Value | undefined };

/** One stored item without its keys; `undefined` attributes are absent. With its keys it holds at most 400 KB. */
export type Item = { readonly [name: string]: Value | undefined };

/** The primary key of an item: partition and sort key, neither of them empty. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/**
 * One atomic, conditional change of one item (which need not exist yet).
 *
 * `when` names attributes and what each must be: a value, `undefined` for "absent", or a list of alternatives.
 * Only scalars of the same type are equal. An empty `when` always holds, a list without alternatives never.
 *
 * An attribute is changed once: one that is both set and removed, or added to besides, is refused, and so is a change of
 * `pk` or `sk`, whether the condition holds or not. Removing an absent attribute changes nothing, and so does removing
 * one twice. A change of nothing still creates the item.
 */
export interface Change {
  readonly when: { readonly [name: string]: Scalar | undefined | readonly (Scalar | undefined)[] };
  readonly set?: Item;
  readonly remove?: readonly string[];
  /**
   * Whole numbers to add to attributes; absent counts as 0, anything but a number is refused. Not idempotent under
   * retries: for hints only, never for truth.
   */
  readonly add?: { readonly [name: string]: number };
}

/** What `when` can compare. */
export type Scalar = string | number | boolean;

/**
 * The ledger's storage, as small as DynamoDB allows: every decision about claims and states is made by its callers.
 * `test/support/contracts/table.ts` holds every implementation to this.
 *
 * Implementations retry transport failures, so a change can be applied although its answer was lost; the retry then
 * finds its own condition broken and `update` returns `undefined`. Callers that care write a token and read it back.
 * Every method throws when the table still cannot be reached after the retries.
 */
export interface Table {
  /** The item, or `undefined`. Without `consistent` it may be a second old. */
  get(key: Key, read: { readonly consistent: boolean }): Promise<Item | undefined>;
  /**
   * Applies `change` and returns the whole item after it; `undefined` when a condition did not hold. Throws, and changes
   * nothing, for what the table refuses.
   */
  update(key: Key, change: Change): Promise<Item | undefined>;
  /**
   * Items of one partition in the order of the UTF-8 bytes of `sk`, from `from` to `to` inclusive (none when `from` is
   * the later one). Read page by page: each page shows the table at its own time.
   */
  query(
    pk: string,
    range: { readonly from?: string; readonly to?: string; readonly consistent: boolean },
  ): AsyncIterable<{ readonly sk: string; readonly item: Item }>;
}
