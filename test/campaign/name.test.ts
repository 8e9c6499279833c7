import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nameFault, readUploadKey } from "../../shared/campaign/name.ts";
import { reportKey } from "../../shared/ports/bucket-layout.ts";
import { anyString } from "../support/any-text.ts";

describe("what a key means", () => {
  it.each([
    ["campaigns/spring.csv", { kind: "campaign", name: "spring", format: "csv" }],
    ["campaigns/2026/spring.csv", { kind: "campaign", name: "2026/spring", format: "csv" }],
    ["campaigns/spring.xlsx", { kind: "campaign", name: "spring", format: "xlsx" }],
    ["check/Spring.XLSX", { kind: "check", name: "Spring", format: "xlsx" }],
    ["campaigns/spring.CSV", { kind: "campaign", name: "spring", format: "csv" }],
    ["campaigns/Frühling 2026+.csv", { kind: "campaign", name: "Frühling 2026+", format: "csv" }],
    ["campaigns/spring.csv.csv", { kind: "campaign", name: "spring.csv", format: "csv" }],
    ["check/spring.csv", { kind: "check", name: "spring", format: "csv" }],
    ["campaigns/spring.json", { kind: "options", of: "campaign", name: "spring" }],
    ["check/spring.JSON", { kind: "options", of: "check", name: "spring" }],
    ["campaigns/", { kind: "nothing" }],
    ["campaigns/2026/", { kind: "nothing" }],
    ["check/", { kind: "nothing" }],
    ["reports/spring/report.csv", { kind: "nothing" }],
    ["attachments/offer.pdf", { kind: "nothing" }],
    ["Campaigns/spring.csv", { kind: "nothing" }],
  ])("%s", (key, meaning) => {
    expect(readUploadKey(key)).toEqual(meaning);
  });

  it.each([
    ["campaigns/spring.xls", "spring.xls", /spring\.xls is neither a list \(\.csv or \.xlsx\)/u],
    ["campaigns/spring.ods", "spring.ods", /Excel workbook \(\.xlsx\)/u],
    ["campaigns/spring", "spring", /neither a list/u],
    ["campaigns/2026/list.txt", "2026/list.txt", /^list\.txt is neither/u],
    ["campaigns/.csv", undefined, /no name before its ending/u],
    ["campaigns/2026/.csv", undefined, /no name before its ending/u],
    ["campaigns/../secret.csv", undefined, /"\.\."/u],
    ["campaigns/a/./b.csv", undefined, /"\."/u],
    ["campaigns/a//b.csv", undefined, /empty part/u],
    ["campaigns//b.csv", undefined, /empty part/u],
    ["campaigns/a\nb.csv", undefined, /control character/u],
    ["campaigns/a\u007fb.csv", undefined, /control character/u],
    ["campaigns/a\\b.csv", undefined, /backslash/u],
    ["campaigns/check.csv", undefined, /bulk-send uses itself/u],
    ["campaigns/check/x.csv", undefined, /bulk-send uses itself/u],
    ["campaigns/campaigns.csv", undefined, /bulk-send uses itself/u],
    ["campaigns/account.csv", undefined, /bulk-send uses itself/u],
    [`campaigns/${"ü".repeat(451)}.csv`, undefined, /longer than 900 bytes/u],
  ])("%j is refused with one sentence", (key, name, reason) => {
    const upload = readUploadKey(key);
    expect(upload).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
    if (name !== undefined) expect(upload).toMatchObject({ name });
  });

  it("takes a name of exactly 900 bytes", () => {
    expect(readUploadKey(`campaigns/${"x".repeat(900)}.csv`).kind).toBe("campaign");
    expect(readUploadKey(`campaigns/${"x".repeat(901)}.csv`).kind).toBe("refused");
  });

  it("is for any key at all a meaning whose report can be stored and lies where it belongs", () => {
    const key = fc.oneof(
      anyString,
      fc
        .tuple(
          fc.constantFrom("campaigns/", "check/"),
          fc.array(fc.constantFrom("..", ".", "/", "a", "\0", "check", "account", "ü", "\\", " ", "\ud800"), {
            maxLength: 8,
          }),
          fc.constantFrom(".csv", ".JSON", ""),
        )
        .map(([prefix, parts, ending]) => prefix + parts.join("") + ending),
    );
    fc.assert(
      fc.property(key, (text) => {
        const upload = readUploadKey(text);
        if (upload.kind === "nothing") return;
        expect(nameFault(upload.name)).toBeUndefined();
        const report = reportKey(upload.name, "summary.json");
        expect(Buffer.byteLength(report)).toBeLessThanOrEqual(1024);
        expect(report.split("/")).not.toContain("..");
      }),
      { numRuns: 2000 },
    );
  });
});
