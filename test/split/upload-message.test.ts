import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { missedUploadMessage, readUploadMessage } from "../../shared/split/upload-message.ts";
import { anyString } from "../support/any-text.ts";

const record = (key: string, changes: object = {}) => ({
  eventName: "ObjectCreated:Put",
  userIdentity: { principalId: "AWS:anna" },
  s3: { bucket: { name: "b" }, object: { key, versionId: "v1", size: 3 } },
  ...changes,
});

const event = (...records: object[]) => JSON.stringify({ Records: records });

describe("a message of the uploads queue", () => {
  it.each([
    ["campaigns/spring.csv", "campaigns/spring.csv"],
    ["campaigns/spring+sale+2026.csv", "campaigns/spring sale 2026.csv"],
    ["campaigns/50%2B50.csv", "campaigns/50+50.csv"],
    ["campaigns/Fr%C3%BChling.csv", "campaigns/Frühling.csv"],
    ["campaigns/2026/spring.csv", "campaigns/2026/spring.csv"],
  ])("names the object %s as %s", (encoded, key) => {
    expect(readUploadMessage(event(record(encoded)))).toEqual([{ key, version: "v1", by: "AWS:anna" }]);
  });

  it("may be of several objects", () => {
    expect(readUploadMessage(event(record("a"), record("b")))?.map(({ key }) => key)).toEqual(["a", "b"]);
  });

  it("tells nothing when S3 only tests the notification", () => {
    expect(readUploadMessage('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}')).toEqual([]);
  });

  it("tells nothing about objects that were removed", () => {
    expect(readUploadMessage(event(record("a", { eventName: "ObjectRemoved:Delete" })))).toEqual([]);
  });

  it("may come without versions and without who it was", () => {
    const bare = record("a", { userIdentity: undefined, s3: { object: { key: "a" } } });
    expect(readUploadMessage(event(bare))).toEqual([{ key: "a", version: undefined, by: "unknown" }]);
  });

  it("about a key that is not text is ignored, and the others of the same message are read", () => {
    expect(readUploadMessage(event(record("%E0%A4%A"), record("b")))?.map(({ key }) => key)).toEqual(["b"]);
  });

  it("about an upload found by listing gives back what was put in, for any key", () => {
    fc.assert(
      fc.property(anyString, fc.string(), (key, version) => {
        expect(readUploadMessage(missedUploadMessage(key, version))).toMatchObject([{ key, version }]);
      }),
    );
  });

  it("is for any text at all a list of uploads or none", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          Records: fc.array(
            fc.oneof(
              fc.jsonValue(),
              fc.string().map((key) => record(key)),
            ),
          ),
        })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(text, (body) => {
        const read = readUploadMessage(body);
        for (const { key, by } of read ?? []) expect([typeof key, typeof by]).toEqual(["string", "string"]);
      }),
      { numRuns: 500 },
    );
  });
});
