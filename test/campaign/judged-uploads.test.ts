import { describe, expect, it } from "vitest";
import { csvWasJudged, judgedEntry, remembering, wasJudged } from "../../shared/campaign/judged-uploads.ts";

describe("judged uploads", () => {
  it("are known by the version of their CSV, or of their options", () => {
    const campaign = { judged: [judgedEntry({ csv: "v1", json: undefined }), judgedEntry({ csv: "v2", json: "v3" })] };
    expect(campaign.judged).toEqual(["v1|", "v2|v3"]);
    const versions = ["v1", "v2", "v3", "v4", ""];
    expect(versions.filter((version) => csvWasJudged(campaign, version))).toEqual(["v1", "v2"]);
    expect(versions.filter((version) => wasJudged(campaign, version))).toEqual(["v1", "v2", "v3"]);
  });

  it("are remembered newest last, twenty of them", () => {
    const all = Array.from({ length: 21 }, (_, index) => index).reduce<number[]>(remembering, []);
    expect(all).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(remembering(undefined, "first")).toEqual(["first"]);
  });
});
