import { expect, test } from "vitest";
import { optionMeant } from "../../shared/csv/option-meant.ts";

test.each([
  ["senderId", 'come from is "snumber"'],
  ["Body", 'The text is "message"'],
  ["phone_number", '{"columns": {"cnumber": '],
  ["text column", '{"columns": {"message": '],
  ["mapping", 'Did you mean "columns"?'],
  ["default-country", 'Did you mean "country"?'],
  ["charset", 'Did you mean "encoding"?'],
  ["schedule", 'Did you mean "sendAfter"?'],
  ["expires", 'Did you mean "sendBefore"?'],
  ["quietHours", 'Did you mean "window"?'],
  ["dedupe", 'Did you mean "duplicates"?'],
  ["maxParts", 'Did you mean "maxSegments"?'],
  ["maxErrors", 'Did you mean "stopAfterFailures"?'],
  ["phoneFormat", 'Did you mean "numberFormat"?'],
  ["type", 'Did you mean "stype"?'],
  ["clientAccount1", undefined],
  ["account1", 'Did you mean "customer"?'],
  ["separator", "The delimiter is found by itself"],
])("who calls an option %s is told: %s", (name, advice) => {
  const told = optionMeant(name);
  if (advice === undefined) expect(told).toBeUndefined();
  else expect(told).toContain(advice);
});
