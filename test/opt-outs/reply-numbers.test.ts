import { describe, expect, test } from "vitest";
import { replyNumbers } from "../../shared/opt-outs/reply-numbers.ts";

describe("the numbers of who wrote a text", () => {
  test.each<[string, string | undefined, readonly string[]]>([
    ["447700900001", "GB", ["+447700900001"]],
    ["447700900001", undefined, ["+447700900001"]],
    ["+44 7700 900001", "FR", ["+447700900001"]],
    ["00447700900001", undefined, ["+447700900001"]],
    ["07700900001", "GB", ["+447700900001"]],
    ["07700900001", undefined, ["07700900001"]],
    ["+44 (0)7700 900001", undefined, ["+447700900001"]],
    ["\u202a+44\u00a07700\u2011900001\u202c", undefined, ["+447700900001"]],
    ["\u0660\u0667\u0667\u0660\u0660\u0669\u0660\u0660\u0660\u0660\u0661", "GB", ["+447700900001"]],
    // With their country code they are somebody's in France and in Portugal, without it in Italy.
    ["33612345678", "IT", ["+3933612345678", "+33612345678"]],
    ["351912345678", "IT", ["+39351912345678", "+351912345678"]],
    ["33612345678", "GB", ["+33612345678"]],
    ["436641234567", "DE", ["+49436641234567", "+436641234567"]],
    ["2125550123", "US", ["+12125550123"]],
    ["0099912345678", undefined, ["+99912345678"]],
    ["+99912345678", "GB", ["+99912345678"]],
    ["60777", "GB", ["60777"]],
    ["12", "GB", []],
    ["", "GB", []],
    ["ACME", "GB", []],
    ["Bank4U2026", "GB", []],
    ["Anonymous", undefined, []],
  ])("%j in %s", (number, country, numbers) => {
    expect(replyNumbers(number, country)).toEqual(numbers);
  });
});
