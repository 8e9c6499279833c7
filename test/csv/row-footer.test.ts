import { describe, expect, it } from "vitest";
import { judgedCsv } from "./judged-csv.ts";

const optOut = { footer: "Reply STOP to stop" };
const defaults = { snumber: "442079460000", country: "GB", optOut };

const textsOf = async (csv: string, options = {}, settings: object = defaults) => {
  const { rows, last } = await judgedCsv(csv, options, { defaults: settings });
  return {
    last,
    texts: rows.map(({ verdict }) =>
      verdict.kind === "send" ? verdict.send.message : `${verdict.kind}: ${verdict.detail}`,
    ),
    segments: rows.map(({ verdict }) => verdict.segments),
  };
};

describe("the footer", () => {
  it("is put under each text that names no way to stop, and counted", async () => {
    const csv = 'to,text\n07700900001,Hello\n07700900002,Hello. Reply STOP to stop\n07700900003,"Don\'t stop  "\n';
    const { texts, last } = await textsOf(csv);
    expect(texts).toEqual(["Hello\nReply STOP to stop", "Hello. Reply STOP to stop", "Don't stop\nReply STOP to stop"]);
    expect(last).toMatchObject({ totals: { footed: 2 }, warnings: [] });
  });

  it("is put under no text, and counted nowhere, without opt-outs", async () => {
    const { texts, last } = await textsOf("to,text\n07700900001,Hello\n", {}, { ...defaults, optOut: undefined });
    expect(texts).toEqual(["Hello"]);
    expect(last).toMatchObject({ totals: { footed: 0 } });
  });

  it("counts for the segments, and for the most that a text may have", async () => {
    const csv = "to\n07700900001\n";
    const message = "x".repeat(150);
    expect((await textsOf(csv, { message }, { ...defaults, optOut: undefined })).segments).toEqual([1]);
    expect((await textsOf(csv, { message })).segments).toEqual([2]);
    expect((await textsOf(csv, { message, maxSegments: 1 })).texts[0]).toMatch(/^invalid: The text is too long/u);
  });

  it("makes no text of an empty one, and no second message of one that was sent before", async () => {
    const csv = "to,text,send_status\n07700900001,,\n07700900002,Hello,submitted\n07700900002,Hello,\n";
    const { texts } = await textsOf(csv);
    expect(texts[0]).toBe("invalid: The text is empty");
    expect(texts.slice(1).every((text) => text.startsWith("skipped: "))).toBe(true);
  });
});
