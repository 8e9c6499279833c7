/** A column's name without what surrounds it. */
export interface PlainName {
  /** What is left: `Phone` of `2. Phone 3 (mobile) *`. */
  readonly name: string;
  /** What says more about it, in brackets or behind a dash: `mobile`. */
  readonly remarks: readonly string[];
}

/** Numbering of a form's questions, and of columns. */
const numbering =
  /^(?:(?:q(?:uestion)?\s?)?\d{1,3}\s?[.):\]–-]|\[?(?:q\d{1,3}|#\d{1,3})\]?[.):\s–-]|[a-z][.):])\s*(?=\S)/iu;

/** How forms ask for something, and whose it is: the person's who is written to. */
const asking =
  /^(?:please\s+|kindly\s+|bitte\s+)?(?:(?:enter|provide|give(?:\s+us)?|add|insert|type)\s+|(?:what(?:['’]?s|\s+is)|which\s+is)\s+)?(?:(?:your|my|the|a|customer(?:['’]?s)?|client(?:['’]?s)?|contact(?:['’]?s)?|member(?:['’]?s)?|user(?:['’]?s)?|guest(?:['’]?s)?|primary|main|preferred|personal|best|votre|ihre?|deine?|su|tu)\s+)*/iu;

/** A line's length at most that is taken apart. */
const longest = 100;

const edges = /^[^\p{L}\p{N}([{]+|[^\p{L}\p{N})\]}]+$/gu;

/** A name without numbering in front and marks at its ends: `Message` of `3. Message *`. */
export const undecorated = (written: string): string =>
  written.slice(0, longest).normalize("NFKC").replace(edges, "").replace(numbering, "").replace(edges, "");

/** Takes a name apart: numbering, brackets, a question around it, and marks at its ends. */
export function plainName(written: string): PlainName {
  const remarks: string[] = [];
  let name = undecorated(written);
  for (let inner = bracketed.exec(name); inner !== null; inner = bracketed.exec(name)) {
    const rest = `${name.slice(0, inner.index)} ${name.slice(inner.index + inner[0].length)}`;
    if (!/\p{L}/u.test(rest)) break;
    remarks.push(inner[1] ?? "");
    name = rest.trim();
  }
  const [head = "", ...behind] = name.split(furtherWords);
  remarks.push(...behind);
  name = head.replace(edges, "").replace(asking, "");
  const uncounted = name.replace(/(?<=\p{L})[\s_#.-]*\d{1,2}$/u, "");
  return { name: uncounted.replace(edges, ""), remarks };
}

/** What begins the words that say more about a number. */
const furtherWords =
  /\s(?=\+\d)|\s[–—-]\s|[:;]\s|[\s,]+(?:with|incl(?:uding|\.)?|in|for|mit|inkl\.?|im|avec|pour|con|para|per)\s/iu;

const bracketed = /[([{]([^()[\]{}]*)[)\]}]/u;
