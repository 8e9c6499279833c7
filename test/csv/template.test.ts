import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileTemplate } from "../../shared/csv/template.ts";

const names = ["name", "town", "amount"];
const find = (name: string) => {
  const at = names.indexOf(name.toLowerCase());
  return at < 0 ? undefined : at;
};

function rendered(text: string, cells: readonly string[]) {
  const compiled = compileTemplate(text, { find, names });
  return compiled.kind === "refused" ? compiled : compiled.template.render(cells, () => {});
}

describe("a template", () => {
  test.each([
    ["Hello", "Hello"],
    ["{{name}}", "Anna"],
    ["Hi {{ NAME }}, {{town}}!", "Hi Anna, Hull!"],
    ["{{name}}{{town}}", "AnnaHull"],
    ["{{amount|0.00}} EUR", "0.00 EUR"],
    ["{{amount| }}.", "."],
    ["{{amount|a|b}}", "a|b"],
    ["{{{{name}}}}", "{{name}}"],
    ["{{{{{{name}}}}}}", "{{Anna}}"],
    ["{x} } { }}", "{x} } { }}"],
    ["", ""],
  ])("%s becomes %s", (text, expected) => {
    expect(rendered(text, ["Anna", " Hull ", " "])).toEqual({ kind: "text", text: expected });
  });

  test("names the first column that is empty and has no default", () => {
    expect(rendered("{{name}} {{amount}} {{town}}", ["Anna", "", ""])).toEqual({ kind: "empty", column: "amount" });
  });

  test.each(["{{nmae}}", "{{}}", "{{ }}", "{{name", "{{{name}}}", "{{#if name}}x{{/if}}"])("%s is refused", (text) => {
    expect(rendered(text, ["Anna", "Hull", "1"])).toMatchObject({ kind: "refused" });
  });

  test("does not take values for templates, and escapes nothing", () => {
    expect(rendered("{{name}}", ["{{town}} <b>&"])).toEqual({ kind: "text", text: "{{town}} <b>&" });
  });

  test("any text whose braces are doubled comes out as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("{{", "}}", "a", " ", "name", "|", "é"), { maxLength: 20 }), (parts) => {
        const doubled = parts.map((part) => (part === "{{" || part === "}}" ? part + part : part)).join("");
        expect(rendered(doubled, ["Anna"])).toEqual({ kind: "text", text: parts.join("") });
      }),
    );
  });
});
