import { describe, expect, it } from "vitest";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { createOptOutCount } from "../../shared/opt-outs/opt-out-count.ts";
import { mergeDecisions, optOutsInForce, optOutsKey, storeDecisions } from "../../shared/opt-outs/opt-out-list.ts";
import { cpuMs } from "../support/cpu-time.ts";
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

  it("takes people's own ways of writing a number for the same number", () => {
    const edited =
      'number\n07700 900001\n"=""+447700900002"""\n"4.47700900003E+11",,STOP\n0044 7700 900004,2026-03-01T00:00:00Z,STOP\n';
    const all = [1, 2, 3, 4].map((person) => start(`+44770090000${person}`, "09:00", `${person}`));
    const { text, standing } = mergeDecisions(edited, all, "GB");
    expect(standing).toHaveLength(4);
    expect(optOutsInForce(text).lines).toEqual([]);
    // In a list of another country it is somebody else's.
    expect(mergeDecisions("number\n07700 900001\n", all, "DE").standing).toEqual([]);
  });

  it("believes the newest of several lines about a number, wherever it stands", () => {
    const older = "+447700900001,2026-03-02T09:00:00Z,START,a\n";
    const newer = "+447700900001,2026-03-02T09:10:00Z,STOP,b\n";
    for (const text of [older + newer, newer + older]) expect(optOutsInForce(text).lines).toHaveLength(1);
    expect(optOutsInForce("+447700900001,,removed by hand\n+447700900001\n").lines).toHaveLength(1);
    expect(optOutsInForce("+447700900001,2026-03-02,Removed by Hand\n").lines).toEqual([]);
    expect(optOutsInForce(`0044 7700 900001,2026-03-01,STOP\n${older}`).lines).toEqual([]);
    const late = optOutsInForce("+447700900001,2026-03-02T23:30:00Z,STOP\n+447700900002,2026-03-02T00:10:00Z,STOP\n");
    for (const digits of ["447700900001", "447700900002"]) {
      expect(late.detail([digits])).toBe("opted out on 2026-03-02");
    }
  });

  it("counts who opted out meanwhile, by whole seconds, and again when it has changed", async () => {
    const bucket = createMemoryBucket(createManualClock());
    const count = createOptOutCount(bucket);
    expect(await count(0, at("10:00"))).toBe(0);
    await storeDecisions(bucket, [stop(anna, "09:00", "1")]);
    expect(await count(at("09:00") + 500, at("09:00") + 900)).toBe(1);
    expect(await count(at("08:00"), at("09:00"))).toBe(1);
    expect(await count(at("08:00"), at("09:00") - 1)).toBe(0);
    expect(await count(at("09:00") + 1_000, at("10:00"))).toBe(0);
    await storeDecisions(bucket, [stop(ben, "09:01", "2"), start(anna, "09:02", "3")]);
    expect(await count(at("08:00"), at("10:00"))).toBe(1);
  });

  it.each([
    ["columns in another order", "date,number,word\n2026-03-02T09:00:00Z,+447700900001,STOP\n", 2],
    ["a column before the numbers", "name;number\nAnn;+447700900001\n", 2],
    ["a column before national numbers", "name;number\nAnn;07700 900001\n", 2],
    ["no ends of lines", "number,date,word,id+447700900001,2026-03-02T09:00:00Z,STOP,1", 1],
    ["a number cut off", "number,date\n+447700900001,2026-03-02\n,2026-03-02,STOP,+447700900002\n", 3],
    ["numbers that Excel shortened", "number\n4.47701E+11,2026-03-02T09:00:00Z,STOP,1\n", 2],
  ])("is refused with %s, naming the line, so that nobody is missed", async (_, text, line) => {
    expect(() => optOutsInForce(text)).toThrow(`line ${line} of suppression/opt-outs.csv`);
    const bucket = createMemoryBucket(createManualClock());
    bucket.store(optOutsKey, text);
    expect(await createSuppressions(bucket)()).toMatchObject({ kind: "unreadable" });
    expect(await createOptOutCount(bucket)(0, at("10:00"))).toBeUndefined();
    // Who replies meanwhile is not lost.
    expect(await storeDecisions(bucket, [stop(ben, "09:00", "1")])).toHaveLength(1);
    expect(bucket.text(optOutsKey)?.startsWith(text)).toBe(true);
  });

  it.each([
    ["a byte order mark", "\ufeff+447700900001\n"],
    ["a line of separators", "sep=;\nnumber;date;word;id\n+447700900001;2026-03-02T09:00:00Z;STOP;1\n;;;\n"],
    ["a formula", '"=""+447700900001""",2026-03-02T09:00:00Z,STOP,1\n'],
    ["an apostrophe", "'+447700900001;02/03/2026 09:00;STOP;1767225600.17\n"],
    ["ends of lines of old Macs", "number,date\r+447700900001,2026-03-02T09:00:00Z\r"],
    ["several numbers in a cell", 'number\n"07700 900009, +447700900001; 07700 900008",2026-03-02T09:00:00Z,STOP\n'],
    ["a remark with a number", '+447700900001,,"phone call, from +44 20 7946 0000"\n'],
    ["a title", "People who wrote STOP to 60777 since 2026\n+447700900001\n"],
  ])("is read with %s", async (_, text) => {
    const bucket = createMemoryBucket(createManualClock());
    bucket.store(optOutsKey, text);
    const lists = await createSuppressions(bucket)();
    if (lists.kind !== "lists") throw new Error(lists.reason);
    expect(lists.detail("+447700900001", "GB")).toBeDefined();
    expect(lists.detail(ben, "GB")).toBeUndefined();
  });

  it("is refused, and not held in memory, with more lines than it may have, and as UTF-16", async () => {
    const bucket = createMemoryBucket(createManualClock());
    for (const [text, why] of [
      ["1\n".repeat(600_000), "250000 lines"],
      [`${"1".repeat(1024)}\n`.repeat(33 * 1024), "250000 lines"],
      [`+447700900001\n+447700900002,${",".repeat(1024 * 1024)}\n`, "longer than 1 MiB"],
      [Buffer.from("\ufeffnumber\n+447700900001\n", "utf16le"), "UTF-8"],
    ] as const) {
      bucket.store(optOutsKey, text);
      expect(await createSuppressions(bucket)()).toMatchObject({
        kind: "unreadable",
        reason: expect.stringContaining(why),
      });
      await expect(storeDecisions(bucket, [stop(anna, "09:00", "1")])).rejects.toThrow(why);
    }
    const lines = Array.from({ length: 249_999 }, (_, line) => `+4477${10_000_000 + line}\n`).join("");
    expect(mergeDecisions(lines, [stop(anna, "09:00", "1")]).standing).toHaveLength(1);
    expect(() => mergeDecisions(`${lines}+33612345678\n`, [stop(anna, "09:00", "1")])).toThrow("250000 lines");
  });

  it("is read in a time that its length decides, whatever a line repeats", async () => {
    const msOf = (cell: string) => cpuMs(() => optOutsInForce(`number,date,word,id\n4477${cell}x,,${cell}x\n`));
    await msOf("1".repeat(300_000));
    const plain = Math.max(20, await msOf("1".repeat(300_000)));
    for (const sign of ['"', "'", '""', " ", ', "', "=", "0"]) {
      const times = (await msOf(sign.repeat(300_000 / sign.length))) / plain;
      expect({ sign, times }).toEqual({ sign, times: expect.toSatisfy((found: number) => found < 100) });
    }
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
