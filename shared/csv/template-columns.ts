import { nearName } from "../near-name.ts";
import { columnKey } from "./column-name.ts";
import type { FindColumn } from "./columns.ts";

/** The columns that a template may name. */
export interface TemplateColumns {
  readonly find: FindColumn;
  readonly names: readonly string[];
}

/** The column that an expression means: its whole, or what follows `contact.` and the like. */
export function columnIn(inner: string, find: FindColumn): string | undefined {
  if (find(inner) !== undefined) return inner;
  const last = behindPath(inner);
  return last !== undefined && find(last) !== undefined ? last : undefined;
}

/** What follows `contact.`, `contact:` and the like. */
export const behindPath = (inner: string): string | undefined =>
  /^[\p{L}_][\p{L}\p{N}_]*(?:[.:][\p{L}_][\p{L}\p{N}_]*)*[.:]([\p{L}_][\p{L}\p{N}_ -]*)$/u.exec(inner)?.[1];

/** The column whose name is nearest to a wrong one: nearly spelt so, or the only one that has it within its name. */
export function nearColumn(wrong: string, names: readonly string[]): string | undefined {
  const key = columnKey(wrong);
  if (key === "" || key.length > 60) return undefined;
  const keys = names.map(columnKey);
  const spelt = nearName(
    key,
    keys.filter((known) => known !== ""),
  );
  if (spelt !== undefined) return names[keys.indexOf(spelt)]?.trim();
  if (key.length < 3) return undefined;
  const holding = keys.flatMap((known, at) =>
    known.includes(key) || (known.length >= 3 && key.includes(known)) ? [at] : [],
  );
  return holding.length === 1 ? names[holding[0] ?? 0]?.trim() : undefined;
}
