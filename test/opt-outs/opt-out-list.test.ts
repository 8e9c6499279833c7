import { describe, expect, it } from "vitest";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { mergeDecisions, optOutsInForce, optOutsKey, storeDecisions } from "../../shared/opt-outs/opt-out-list.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const at = (time: string) => Date.parse(`2026-03-02T${time}:00Z`);
const stop = (number: string, time: string, id: string) => ({ number, at: at(time), word: "STOP", id });
const start = (number: string, time: string, id: string) => ({ ...stop(number, time, id), word: "START" });
const anna = "+447700900001";
const ben = "+447700900002";

describe("the opt-out list", () => {
  it("begins with a header, and has a line for each number", () => {
    const { text, standing } = mergeDecisions(undefined, [stop(anna, "09:00", "1"), stop(ben, "09:01", "2")]);
    expect(text).toBe(
      "number,date,word,id\n+447700900001,2026-03-02T09:00:00Z,STOP,1\n+447700900002,2026-03-02T09:01:00Z,STOP,2\n",
    );
    expect(standing).toHaveLength(2);
  });

  it("keeps the newest decision about a number, in whatever order they come", () => {
    const decisions = [stop(anna, "09:00", "1"), start(anna, "09:10", "2"), stop(anna, "09:20", "3")];
    for (const order of [decisions, decisions.toReversed()]) {
      const { text } = order.reduce((list, one) => mergeDecisions(list.text, [one]), mergeDecisions("", []));
      expect(optOutsInForce(text).lines).toEqual([{ number: anna, at: at("09:20"), word: "STOP", id: "3" }]);
    }
    const taken = mergeDecisions(mergeDecisions("", [decisions[0] ?? stop(anna, "", "")]).text, [
      start(anna, "09:10", "2"),
    ]);
    expect(optOutsInForce(taken.text).lines).toEqual([]);
    // The same text, read once more, does not put the number back.
    expect(mergeDecisions(taken.text, [stop(anna, "09:00", "1")]).text).toBe(taken.text);
  });

  it("takes nothing back where nobody opted out, and at one instant believes the opt-out", () => {
    expect(mergeDecisions("", [start(anna, "09:00", "1")])).toEqual({ text: "number,date,word,id\n", standing: [] });
    const both = mergeDecisions("", [stop(anna, "09:00", "1"), start(anna, "09:00", "2")]);
    expect(optOutsInForce(both.text).lines.map(({ word }) => word)).toEqual(["STOP"]);
  });

  it("leaves what people wrote into it as it stands", () => {
    const edited = 'number;date;remark\r\n"+44 7700 900 009";;by phone\r\n+447700900001;2026-01-01;STOP\r\n\r\n';
    const { text } = mergeDecisions(edited, [stop(anna, "09:00", "1")]);
    expect(text).toBe(
      'number;date;remark\r\n"+44 7700 900 009";;by phone\r\n+447700900001,2026-03-02T09:00:00Z,STOP,1\r\n',
    );
    expect(optOutsInForce(text).detail(["447700900009"])).toBe("opted out");
    expect(optOutsInForce(text).detail(["447700900001"])).toBe("opted out on 2026-03-02");
  });

  it("loses nothing when two write at the same time", async () => {
    const bucket = createMemoryBucket(createManualClock());
    let others = 3;
    const contested = {
      ...bucket,
      replace: async (...change: Parameters<typeof bucket.replace>) => {
        if (others-- > 0) await storeDecisions(bucket, [stop(`+44770090010${others}`, "09:00", `other ${others}`)]);
        return bucket.replace(...change);
      },
    };
    await storeDecisions(contested, [stop(anna, "09:05", "mine")]);
    let meanwhile = 1;
    const read = async (...asked: Parameters<typeof bucket.get>) => {
      const found = await bucket.get(...asked);
      if (meanwhile-- > 0) await storeDecisions(bucket, [stop("+447700900103", "09:00", "meanwhile")]);
      return found;
    };
    await storeDecisions({ ...bucket, get: read }, [stop(ben, "09:06", "mine, too")]);
    const numbers = optOutsInForce(bucket.text(optOutsKey) ?? "").lines.map(({ number }) => number);
    const all = [anna, ben, "+447700900100", "+447700900101", "+447700900102", "+447700900103"];
    expect(numbers.toSorted()).toEqual(all);
  });

  it("is a suppression list, of which only the lines in force count", async () => {
    const bucket = createMemoryBucket(createManualClock());
    await storeDecisions(bucket, [stop(anna, "09:00", "1"), stop(ben, "09:00", "2"), start(ben, "09:01", "3")]);
    const lists = await createSuppressions(bucket)();
    if (lists.kind !== "lists") throw new Error(lists.reason);
    expect(lists.detail("447700900001", undefined)).toBe("opted out on 2026-03-02");
    expect(lists.detail("07700 900001", "GB")).toBe("opted out on 2026-03-02");
    expect(lists.detail(ben, "GB")).toBeUndefined();
  });

  it("is read when all have taken their opt-outs back, and with ids that look like numbers", async () => {
    const bucket = createMemoryBucket(createManualClock());
    await storeDecisions(bucket, [stop("60777", "09:00", "1767225600123")]);
    expect((await createSuppressions(bucket)()).kind).toBe("lists");
    await storeDecisions(bucket, [start("60777", "09:01", "1767225600124")]);
    expect((await createSuppressions(bucket)()).kind).toBe("lists");
  });
});
