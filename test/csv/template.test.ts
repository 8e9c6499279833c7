import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import { columnKey } from "../../shared/csv/column-name.ts";
import { findAmong } from "../../shared/csv/find-column.ts";
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
    ["{{{{name}}}}", "{{name}}"],
    ["{{{{{{name}}}}}}", "{{Anna}}"],
    ["{x} } { }}", "{x} } { }}"],
    ["{{{{{ x", "{{{ x"],
    ["x }}}}}", "x }}}"],
    ["Write {{{{:name}}}} there", "Write {{:name}} there"],
    ["", ""],
  ])("%s becomes %s", (text, expected) => {
    expect(rendered(text, ["Anna", " Hull ", " "])).toEqual({ kind: "text", text: expected });
  });

  test("with a brace too many behind a placeholder is refused, unless an open one belongs to it", () => {
    const refusal = { kind: "refused", reason: expect.stringContaining("a brace too many behind {{name}}") };
    expect(rendered("Hi {{name}}}", ["Anna"])).toMatchObject(refusal);
    expect(rendered("{Hi} {{name}}}", ["Anna"])).toMatchObject(refusal);
    expect(rendered("{Hi {{name}}}", ["Anna"])).toEqual({ kind: "text", text: "{Hi Anna}" });
    expect(rendered("Hi {{name}}}}}}", ["Anna"])).toEqual({ kind: "text", text: "Hi Anna}}" });
  });

  test("names the first column that is empty and has no default", () => {
    expect(rendered("{{name}} {{amount}} {{town}}", ["Anna", "", ""])).toEqual({ kind: "empty", column: "amount" });
  });

  test.each([
    ":name",
    "}}}} {{{{:name",
    "{{nmae}}",
    "{{}}",
    "{{ }}",
    "{{name",
    "{{{name}}}",
    "{{#if name}}x{{/if}}",
    "{{amount|a|b}}",
  ])("%s is refused", (text) => {
    expect(rendered(text, ["Anna", "Hull", "1"])).toMatchObject({ kind: "refused" });
  });

  test("is refused where a default is another tool's placeholder, even if a column is called so", () => {
    const odd = ["name", "town", "%town%"];
    const text = compileTemplate("{{name|%town%}}", { find: findAmong(odd.map(columnKey)), names: odd });
    expect(text).toMatchObject({ kind: "refused" });
  });

  test("names columns as often as a text may, and not more often", () => {
    const named = (times: number) => rendered("{{name}}".repeat(times), ["A"]);
    expect(named(bounds.placeholders)).toMatchObject({ kind: "text" });
    expect(named(bounds.placeholders + 1)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining(`more than ${bounds.placeholders} times`),
    });
  });

  test("has a default of nothing, though a column has no name", () => {
    const unnamed = ["name", ""];
    const text = compileTemplate("{{name|}}", { find: findAmong(unnamed), names: unnamed });
    expect(text).toMatchObject({ kind: "template", template: { doubtful: [] } });
  });

  test("asks about a default that is a column's name", () => {
    expect(compileTemplate("{{name|town}}", { find, names })).toMatchObject({
      kind: "template",
      template: { doubtful: [{ kind: "doubtful", found: "{{name|town}}", write: "{{town}}" }] },
    });
  });

  test("does not take values for templates, and escapes nothing", () => {
    expect(rendered("{{name}}", ["{{town}} <b>&"])).toEqual({ kind: "text", text: "{{town}} <b>&" });
  });

  test("any text whose braces are doubled comes out as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("{{", "}}", "a", " ", "nome", "|", "é"), { maxLength: 20 }), (parts) => {
        const doubled = parts.map((part) => (part === "{{" || part === "}}" ? part + part : part)).join("");
        expect(rendered(doubled, ["Anna"])).toEqual({ kind: "text", text: parts.join("") });
      }),
    );
  });
});

describe("a placeholder as other tools write it", () => {
  const columns = ["phone", "first_name", "Town"];
  const find = (name: string) => {
    const at = columns.map(columnKey).indexOf(columnKey(name));
    return at < 0 ? undefined : at;
  };
  const compiled = (text: string) => compileTemplate(text, { find, names: columns });

  test.each([
    "{first_name}",
    "{{{first_name}}}",
    "{ {first_name} }",
    "((first name))",
    "[first_name]",
    "[[First Name]]",
    "#first_name#",
    "*|first_name|*",
    "|first_name|",
    "<first_name>",
    "<<first_name>>",
    "«first_name»",
    "%first_name%",
    "%%first_name%%",
    "%(first_name)s",
    "$first_name",
    "${first_name}",
    "#{first_name}",
    "{!first_name}",
    "@first_name@",
    "__first_name__",
    "<%= first_name %>",
    "{% if first_name %}",
    "｛first_name｝",
    "{{contact.first_name}}",
    "{{$first_name}}",
    "{{.first_name}}",
    "{{“first_name”}}",
    "{{first_name | capitalize}}",
    "{{#if first_name}}",
    "[first_name]}}}}",
    "{{{{[first_name]",
    "}}}}[first_name]{{{{",
  ])("%s is refused with the right spelling", (text) => {
    expect(compiled(`Hi ${text}, bye`)).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/Write \{\{first[_ ]name\}\}\.$/i),
    });
  });

  test.each([
    "{{first_name || 'there'}}",
    "{{first_name||there}}",
    '{{first_name | default: "there"}}',
    '{{first_name|default("there")}}',
    "{{first_name,fallback=there}}",
    '{{first_name default="there"}}',
    "{{first_name ?? 'there'}}",
    "{{first_name or 'there'}}",
    "{{first_name ? first_name : 'there'}}",
    "{{first_name:there}}",
    "{{first_name|“there”}}",
    "{{“first_name”|there}}",
    "{first_name|there}",
    "[first_name,fallback=there]",
    "*|first_name|there|*",
  ])("%s is refused, its default kept", (text) => {
    expect(compiled(`Hi ${text}, bye`)).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/Write \{\{first_name\|there\}\}\.$/),
    });
  });

  test.each([
    "${{first_name}}",
    "[{{first_name}}]",
    "{{first_name|dear customer}}",
    "{{{{first_name}}}}",
    "Win 50% today, 20% off (town) at #1; a@b.example and c@d.example, $5",
  ])("%s is none", (text) => {
    expect(compiled(text)).toMatchObject({ kind: "template", template: { doubtful: [] } });
  });

  test.each(["{surname}", "*|FNAME|*", "%(surname)s", "[last_name]", "{first_nmae}", "${contact.surname}"])(
    "%s is refused, although no column has the name",
    (text) => {
      expect(compiled(text)).toMatchObject({
        kind: "refused",
        reason: expect.stringContaining("no column has that name"),
      });
    },
  );

  test.each([
    "{bonus}",
    "*|BONUS|*",
    "${order}",
    "%(bonus)s",
    "[last.order]",
    "{% endif %}",
    "{0}",
    "Hi %s,",
    "[your name]",
  ])("%s is doubtful where no column has the name", (text) => {
    const found = compiled(text);
    expect(found.kind === "template" && found.template.doubtful.length).toBeGreaterThan(0);
  });

  test.each([
    ["{{first_nmae}}", "first_name"],
    ["{{name}}", "first_name"],
    ["{{Twon}}", "Town"],
  ])("%s is told the near column", (text, near) => {
    expect(compiled(text)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining(`Did you mean {{${near}}}?`),
    });
  });
});
