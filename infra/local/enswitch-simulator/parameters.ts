/** A request's parameters, decoded once, and the names of those that cannot be read. */
export interface Parameters {
  readonly values: ReadonlyMap<string, string>;
  /** Parameters given twice, not decodable, or not in UTF-8. */
  readonly malformed: readonly string[];
  /** Names of those in the URL, where servers and proxies log them. */
  readonly inUrl: readonly string[];
}

/** Reads parameters from a query string and a form body; pairs are separated by `;` or `&`, as in the API's guide. */
export function readParameters(query: string, body: string): Parameters {
  const values = new Map<string, string>();
  const malformed: string[] = [];
  const read = (text: string) =>
    text
      .split(/[;&]/)
      .filter((pair) => pair !== "")
      .map((pair) => {
        const equals = pair.indexOf("=");
        const name = decoded(equals < 0 ? pair : pair.slice(0, equals)) ?? "";
        const value = equals < 0 ? "" : decoded(pair.slice(equals + 1));
        if (value === undefined || values.has(name)) malformed.push(name);
        else values.set(name, value);
        return name;
      });
  const inUrl = read(query);
  read(body);
  return { values, malformed, inUrl };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", "%20"));
  } catch {
    return undefined;
  }
}
