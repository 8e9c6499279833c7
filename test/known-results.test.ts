import { expect, test } from "vitest";
import { knownResults } from "../shared/known-results.ts";

/** A function that knows its results, and the texts for which they had to be found. */
function counted() {
  const asked: string[] = [];
  const isShort = knownResults((text) => {
    asked.push(text);
    return text.length < 3;
  });
  return { asked, isShort };
}

test("a result is found once for each text, whatever it is", () => {
  const { asked, isShort } = counted();
  expect(["a", "long", "a", "long", ""].map(isShort)).toEqual([true, false, true, false, true]);
  expect(asked).toEqual(["a", "long", ""]);
});

test("a thousand results are remembered, and not more", () => {
  const { asked, isShort } = counted();
  const texts = Array.from({ length: 1_001 }, (_, at) => String(at));
  for (const text of texts.slice(0, 1_000)) isShort(text);
  isShort("0");
  expect(asked).toHaveLength(1_000);
  isShort("1000");
  isShort("0");
  expect(asked).toHaveLength(1_002);
});
