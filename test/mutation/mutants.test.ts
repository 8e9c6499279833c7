import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { describe, expect, test } from "vitest";
import { equivalents, isEquivalent } from "./equivalent.ts";
import { mistakeOf, mutate } from "./mutants.ts";
import { Endless, installSwitch } from "./switch.ts";

/** The changes in a piece of source, as `original → replacement`. */
const changesIn = (text: string) =>
  mutate("x.ts", text).mutants.map(({ original, replacement }) => `${original} → ${replacement}`);

describe("mutants", () => {
  test.each([
    ["a comparison", "f(a < b);", ["a < b → (a) <= (b)", "a < b → (a) >= (b)"]],
    ["an equality", "f(a === b);", ["a === b → (a) !== (b)"]],
    ["arithmetic", "f(a * b);", ["a * b → (a) / (b)"]],
    ["a sum, but no text put together", 'f(a + b, "x " + a);', ["a + b → (a) - (b)"]],
    ["half of a condition", "f(a && b);", ["a && b → a", "a && b → b"]],
    ["a fallback", "f(a ?? b);", ["a ?? b → a", "a ?? b → b"]],
    ["a comparison of kinds, but not the kind", 'f(a.kind === "b");', ['a.kind === "b" → (a.kind) !== ("b")']],
    ["a negation", "f(!a);", ["!a → a"]],
    ["a condition", "f(a ? b : c);", ["a → !(a)"]],
    ["numbers", "f(0, 1, 500);", ["0 → 1", "1 → 2", "1 → 0", "500 → 1000", "500 → 0"]],
    ["words, but no sentences", 'f("open", "It is open.");', ['"open" → ""']],
    ["a list", "f([a]);", ["[a] → []"]],
    ["confusable methods", "f(a.every(b), Math.min(c));", ["a.every(b) → a.some(b)", "Math.min(c) → Math.max(c)"]],
    ["methods that may be left out", "f(a.filter(b));", ["a.filter(b) → a"]],
    ["properties, but not the kind", 'f({ kind: "a b", c, d: e });', ["c → ", "d: e → "]],
  ])("are made of %s", (_what, text, expected) => {
    expect(changesIn(text)).toEqual([`${text} → `, ...expected]);
  });

  test.each([
    ["types", 'type A = { readonly b: "c" | 1 }; interface D { e?: 2 }'],
    ["imports", 'import { a } from "b";'],
    ["schemas", "const A = z.object({ b: z.string().max(10) });"],
    ["log lines", 'log.warn("a", { b: 1 });'],
    ["names of properties", "const { a, b: c } = d;"],
    ["chains that may end early", "const a = b?.c.filter(d);"],
    ["kinds, which the compiler knows", 'const a = { kind: "b" };'],
    ["checks that the compiler makes", "a satisfies never;"],
    ["lengths of what people are shown", "const c = quoted(a, 40);"],
  ])("are not made of %s", (_what, text) => {
    expect(changesIn(text)).toEqual([]);
  });

  test("know their line, and keep their names as long as the file is the same", () => {
    const { mutants } = mutate("shared/x.ts", "const a = 0;\n\nconst b = !a;\n");
    expect(mutants.map(({ id, line }) => [id, line])).toEqual([
      ["shared/x.ts#1", 1],
      ["shared/x.ts#2", 3],
    ]);
  });

  test("sleep in the file until one is woken, and then it alone acts", () => {
    const source = `
      const out: unknown[] = [];
      const limits = { low: 1, high: (2 + 3) * 4 } as const;
      for (const each of [0, 5, 50]) {
        if (each >= limits.low && each < limits.high) out.push({ each, ok: true });
        else out.push(each === 0 ? "none" : "over");
      }
      return out;`;
    const state = installSwitch();
    const file = mutate("x.ts", `function f() {${source}\n}`);
    const run = new Function(`${stripTypeScriptTypes(file.text)}; return JSON.stringify(f());`);
    const asItIs = run();
    expect(asItIs).toBe('["none",{"each":5,"ok":true},"over"]');
    const different = file.mutants.filter(({ id }) => {
      state.active = id;
      return run() !== asItIs;
    });
    expect(different.map(({ original, replacement }) => `${original} → ${replacement}`)).toEqual(
      expect.arrayContaining(["low: 1 → ", "0 → 1", "true → false", "ok: true → ", '"none" → ""']),
    );
    state.active = undefined;
    expect(run()).toBe(asItIs);
  });

  test("that make work endless are ended", () => {
    const state = installSwitch();
    const { text } = mutate("x.ts", "function f() { for (let i = 0; i < 3; i++) g(); }");
    const run = new Function("g", `${text}; f();`);
    state.active = "x.ts#2";
    state.patience = 1_000;
    expect(() => run(() => --state.patience)).not.toThrow();
    state.active = "none";
    state.patience = 2;
    expect(() => run(() => {})).toThrow(Endless);
  });
});

describe("mutants that make no difference", () => {
  const because = "x is never negative";
  const known = { "x.ts": [{ line: "if (x > 0) f();", mistakes: ["x > 0  →  (x) >= (0)"], because }] };

  test("are known by their file, line and change, wherever the line is", () => {
    const { mutants } = mutate("x.ts", "const y = 1;\n  if (x > 0) f();\n  if (x > 0) g();\n");
    const found = mutants.filter((mutant) => isEquivalent(mutant, known));
    expect(found.map((mutant) => `${mutant.line}: ${mistakeOf(mutant)}`)).toEqual(["2: x > 0  →  (x) >= (0)"]);
    expect(mutate("y.ts", "if (x > 0) f();").mutants.some((mutant) => isEquivalent(mutant, known))).toBe(false);
  });

  test.each(Object.entries(equivalents))("are still in %s, each with its reason", (path, list) => {
    const { mutants } = mutate(path, readFileSync(path, "utf8"));
    for (const { line, mistakes, because } of list) {
      const there = mutants.filter(({ lineText }) => lineText === line).map(mistakeOf);
      expect(there.length, line).toBeGreaterThan(0);
      expect(there, line).toEqual(expect.arrayContaining([...(mistakes ?? [])]));
      expect(because).not.toBe("");
    }
  });
});
