import { readJson } from "./read-json.ts";

const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gu;

/**
 * The first name that an object in a text of valid JSON has twice; `undefined` if there is none. Reading JSON takes the last
 * of its values without a word, and whoever wrote both may have meant the first.
 */
export function repeatedKey(json: string): string | undefined {
  const objects: Set<unknown>[] = [];
  for (const [found, colon] of json.matchAll(token)) {
    if (found === "{") objects.push(new Set());
    else if (found === "}") objects.pop();
    else if (colon !== undefined) {
      const name = readJson(found.slice(0, -colon.length));
      const names = objects.at(-1);
      if (names?.has(name)) return String(name);
      names?.add(name);
    }
  }
  return undefined;
}
