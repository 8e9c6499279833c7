import fc from "fast-check";
import { expect, it } from "vitest";
import { forTerminal } from "../cli/terminal.ts";
import { nameFault } from "../shared/campaign/name.ts";
import { showHidden } from "../shared/hidden-characters.ts";
import { html } from "../shared/report/page/html.ts";

const hostile = "a\u001b[2Jb\u009b31mc\u0085d\u202ee\u2066f\u0007g";
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

it.each([
  ["a line for the terminal", forTerminal],
  ["a page", (text: string) => html`<title>${text}</title>`.markup],
])("nothing that a terminal or reader would obey gets into %s", (_, write) => {
  expect(write(hostile)).not.toMatch(obeyed);
  expect(write(hostile)).toMatch(/a.*b.*c.*d.*e.*f.*g/su);
});

it("every character that is obeyed is written out, and none besides: line breaks, tabs and joiners stay", () => {
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const obeyedCodes = [
    ...[span(0x00, 0x08), span(0x0b, 0x0c), span(0x0e, 0x1f), span(0x7f, 0x9f)],
    ...[[0x61c], span(0x200e, 0x200f), span(0x2028, 0x202e), span(0x2066, 0x2069), [0xfeff]],
  ].flat();
  const all = String.fromCodePoint(...span(0x00, 0xd7ff), ...span(0xe000, 0xffff));
  const written: string[] = [];
  const shown = showHidden(all, (code) => {
    written.push(code);
    return "";
  });
  expect(written.map((code) => Number.parseInt(code, 16))).toEqual(obeyedCodes);
  expect(written[0]).toBe("0000");
  expect(shown).toHaveLength(all.length - obeyedCodes.length);
  expect(shown).toContain("\u200d");
});

it("half a surrogate pair is replaced, which no terminal or mail can show", () => {
  expect(showHidden("a\ud83db", String)).toBe("a\ufffdb");
  expect(showHidden("a👋b", String)).toBe("a👋b");
});

it("a line of --json means the same with its hidden characters written out", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab"\\\n\t\u0000\u001b\u0085\u009b\u202e\u2066é') }), (text) => {
      const line = forTerminal(JSON.stringify({ text }));
      expect(line).not.toMatch(obeyed);
      expect(JSON.parse(line)).toEqual({ text });
    }),
  );
});

it.each(["a\u0085b", "a\u009bb", "a\u202eb", "a\u2066b", "a\u2028b"])("%j is no campaign's name", (name) => {
  expect(nameFault(name)).toContain("control character");
});
