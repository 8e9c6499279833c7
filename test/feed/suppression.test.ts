import { describe, expect, it } from "vitest";
import { createSuppressions, numbersMeant } from "../../shared/feed/suppression.ts";
import { cpuMs } from "../support/cpu-time.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const world = (lists: Record<string, string | Uint8Array> = {}) => {
  const clock = createManualClock();
  const bucket = createMemoryBucket(clock);
  for (const [key, text] of Object.entries(lists)) bucket.store(key, text);
  const read = createSuppressions(bucket);
  const detail = async (number: string, country?: string) => {
    const lists = await read();
    if (lists.kind !== "lists") throw new Error(lists.reason);
    return lists.detail(number, country);
  };
  return { clock, bucket, read, detail };
};

describe("the suppression lists", () => {
  it("suppress nothing when there are none", async () => {
    expect(await world().detail("447700900001", "GB")).toBeUndefined();
  });

  it("are every CSV's first column; the reason names the list", async () => {
    const { detail } = world({
      "suppression/stop.csv": "number,why\n447700900001,asked\n",
      "suppression/old.CSV": "447700900002\n",
      "suppression/readme.txt": "447700900003\n",
    });
    expect(await detail("447700900001")).toBe("on the suppression list suppression/stop.csv");
    expect(await detail("447700900002")).toBe("on the suppression list suppression/old.CSV");
    expect(await detail("447700900003")).toBeUndefined();
  });

  it.each([
    ["+44 7700 900001", "447700900001", undefined],
    ["00447700900001", "447700900001", undefined],
    ["'+447700900001", "447700900001", undefined],
    ["+447700900001", "07700900001", "GB"],
    ["07700 900001", "+447700900001", "GB"],
    ["07781 123456", "+447781123456", "GB"],
    ["7911123456", "+447911123456", "GB"],
    ["447700900001", "+447700900001", "GB"],
    ["+44 (0)7700 900001", "07700900001", "GB"],
    ["\u202a+44\u00a07700\u2011900001\u202c", "07700900001", "GB"],
    ["8 (916) 123-45-67", "+79161234567", "RU"],
    ["06 20 123 4567", "+36201234567", "HU"],
    ["447700900001.0", "+447700900001", "GB"],
    ["447700900001.0", "+447700900001", undefined],
    ["7700900001.0", "+447700900001", "GB"],
    ["4.47700900001E+11", "+447700900001", "GB"],
    ['"7,700,900,001"', "+447700900001", "GB"],
    ["44 (0)7700 900001", "+447700900001", "GB"],
    ["\u0660\u0667\u0667\u0660\u0660\u0669\u0660\u0660\u0660\u0660\u0661", "+447700900001", "GB"],
    ["+447700900001 ext 5", "+447700900001", "GB"],
    ["07700 900002 / 07700 900001", "+447700900001", "GB"],
    ["07700900001 (asked in 2024)", "+447700900001", "GB"],
    ["3. 07700900001", "+447700900001", "GB"],
    ["Bob2: 07700 900001", "+447700900001", "GB"],
    ["00 44 7700 900001", "+447700900001", "GB"],
    ["+00 44 7700 900001", "+447700900001", "GB"],
    ["(00 44) 7700 900001", "07700900001", "GB"],
    ["00 44 (0)7700 900001", "07700900001", "GB"],
    ["011 44 7700 900001", "07700900001", "GB"],
    ["011-44-7700-900001", "+447700900001", "US"],
    ["011 44 (0) 7700 900001", "+447700900001", "US"],
    ["011447700900001", "+447700900001", "US"],
    ["011447700900001.0", "+447700900001", "US"],
    ["011 1 212 555 0123", "212 555 0123", "US"],
    ["0011 44 7700 900001", "+447700900001", "AU"],
    ["0011 61 412 345 678", "0412345678", "AU"],
    ["8~10 44 7700 900001", "+447700900001", "RU"],
    ["810 7 916 123 45 67", "89161234567", "RU"],
    ["010 81 90 1234 5678", "090-1234-5678", "JP"],
    ["00700 82 10 1234 5678", "010-1234-5678", "KR"],
    ["00 15 55 11 96123 4567", "11961234567", "BR"],
    ["999 46 70 123 45 67", "+46701234567", "FI"],
    ["5551234 / 5559876", "5559876", undefined],
    ["+61412345678", "0412345678", "AU"],
    ["61412345678", "0412345678", "AU"],
    ["+6161395882", "61395882", "AU"],
    ["+61395882", "61395882", "AU"],
    ["015112345678", "4915112345678", "DE"],
  ])("that hold %s suppress %s (country %s)", async (listed, number, country) => {
    const { detail } = world({ "suppression/stop.csv": `number\r\n${listed}\r\n` });
    expect(await detail(number, country)).toBe("on the suppression list suppression/stop.csv");
  });

  it.each([
    ["number\n447700900002\n4.477E+11\n", "row 3, and its last digits are lost"],
    ["number\n\n447700900002\n4.477E+11\n", "row 4, and its last digits are lost"],
    ["name,phone\nAnn,912345678\n", "not in the first column"],
    ["name,phone\nAnn,+447700900001234\n", "not in the first column"],
    ["name,phone\nAnn,07700 900001\n", "not in the first column"],
    ["id;phone\n1;+447700900001\n2;+447700900002\n", "not in the first column"],
    ["date,phone\n2026-01-02,07700900001\n", "not in the first column"],
  ])("from which somebody's number cannot be read stop the feed: %j", async (text, why) => {
    const { read } = world({ "suppression/stop.csv": text });
    expect(await read()).toMatchObject({ kind: "unreadable", reason: expect.stringContaining(why) });
  });

  it.each(["name,card\nAnn,4111111111111111\n", "name,since\nAnn,20260102\n", "name,remark\nAnn,asked 07700900001\n"])(
    "may have no numbers at all, where what stands beside is none either: %j",
    async (text) => {
      const { read } = world({ "suppression/stop.csv": text });
      expect((await read()).kind).toBe("lists");
    },
  );

  it("may say more beside the numbers, or hold short codes only", async () => {
    const { detail } = world({
      "suppression/stop.csv": "number,asked,by phone\n07700900001,2026-01-02,01632960001\n",
      "suppression/codes.csv": "code,since\n60777,20260102\n",
    });
    expect(await detail("+447700900001", "GB")).toBeDefined();
    expect(await detail("+441632960001", "GB")).toBeUndefined();
    expect(await detail("60777", "GB")).toBeDefined();
  });

  it("hold national numbers of the campaign's own country only", async () => {
    const { detail } = world({ "suppression/stop.csv": "07911 123456\n" });
    expect(await detail("+447911123456", "GB")).toBeDefined();
    expect(await detail("+447911123456", "DE")).toBeUndefined();
    expect(await detail("+497911123456", "GB")).toBeUndefined();
  });

  it.each([
    ["07700 900001", "+447700900001", "Write the list's numbers with +"],
    ["07700 900001", "00447700900002", "Write the list's numbers with +"],
    ["7700900001", "447700900001", "Write the list's numbers with +"],
    ["+447700900001", "07700900001", 'say "country" in its options'],
    ["447700900001", "07700 900002", 'say "country" in its options'],
    ["+447700900001", "204567", 'say "country" in its options'],
  ])("that hold %s cannot be compared with %s without a country", async (listed, number, advice) => {
    const { detail } = world({ "suppression/stop.csv": `number\n${listed}\n` });
    await expect(detail(number)).rejects.toThrow(advice);
    await expect(detail(number)).rejects.toThrow("suppression/stop.csv");
    await expect(detail(number, "GB")).resolves.not.toThrow();
  });

  it.each([
    ["07700 900001", "07700900002"],
    ["+447700900001", "447700900002"],
    ["+447700900001", "204"],
    ["07700900001", "*98#"],
    ["100", "+447700900002"],
    ["07700900001", "*123456#"],
    ["+447700900001 ext 20456", "20456"],
    ["+44 7700 900001", "7700"],
    ["+353 1 23456", "23456"],
  ])("that hold %s do not hold %s, country or not", async (listed, number) => {
    const { detail } = world({ "suppression/stop.csv": `number\n${listed}\n` });
    expect(await detail(number)).toBeUndefined();
    expect(await detail(number, "GB")).toBeUndefined();
  });

  it("that hold a number with its country code do not hold the national number that its last digits would be", async () => {
    const { detail } = world({ "suppression/stop.csv": "+353 1 0234567\n" });
    expect(await detail("0234567", "IE")).toBeUndefined();
  });

  it("are looked through in the order of their names: the first that has a number, or that nobody can tell of, is named", async () => {
    const { detail } = world({ "suppression/b.csv": "447700900001\n", "suppression/a.csv": "447700900001\n" });
    expect(await detail("+447700900001")).toBe("on the suppression list suppression/a.csv");
    await expect(detail("07700900002")).rejects.toThrow("suppression/a.csv");
    const national = world({ "suppression/b.csv": "07700900001\n", "suppression/a.csv": "07700900001\n" });
    await expect(national.detail("+447700900002")).rejects.toThrow("suppression/a.csv");
  });

  it.each(["8 7911 123456", "1 7911 123456", "06 7911 123456"])(
    "that hold %s, as another country dials, do not hold +447911123456",
    async (listed) => {
      const { detail } = world({ "suppression/stop.csv": `number\n${listed}\n` });
      expect(await detail("+447911123456", "GB")).toBeUndefined();
    },
  );

  it("may begin with a byte order mark, have blank lines, quotes and semicolons", async () => {
    const { detail } = world({ "suppression/stop.csv": '\ufeff"447700900001";x\n\n447700900002;y;z\n' });
    expect(await detail("447700900001")).toBeDefined();
    expect(await detail("447700900002")).toBeDefined();
  });

  it("may be separated by tabs, and only the first column counts", async () => {
    const { detail } = world({ "suppression/stop.csv": "number\tby phone\n07700900001\t07700900002\n" });
    expect(await detail("07700900001", "GB")).toBeDefined();
    expect(await detail("07700900002", "GB")).toBeUndefined();
  });

  it.each(["head", "get"])("are not missed when one of them goes while they are read (%s)", async (asked) => {
    const { bucket, detail } = world({ "suppression/a.csv": "447700900001\n", "suppression/b.csv": "447700900002\n" });
    bucket.fault = ({ method, key }) => {
      if (method === asked && key === "suppression/a.csv") void bucket.delete([key]);
    };
    expect(await detail("447700900002")).toBeDefined();
    expect(await detail("447700900001")).toBeUndefined();
  });

  it("are read again when they changed, and only then", async () => {
    const { clock, bucket, detail } = world({ "suppression/stop.csv": "447700900001\n" });
    const gets: string[] = [];
    bucket.fault = ({ method, key }) => {
      if (method === "get") gets.push(key);
    };
    await detail("1");
    await detail("1");
    expect(gets).toHaveLength(1);
    await clock.advance(1000);
    bucket.store("suppression/stop.csv", "447700900009\n");
    expect(await detail("447700900001")).toBeUndefined();
    expect(await detail("447700900009")).toBeDefined();
    await bucket.delete(["suppression/stop.csv"]);
    expect(await detail("447700900009")).toBeUndefined();
  });

  it("are known by a stamp, which is another as soon as one of them is, and only then", async () => {
    const { bucket, read } = world({ "suppression/a.csv": "447700900001\n", "suppression/b.csv": "447700900002\n" });
    const stampNow = async () => {
      const lists = await read();
      return lists.kind === "lists" ? lists.stamp : lists.reason;
    };
    const first = await stampNow();
    expect(await stampNow()).toBe(first);
    bucket.store("suppression/b.csv", "447700900003\n");
    const second = await stampNow();
    expect(await stampNow()).toBe(second);
    await bucket.delete(["suppression/a.csv"]);
    const third = await stampNow();
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("are read again when they changed within a second to the same size", async () => {
    const { bucket, detail } = world({ "suppression/stop.csv": "447700900001\n" });
    await detail("1");
    bucket.store("suppression/stop.csv", "447700900009\n");
    expect(await detail("447700900009")).toBeDefined();
  });

  it.each<[string, string | Uint8Array]>([
    ["an open quote", '447700900001\n"447700900002\n'],
    ["another encoding", Buffer.from("m\u00fcller 447700900001\n", "latin1")],
  ])("that cannot be read for %s stop the feed with a sentence that names the list", async (_why, content) => {
    const { read } = world({ "suppression/stop.csv": content });
    const result = await read();
    expect(result).toMatchObject({ kind: "unreadable", reason: expect.stringContaining("suppression/stop.csv") });
    expect(JSON.stringify(result)).not.toContain("447700900001");
  });

  it("that the bucket does not give stop the feed as well", async () => {
    const { bucket, read } = world({ "suppression/stop.csv": "447700900001\n" });
    bucket.fault = ({ method }) => {
      if (method === "get") throw new Error("Access denied.");
    };
    expect(await read()).toMatchObject({ kind: "unreadable", reason: expect.stringContaining("Access denied.") });
  });
});

it("lists with more numbers than can be held are refused with the reason, and read again when they are shorter", async () => {
  const bucket = createMemoryBucket(createManualClock());
  const read = createSuppressions(bucket, 1_000);
  bucket.store("suppression/a.csv", "447700900001\n".repeat(600));
  bucket.store("suppression/b.csv", "447700900002\n".repeat(100_000));
  expect(await read()).toMatchObject({
    kind: "unreadable",
    reason: expect.stringMatching(/suppression\/b\.csv cannot be read \(with it there are more numbers/u),
  });
  bucket.store("suppression/b.csv", "447700900002\n".repeat(400));
  expect((await read()).kind).toBe("lists");
  expect((await createSuppressions(bucket, 1_000)()).kind).toBe("lists");
  expect((await createSuppressions(bucket, 999)()).kind).toBe("unreadable");
  // What is known of one list counts for the other.
  bucket.store("suppression/b.csv", "447700900002\n".repeat(401));
  expect(await read()).toMatchObject({ kind: "unreadable" });
});

it("all numbers of an entry count, and what is longer than any number counts for as many as have its room", async () => {
  const readAll = async (list: string, most: number) => {
    const bucket = createMemoryBucket(createManualClock());
    bucket.store("suppression/a.csv", list);
    return (await createSuppressions(bucket, most)()).kind;
  };
  const numbers = Array.from({ length: 500 }, (_, row) => `447700900${String(row).padStart(3, "0")}`);
  expect(await readAll(`"${numbers.join(" x ")}"\n`, 499)).toBe("unreadable");
  expect(await readAll(`"${numbers.join(" x ")}"\n`, 2_000)).toBe("lists");
  expect(await readAll(`${"4".repeat(16_000)}\n`, 999)).toBe("unreadable");
  expect(await readAll(`${"4".repeat(16_000)}\n`, 1_000)).toBe("lists");
  expect(await readAll("+44 (0)7700 900 001\n", 2)).toBe("lists");
});

it.each([
  ["cells", "447700900001\n447700900002", ",", "row 2 has more than 16,384 cells"],
  ["text", '447700900001\n447700900002\n"447700900003', "x", "row 3 is longer than 1 MiB"],
])("a list with a row that never ends, of %s, is refused before it fills the memory", async (_, begun, sign, why) => {
  const bucket = createMemoryBucket(createManualClock());
  bucket.store("suppression/long.csv", begun);
  const { get } = bucket;
  let given = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(begun);
    for (; given < 1_000; given++) yield Buffer.from(sign.repeat(65_536));
  }
  bucket.get = async (key, version) => {
    const object = await get(key, version);
    return object && { ...object, body: body() };
  };
  expect(await createSuppressions(bucket)()).toMatchObject({
    kind: "unreadable",
    reason: expect.stringContaining(why),
  });
  expect(given).toBeLessThan(100);
});

it.each([";", ",", '""', "'", "=", " ", "( ", "(0)", "1'", "123,", "00", "-"])(
  "an entry that repeats %j takes no longer than one of digits by far",
  async (sign) => {
    const msOf = async (entry: string) => {
      const bucket = createMemoryBucket(createManualClock());
      bucket.store("suppression/a.csv", `"0${entry}x"\n"447700900001"\n`);
      return cpuMs(() => createSuppressions(bucket)());
    };
    await msOf("1".repeat(300_000));
    const plain = Math.max(20, await msOf("1".repeat(300_000)));
    expect(await msOf(sign.repeat(300_000 / sign.length))).toBeLessThan(100 * plain);
  },
);

it("a list is read no faster than it is understood, and let go when it is refused", async () => {
  const bucket = createMemoryBucket(createManualClock());
  bucket.store("suppression/long.csv", "447700900001\n");
  const { get } = bucket;
  const chunks = { there: 400, read: 0, letGo: false };
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (; chunks.read < chunks.there; chunks.read++) yield Buffer.from("447700900001\n".repeat(50));
    } finally {
      chunks.letGo = true;
    }
  }
  bucket.get = async (key, version) => {
    const object = await get(key, version);
    return object && { ...object, body: body() };
  };
  expect((await createSuppressions(bucket, 500)()).kind).toBe("unreadable");
  await expect.poll(() => chunks.letGo).toBe(true);
  expect(chunks.read).toBeLessThan(200);
  Object.assign(chunks, { there: 100, read: 0 });
  expect((await createSuppressions(bucket, 5_000)()).kind).toBe("lists");
  expect(chunks.read).toBe(100);
});

it("a list that breaks off while it is read is refused: what it would have had is not known", async () => {
  const bucket = createMemoryBucket(createManualClock());
  bucket.store("suppression/long.csv", "447700900001\n");
  const { get } = bucket;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("447700900001\n");
    throw new Error("The connection was reset.");
  }
  bucket.get = async (key, version) => {
    const object = await get(key, version);
    return object && { ...object, body: body() };
  };
  expect(await createSuppressions(bucket)()).toMatchObject({
    kind: "unreadable",
    reason: expect.stringContaining("The connection was reset."),
  });
});

it.each([
  ["07700 900001", "GB", ["447700900001"]],
  ["+44 (0)7700 900001", undefined, ["447700900001"]],
  ["447700900001", "GB", []],
  ["+44 7700 900001", "GB", []],
  ["61395882", "AU", ["6161395882"]],
  ["07700 900001", undefined, []],
])("%s of a row (country %s) also means %j, apart from its own digits", (cnumber, country, expected) => {
  expect(numbersMeant(cnumber, country)).toEqual(expected);
});
