import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { createXmlTokenizer } from "../../shared/workbook/xml-tokens.ts";

/** What a document says, texts and sections that follow each other as one; `undefined` for one that is not well-formed. */
type Said = readonly (readonly string[])[] | undefined;

function recorder() {
  const events: string[][] = [];
  return {
    events,
    open: (name: string, attributes: Readonly<Record<string, string>>) => {
      events.push(["open", name, ...Object.entries(attributes).flat()]);
    },
    close: (name: string) => {
      events.push(["close", name]);
    },
    text: (text: string) => {
      if (text === "") return;
      const last = events.at(-1);
      if (last?.[0] === "text") last[1] += text;
      else events.push(["text", text]);
    },
  };
}

function bySaxes(document: string): Said {
  const { events, open, close, text } = recorder();
  const parser = new SaxesParser({ xmlns: false, position: false });
  let failed = false;
  parser.on("error", () => {
    failed = true;
  });
  parser.on("doctype", () => {
    failed = true;
  });
  parser.on("opentag", ({ name, attributes }) => open(name, attributes));
  parser.on("closetag", ({ name }) => close(name));
  parser.on("text", (some) => {
    // White space around the root is no text of the document's.
    if (events.length > 0) text(some);
  });
  parser.on("cdata", text);
  parser.write(document).close();
  const root = events.findLastIndex(([kind]) => kind === "close");
  return failed ? undefined : events.slice(0, root + 1);
}

function byOurs(document: string, cuts: readonly number[] = []): Said {
  const { events, open, close, text } = recorder();
  const doctype = () => {
    throw new Error("a document type");
  };
  try {
    const tokenizer = createXmlTokenizer({ open, close, text, doctype });
    let from = 0;
    for (const at of [...cuts.toSorted((a, b) => a - b), document.length]) {
      // Decoded text is never cut within a character.
      if (at < from || at > document.length || !document.slice(from, at).isWellFormed()) continue;
      tokenizer.write(document.slice(from, at));
      from = at;
    }
    tokenizer.end();
  } catch {
    return undefined;
  }
  return events;
}

/** Pieces of which documents are made, right and wrong. */
const pieces = [
  ..."<>/=\"'&;! \t\n\r?-[]x:c",
  "<c>",
  "</c>",
  "<c r='A1'>",
  '<c r="A1" t="s">',
  "<v>1</v>",
  "<v/>",
  "<v />",
  "</v >",
  "<x:row r = '1'>",
  "</x:row>",
  "&amp;",
  "&lt;",
  "&#65;",
  "&#x1F600;",
  "&#0;",
  "&#xd800;",
  "&#1114112;",
  "&nbsp;",
  "&",
  "<!-- a -->",
  "<!-- a -- b -->",
  "<!--->",
  "<![CDATA[ <a> ]]>",
  "<![CDATA[]]>",
  "]]>",
  "<?xml version='1.0'?>",
  "<?pi some ?>",
  "<? pi?>",
  "<!DOCTYPE a>",
  "<a b='1' b='2'>",
  "<a b='1' b='2'/>",
  "<a b='<'>",
  "<a b='x>y'>",
  "<a b='1'c='2'/>",
  "<a b='&quot;\n\t'/>",
  "<1/>",
  "\u0001",
  "\ufffe",
  "\r\n",
  "é",
  "😀",
  "text",
];

const hostile = fc
  .array(fc.constantFrom(...pieces), { maxLength: 14 })
  .chain((parts) =>
    fc.constantFrom(parts.join(""), `<r>${parts.join("")}</r>`, `<?xml version="1.0"?>\n<r>${parts.join("")}</r>\n`),
  );

const valid = fc.letrec<{ node: string; element: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("text", "1.5", "&lt;", "&#10;", "<![CDATA[a]b]]>", "<!-- - -->", " ", "\r\n", "é😀", "<?p q?>"),
    tie("element"),
  ),
  element: fc
    .tuple(
      fc.constantFrom("c", "v", "x:row", "é-1", "_a.b"),
      fc.uniqueArray(fc.constantFrom(' r="A1"', " t = 's'", '\nx:y="&amp;>"', " z='\t\"'"), { maxLength: 3 }),
      fc.array(tie("node"), { maxLength: 4 }),
    )
    .map(([name, attributes, inner]) => `<${name}${attributes.join("")}>${inner.join("")}</${name} >`),
}));

const cuts = fc.array(fc.nat(400), { maxLength: 6 });

describe("documents are read as a reader of all XML reads them", () => {
  test("hostile ones: the same or refused by both, wherever they are cut", () => {
    fc.assert(
      fc.property(hostile, cuts, (document, places) => {
        const expected = bySaxes(document);
        expect(byOurs(document)).toEqual(expected);
        expect(byOurs(document, places)).toEqual(expected);
      }),
      { numRuns: 6000 },
    );
  });

  test("well-formed ones: the same, wherever they are cut", () => {
    fc.assert(
      fc.property(valid.element, cuts, (document, places) => {
        const expected = bySaxes(document);
        expect(expected).toBeDefined();
        expect(byOurs(document)).toEqual(expected);
        expect(byOurs(document, places)).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });

  test("well-formed ones with any character changed", () => {
    const character = fc.constantFrom(..."<>/=\"'&;!- x", "\0");
    fc.assert(
      fc.property(valid.element, fc.nat(), character, (document, place, other) => {
        const at = place % document.length;
        const changed = document.slice(0, at) + other + document.slice(at + 1);
        fc.pre(changed.isWellFormed());
        expect(byOurs(changed)).toEqual(bySaxes(changed));
      }),
      { numRuns: 3000 },
    );
  });

  test("but for XML 1.1, which no spreadsheet program writes", () => {
    expect(byOurs('<?xml version="1.1"?><a/>')).toBeUndefined();
  });
});
