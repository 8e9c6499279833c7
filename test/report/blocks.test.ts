import { expect, test } from "vitest";
import { createBlocks } from "../../shared/report/blocks.ts";

test.each([
  ["a", 1],
  ["é", 700],
  ["か", 5_000],
  ["👋", 8_000],
  ["か", 200_000],
])("nothing of %j, %i times at once, is lost between blocks", (character, times) => {
  const written: Buffer[] = [];
  const blocks = createBlocks((bytes) => written.push(Buffer.from(bytes)));
  const text = character.repeat(times);
  const count = Math.ceil(1_000_000 / text.length);
  for (let index = 0; index < count; index += 1) blocks.add(text);
  blocks.end();
  expect(Buffer.concat(written).toString("utf8") === text.repeat(count)).toBe(true);
});
