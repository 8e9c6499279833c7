import { describe, expect, test } from "vitest";
import { mistakes } from "./mistakes.ts";
import { scenarioOf } from "./scenario.ts";
import { simulate } from "./simulate.ts";

/** Seeds looked at, and those run among them, before a mistake counts as not noticed. */
const looked = 4_000;
const tried = 250;

describe("a planted mistake is noticed by the invariant that it breaks", () => {
  test.each(mistakes)("$name", async (mistake) => {
    let runs = 0;
    let noticed: string | undefined;
    for (let seed = 1; seed <= looked && runs < tried && noticed === undefined; seed++) {
      if (mistake.shows?.(scenarioOf(seed)) === false) continue;
      runs++;
      const { failures } = await simulate(seed, { mistake });
      noticed = failures.find(({ invariant }) => mistake.breaks.includes(invariant))?.invariant;
    }
    expect(mistake.breaks).toContain(noticed);
  });
});
