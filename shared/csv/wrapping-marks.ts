/** How a text stands in quotation marks as a whole: `escaped` as only programs write them (`\"Hi\"`, `""Hi""`), or `quoted` as people do. */
export type Wrapping = "escaped" | "quoted";

const escaped = /^(?:\\+(["']).*\\\1|""[^"].*""|b(["']).*\2)$/s;
/** No mark inside ends the quotation before the text ends: `"Yes" or "no"` is not in marks as a whole. */
const quoted =
  /^(?:"(?:[^"]|""|\\")+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|»[^«]+«|‘(?:[^’]|’(?=\p{L}))+’|'(?:[^']|'(?=\p{L}))+'|`[^`]+`|´[^´]+´)$/u;

/** Whether a trimmed text, or a value for one, stands in quotation marks as a whole. */
export function wrappingOf(text: string): Wrapping | undefined {
  if (escaped.test(text)) return "escaped";
  return quoted.test(text) ? "quoted" : undefined;
}
