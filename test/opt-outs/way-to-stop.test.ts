import { describe, expect, test } from "vitest";
import { OptOutSetting } from "../../shared/opt-outs/opt-out-setting.ts";
import { createWayToStop } from "../../shared/opt-outs/way-to-stop.ts";

const names = createWayToStop({ footer: "Reply STOP to stop" });

describe("a text", () => {
  test.each([
    ...[
      "Sale! Reply STOP to stop",
      "Hi\nreply stop to stop.",
      "Text STOP to 60777",
      "Txt stop to opt out",
      "STOP to end",
    ],
    ...[
      "To unsubscribe: https://example.com/u",
      "opt out: example.com",
      "Opt-out anytime at example.com",
      "Soldes ! STOP au 36111",
    ],
    ...[
      "Antworten Sie mit STOP",
      "Antworte stopp, um dich abzumelden",
      "Répondez STOP",
      "Responde BAJA para salir",
      "Rispondi STOP",
    ],
    ...[
      "Svara STOPP",
      "Odpisz STOP",
      "SALE TODAY. REPLY STOP TO END",
      "Zum Abmelden: example.com",
      "Stuur AFMELDEN naar 1234",
    ],
  ])("%j names a way to stop", (text) => {
    expect(names(text)).toBe(true);
  });

  test.each([
    ...[
      "Hello from us",
      "Don't stop believing",
      "NON STOP SALE",
      "END OF SEASON SALE",
      "Our stop on the tour: Leeds",
      "",
      "🎉",
    ],
    ...[
      "The weekend is here",
      "Quit smoking today",
      "We will never cancel on you",
      "Stop by our shop",
      "Reply YES to confirm",
    ],
  ])("%j names none", (text) => {
    expect(names(text)).toBe(false);
  });

  test("may name a word of the stack's own", () => {
    const own = createWayToStop({ footer: "Antworte GENUG", words: ["GENUG"] });
    expect(own("Hallo. Schreib genug, wenn es reicht")).toBe(true);
    expect(own("Hallo. antworte  genug")).toBe(true);
    expect(own("Hallo, es ist genug da")).toBe(false);
  });
});

describe("the setting", () => {
  test.each<[unknown, unknown]>([
    [true, {}],
    [false, undefined],
    [{}, {}],
    [{ words: ["STOP", "Genug"] }, { words: ["STOP", "Genug"] }],
    [{ footer: " Reply STOP to stop " }, { footer: "Reply STOP to stop" }],
    [
      { numberField: "cnumber", ownNumbers: ["442079460000"] },
      { numberField: "cnumber", ownNumbers: ["442079460000"] },
    ],
  ])("%j is taken", (given, taken) => {
    expect(OptOutSetting.parse(given)).toEqual(taken);
  });

  test.each([
    ...[
      "yes",
      1,
      null,
      [],
      { words: [] },
      { words: ["!!"] },
      { words: ["start"] },
      { words: ["Yes!"] },
      { footer: "" },
    ],
    ...[
      { footer: "Thank you" },
      { footer: "x".repeat(161) },
      { numberField: "a b" },
      { ownNumbers: ["ACME"] },
      { word: ["X"] },
    ],
    ...[{ words: ["GENUG"], footer: "Bye" }],
  ])("%j is not", (given) => {
    expect(OptOutSetting.safeParse(given).success).toBe(false);
  });
});
