import { describe, expect, it } from "vitest";
import { findUpload } from "../../shared/split/find-upload.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const keysOf = (heads: readonly { readonly key: string }[]) => heads.map(({ key }) => key);

/** A bucket in which these objects were stored, a minute apart. */
async function bucketWith(...keys: readonly string[]) {
  const clock = createManualClock();
  const bucket = createMemoryBucket(clock);
  for (const key of keys) {
    bucket.store(key, key);
    await clock.advance(60_000);
  }
  return bucket;
}

describe("what is uploaded under a name", () => {
  it("is found newest first, whatever the case of its endings", async () => {
    const bucket = await bucketWith("campaigns/a.csv", "campaigns/a.json", "campaigns/a.CSV", "campaigns/a.JSON");
    const { lists, options } = await findUpload(bucket, "campaign", "a");
    expect(keysOf(lists)).toEqual(["campaigns/a.CSV", "campaigns/a.csv"]);
    expect(keysOf(options)).toEqual(["campaigns/a.JSON", "campaigns/a.json"]);
  });

  it("begins with what was announced among objects of the same second", async () => {
    const bucket = createMemoryBucket(createManualClock());
    const keys = ["campaigns/a.CSV", "campaigns/a.csv", "campaigns/a.xlsx"];
    for (const key of keys) bucket.store(key, key);
    for (const announced of keys) {
      const { lists } = await findUpload(bucket, "campaign", "a", announced);
      expect(keysOf(lists)).toHaveLength(3);
      expect(keysOf(lists)[0]).toBe(announced);
    }
  });

  it("is found in either form of its accents, and in one that is neither if that was announced", async () => {
    const mixed = "campaigns/e\u0301t\u00e9.csv";
    const bucket = await bucketWith("campaigns/\u00e9t\u00e9.csv", "campaigns/e\u0301te\u0301.json", mixed);
    const { lists, options } = await findUpload(bucket, "campaign", "\u00e9t\u00e9");
    expect(keysOf(lists)).toEqual(["campaigns/\u00e9t\u00e9.csv"]);
    expect(keysOf(options)).toEqual(["campaigns/e\u0301te\u0301.json"]);
    const announced = await findUpload(bucket, "campaign", "\u00e9t\u00e9", mixed);
    expect(keysOf(announced.lists)).toEqual([mixed, "campaigns/\u00e9t\u00e9.csv"]);
  });

  it("is neither what is to be checked, nor of a longer name, nor a file of another kind", async () => {
    const bucket = await bucketWith(
      ...[
        "check/a.csv",
        "check/a.json",
        "campaigns/a.b.csv",
        "campaigns/a.b.json",
        "campaigns/a.pdf",
        "campaigns/a.csv",
      ],
      "campaigns/a.json",
    );
    const campaign = await findUpload(bucket, "campaign", "a");
    expect(keysOf(campaign.lists)).toEqual(["campaigns/a.csv"]);
    expect(keysOf(campaign.options)).toEqual(["campaigns/a.json"]);
    const check = await findUpload(bucket, "check", "a");
    expect(keysOf(check.lists)).toEqual(["check/a.csv"]);
    expect(keysOf(check.options)).toEqual(["check/a.json"]);
  });

  it("leaves out what is deleted between listing and looking", async () => {
    const bucket = await bucketWith("campaigns/a.csv", "campaigns/a.CSV");
    const { head } = bucket;
    const found = await findUpload(
      { ...bucket, head: async (key) => (key.endsWith("V") ? undefined : head(key)) },
      "campaign",
      "a",
    );
    expect(keysOf(found.lists)).toEqual(["campaigns/a.csv"]);
  });
});
