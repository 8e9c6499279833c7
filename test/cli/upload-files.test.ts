import { expect, test } from "vitest";
import type { CampaignFile, CampaignOptions } from "../../cli/campaign-file.ts";
import { changedOptions } from "../../cli/upload-files.ts";
import type { Options } from "../../shared/campaign/options.ts";
import { running } from "../support/factories.ts";

const warning = (options: Pick<CampaignOptions, "file" | "given" | "read"> | undefined, planned: Options) => {
  const file: CampaignFile = {
    csv: "lists/spring.csv",
    format: "csv",
    bytes: 1,
    name: "spring",
    options: options && { text: "", replacing: [], ...options },
  };
  return changedOptions(file, running({ options: planned }));
};

test("who gives a campaign other options is told which of them have no effect", () => {
  const read = { message: "Hi" };
  const kept = "the options that spring was planned with; that has no effect, the campaign keeps those.";
  expect(warning({ file: "changed.json", given: [], read }, {})).toBe(`changed.json differs from ${kept}`);
  expect(warning({ file: undefined, given: ["--message"], read }, {})).toBe(`--message differs from ${kept}`);
  expect(warning({ file: "spring.json", given: ["--message"], read }, {})).toBe(
    `spring.json and --message differ from ${kept}`,
  );
  expect(warning(undefined, read)).toBe(
    "No options are beside lists/spring.csv, but spring was planned with some; that has no effect, the campaign keeps those.",
  );
  expect(warning({ file: "same.json", given: [], read }, read)).toBeUndefined();
  expect(warning(undefined, {})).toBeUndefined();
});
