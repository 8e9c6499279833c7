import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Options } from "../../shared/campaign/options.ts";
import { readOptions } from "../../shared/csv/read-options.ts";
import { anyString } from "../support/any-text.ts";

const names = Object.keys(Options.shape);

describe("a campaign's JSON", () => {
  it("is for any text at all options or one sentence", () => {
    const nearly = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), fc.jsonValue(), {
      maxKeys: 4,
    });
    const text = fc.oneof(
      anyString,
      fc.json(),
      nearly.map((value) => JSON.stringify(value)),
      nearly.map((value) => JSON.stringify(value).slice(0, -1)),
    );
    fc.assert(
      fc.property(text, (json) => {
        const read = readOptions(json);
        if (read.kind === "options") {
          expect(Options.safeParse(read.options).success).toBe(true);
          return;
        }
        expect(read.reason).toMatch(/^The option.*[.?]$/su);
      }),
      { numRuns: 1000 },
    );
  });
});

it.each(["Recipient", " RECIPIENT"])("takes %j for the recipients' own zones", (timezone) => {
  const { window } = Options.parse({ window: { from: "09:00", to: "20:00", timezone } });
  expect(window?.timezone).toBe("recipient");
});
