/** The value of a JSON text, for a schema to judge; `undefined` for a text that is none. Never throws. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
