import { columnKey } from "./column-name.ts";

/** Finds a column by a name that a person wrote. */
export type FindColumn = (name: string) => number | "several" | undefined;

/** Finds columns among those with these keys (`columnKey` of their names), by position from 0; one without a name is never found. */
export const findAmong =
  (keys: readonly string[]): FindColumn =>
  (name) => {
    const key = columnKey(name);
    if (key === "" || !keys.includes(key)) return undefined;
    const position = keys.indexOf(key);
    return keys.includes(key, position + 1) ? "several" : position;
  };
