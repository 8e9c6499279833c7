import { describe, expect, test } from "vitest";
import { columnKey } from "../../shared/csv/column-name.ts";
import { findAmong } from "../../shared/csv/find-column.ts";
import { foreignPlaceholders } from "../../shared/csv/foreign-placeholder.ts";

const names = ["phone no", "town", "first_name", "a", "id", "town hall"];
const columns = { names, find: findAmong(names.map(columnKey)) };

/** What of a text is a placeholder, lacks its column, or is asked about, and what to write. */
const told = (text: string): readonly string[] =>
  foreignPlaceholders(text, columns).map((one) => {
    if (one.kind === "lacking") return `${one.found} lacks ${one.name}`;
    return `${one.found} ${one.kind === "column" ? "is" : "may be"} ${one.write ?? "another tool's"}`;
  });

describe("how much a way of writing says", () => {
  test.each([
    "*|_|*",
    "{%_%}",
    "<%_%>",
    "<?=$_?>",
    "[%_%]",
    "{_}",
    "%7B_%7D",
    "[[_]]",
    "<<_>>",
    "((_))",
    "$(_)",
    "___",
  ])("%s is a placeholder whatever stands in it", (way) => {
    const [town, salutation, weather] = ["town", "salutation", "weather"].map((word) =>
      way === "___" ? `__${word}__` : way.replace("_", word),
    );
    expect(told(`So ${town} ok`)).toEqual([`${town} is {{town}}`]);
    expect(told(`So ${salutation} ok`)).toEqual([`${salutation} lacks salutation`]);
    expect(told(`So ${weather} ok`)).toEqual([`${weather} may be another tool's`]);
  });

  test.each(["[_]", "<_>", "｛_｝", "##_##", "#_#", "%%_%%", "%_%", "@@_@@", "||_||", "|_|", "^_^"])(
    "%s is one around a column's name, and may be one around a name that lists have",
    (way) => {
      const [town, salutation, weather] = ["town", "salutation", "weather"].map((word) => way.replace("_", () => word));
      expect(told(`So ${town} ok`)).toEqual([`${town} is {{town}}`]);
      expect(told(`So ${salutation} ok`)).toEqual([`${salutation} may be another tool's`]);
      expect(told(`So ${weather} ok`)).toEqual([]);
    },
  );

  test.each(["«_»", "~_~"])("%s may be one around a column's name", (way) => {
    expect(told(`So ${way.replace("_", "town")} ok`)).toEqual([`${way.replace("_", "town")} may be {{town}}`]);
    for (const word of ["salutation", "weather", "twon"]) expect(told(`So ${way.replace("_", word)} ok`)).toEqual([]);
  });

  test.each([
    ["So $town$ ok", "$town$ is {{town}}"],
    ["So $town ok", "$town is {{town}}"],
    ["So $salutation ok", "$salutation may be another tool's"],
    ["So (first_name) ok", "(first_name) is {{first_name}}"],
    ["So (last_name) ok", "(last_name) may be another tool's"],
    ["So ＃town＃ ok", "#town# is {{town}}"],
  ])("%s: %s", (text, expected) => {
    expect(told(text)).toEqual([expected]);
  });
});

describe("what stands between marks", () => {
  test.each([
    ["{if  town}", "{if  town} is {{town}}"],
    ["*|town|there|*", "*|town|there|* is {{town|there}}"],
    ["%town|there%", "%town|there% is {{town|there}}"],
    ["%%town|there%%", "%%town|there%% is {{town|there}}"],
    ["« first_name »", "« first_name » is {{first_name}}"],
    ["{ town }", "{ town } is {{town}}"],
    ["[ town ]", "[ town ] may be {{town}}"],
    ["[a]", "[a] may be {{a}}"],
    ["[id]", "[id] is {{id}}"],
    ["{ab}", "{ab} may be another tool's"],
    ["[your salutation]", "[your salutation] may be another tool's"],
    ["[your town]", "[your town] may be another tool's"],
    ["[town here]", "[town here] may be another tool's"],
    ["[twon]", "[twon] may be another tool's"],
    ["[frst_name]", "[frst_name] may be another tool's"],
    ["*|twon|*", "*|twon|* lacks twon"],
    ["*|twn hall|*", "*|twn hall|* may be another tool's"],
    ["[[contact.weather]]", "[[contact.weather]] may be another tool's"],
  ])("%s", (text, expected) => {
    expect(told(`So ${text} ok`)).toEqual([expected]);
  });

  test.each(["{x}", "[tow]", "[twn hall]", "[town:x]"])("%s is prose", (text) => {
    expect(told(`So ${text} ok`)).toEqual([]);
  });

  test("is a column's name beside which no letter and no digit is", () => {
    for (const text of ["%town%", "x %town% y", "%town% y", "x %town%"])
      expect(told(text)).toEqual(["%town% is {{town}}"]);
    for (const text of ["100%town% off", "%town%s", "x%town%", "%town%5 y"]) {
      expect(told(text)).toEqual(["%town% may be {{town}}"]);
    }
  });
});

test("all that may be placeholders are told, up to five", () => {
  const doubts = ["a1", "b1", "c1", "d1", "e1", "f1"].map((name) => `[contact.${name}]`);
  expect(told(doubts.slice(0, 2).join(" and "))).toEqual(
    doubts.slice(0, 2).map((one) => `${one} may be another tool's`),
  );
  expect(told(doubts.join(" "))).toEqual(doubts.slice(0, 5).map((one) => `${one} may be another tool's`));
});
