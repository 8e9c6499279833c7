import fc from "fast-check";
import { expect, it } from "vitest";
import { forTerminal } from "../cli/terminal.ts";
import { nameFault } from "../shared/campaign/name.ts";
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
