import { expect, test } from "vitest";
import { readings, textOf } from "../../shared/enswitch/readings.ts";

const all = (text: string) => [...readings(text)].map(textOf);
const last = (text: string) => all(text).at(-1);

test.each(
  Object.entries({
    ...{ amp: "&", apos: "'", ast: "*", bsol: "\\", cent: "¢", colon: ":", comma: ",", commat: "@", deg: "°" },
    ...{ dollar: "$", equals: "=", euro: "€", excl: "!", grave: "`", gt: ">", hat: "^", hyphen: "-", lcub: "{" },
    ...{ lowbar: "_", lpar: "(", lsqb: "[", lt: "<", micro: "µ", midast: "*", nbsp: " ", num: "#", para: "¶" },
    ...{ percnt: "%", period: ".", plus: "+", pound: "£", quest: "?", quot: '"', rcub: "}", rpar: ")", rsqb: "]" },
    ...{ sect: "§", semi: ";", sol: "/", szlig: "ß", tilde: "~", verbar: "|", vert: "|", yen: "¥" },
    ...{
      ouml: "o",
      Eacute: "E",
      agrave: "a",
      icirc: "i",
      ntilde: "n",
      aring: "a",
      ccedil: "c",
      oslash: "o",
      scaron: "s",
    },
  }),
)("&%s; is read as HTML means it, or without its accent: %s", (name, meaning) => {
  expect(last(`a&${name};b`)).toBe(`a${meaning}b`);
});

test.each([
  ["a%C3%B6b", "aöb"],
  ["a=C3=B6b", "aöb"],
  ["a\\xF6b", "aöb"],
  ["a\\u00f6b", "aöb"],
  ["a%u00f6b", "aöb"],
  ["a\\366b", "aöb"],
  ["a&#246;b", "aöb"],
  ["a&#xF6;b", "aöb"],
  ["a\\u{1F600}b", "a😀b"],
  ["a&#1114111;b", "a\u{10FFFF}b"],
])("%s is read as %s", (text, expected) => {
  expect(last(text)).toBe(expected);
});

test.each(["a&#1114112;b", "a&nobody;b", "a%G1b", "plain"])("%s stays as it is", (text) => {
  expect(all(text)).toEqual([text]);
});

test("escapes within escapes are undone four times, and no more", () => {
  expect(all("%2525252541")).toEqual(["%2525252541", "%25252541", "%252541", "%2541", "%41"]);
  expect(last("%25252541")).toBe("A");
});

test("each unit knows the stretch of the text that it stands for, before, within and after what was undone", () => {
  const units = [...readings("x%41y&amp;z")].at(-1) ?? [];
  expect(units.map(({ unit, start, end }) => [unit, start, end])).toEqual([
    ["x", 0, 1],
    ["A", 1, 4],
    ["y", 4, 5],
    ["&", 5, 10],
    ["z", 10, 11],
  ]);
});
