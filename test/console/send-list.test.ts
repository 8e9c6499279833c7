import { describe, expect, it } from "vitest";
import { CloudError, type Objects, type Storing } from "../../console/cloud/cloud.ts";
import { type BegunHandover, createBegunHandovers, digestOf } from "../../console/send/begun-handovers.ts";
import { type Handing, nextName, sendList } from "../../console/send/send-list.ts";

/** A bucket that has what is stored, and a way to break a call off before or after it has come to something. */
function createBucket() {
  const there = new Map<string, string>();
  const order: string[] = [];
  const broken = new Map<string, "before" | "after">();
  const store = async ({ key, body, onlyNew = false }: Storing) => {
    const how = broken.get(key);
    broken.delete(key);
    if (how === "before") throw new CloudError("failed", { cause: how });
    if (onlyNew && there.has(key)) return { kind: "taken" as const };
    there.set(key, await body.text());
    order.push(key);
    if (how === "after") throw new CloudError("failed", { cause: how });
    return { kind: "stored" as const, version: String(order.length) };
  };
  const objects: Objects = {
    text: async (key) => there.get(key),
    download: async () => undefined,
    store,
    pages: async function* () {},
  };
  return { objects, there, order, breakOff: (key: string, how: "before" | "after") => broken.set(key, how) };
}

/** Somebody at the page, whose attempts know of each other. */
function createClerk(objects: Objects) {
  let begun: BegunHandover | undefined;
  return async (name: string, options = "{}"): Promise<Handing["kind"] | undefined> => {
    let last: Handing | undefined;
    await sendList(
      {
        objects,
        reads: true,
        signal: new AbortController().signal,
        begun,
        onBegun: async (now) => {
          begun = now;
        },
        onSettled: (settled) => {
          if (begun?.name === settled) begun = undefined;
        },
        show: (now) => {
          last = now;
        },
      },
      { name, format: "csv", list: new Blob(["to\n+447700900001\n"]), options },
    );
    return last?.kind;
  };
}

const list = "campaigns/spring.csv";
const options = "campaigns/spring.json";

describe("handing a list over", () => {
  it("stores the options first, then the list", async () => {
    const { objects, order } = createBucket();
    expect(await createClerk(objects)("spring")).toBe("handed-over");
    expect(order).toEqual([options, list]);
  });

  it.each(["before", "after"] as const)(
    "goes on under its own name once it was broken off %s it arrived",
    async (how) => {
      const { objects, order, breakOff } = createBucket();
      const send = createClerk(objects);
      breakOff(list, how);
      expect(await send("spring")).toBe("trouble");
      expect(await send("spring")).toBe("handed-over");
      expect(order).toEqual([options, list]);
    },
  );

  it("never sends by options that it was not judged by: with others it asks to look first", async () => {
    const { objects, there, breakOff } = createBucket();
    const send = createClerk(objects);
    breakOff(list, "before");
    await send("spring");
    expect(await send("spring", '{"message":"Another"}')).toBe("begun-otherwise");
    expect([...there.keys()]).toEqual([options]);
  });

  it("goes under another name only once it cannot arrive under the first any more", async () => {
    const { objects, there, breakOff } = createBucket();
    const send = createClerk(objects);
    breakOff(list, "before");
    await send("spring");
    expect(await send("spring 2", '{"message":"Another"}')).toBe("handed-over");
    // What is on its way still, and comes only where nothing is, is kept out; what is there is no list.
    expect(there.get(list)).toBe("This list was taken back before it was handed over.\n");
    expect(there.get("campaigns/spring 2.csv")).toContain("+447700900001");
  });

  it.each(["spring 2", "another"])("does not go as %s when it has arrived under its first name", async (name) => {
    const { objects, there, breakOff } = createBucket();
    const send = createClerk(objects);
    breakOff(list, "after");
    await send("spring");
    expect(await send(name, '{"message":"Another"}')).toBe("arrived");
    expect([...there.keys()].toSorted()).toEqual([list, options].toSorted());
    // Once that has been said, another campaign for the same people is what somebody means.
    expect(await send(name, '{"message":"Another"}')).toBe("handed-over");
  });

  it("does not go as another while it cannot be told whether it has arrived", async () => {
    const { objects, breakOff } = createBucket();
    const send = createClerk(objects);
    breakOff(list, "after");
    await send("spring");
    breakOff(list, "before");
    expect(await send("spring 2")).toBe("trouble");
    expect(await send("spring 2")).toBe("arrived");
  });

  it.each([
    ["a report", "reports/spring/summary.json"],
    ["a list", list],
    ["somebody's options", options],
  ])("hands nothing over under a name that has %s already", async (_, key) => {
    const { objects, there } = createBucket();
    there.set(key, "theirs");
    expect(await createClerk(objects)("spring")).toBe("taken");
    expect(there.get(key)).toBe("theirs");
    if (key !== list) expect(there.has(list)).toBe(false);
  });

  it.each([
    ["spring", "spring 2"],
    ["spring 2", "spring 3"],
    ["spring 9", "spring 10"],
  ])("offers for %s the name %s", (name, next) => {
    expect(nextName(name)).toBe(next);
  });
});

describe("what was begun and broken off", () => {
  const createStorage = () => {
    const kept = new Map<string, string>();
    return {
      kept,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => {
        kept.set(key, text);
      },
    };
  };
  const spring = () => new Blob(["to\n+447700900001\n"]);
  const begun = { name: "spring", optionsDigest: "d1" };

  it("is known again of the same content, whatever it is called, also after the page was loaded again", async () => {
    const storage = createStorage();
    await createBegunHandovers(storage).note(spring(), begun);
    const later = createBegunHandovers(storage);
    expect(await later.of(spring())).toMatchObject(begun);
    expect(await later.of(new Blob(["to\n+447700900002\n"]))).toBeUndefined();
    expect([...storage.kept.values()].join()).not.toContain("447700900001");
  });

  it("is forgotten once it came to its end, and what else is kept there is nothing", async () => {
    const storage = createStorage();
    const handovers = createBegunHandovers(storage);
    await handovers.note(spring(), begun);
    handovers.forget("spring");
    expect(await handovers.of(spring())).toBeUndefined();
    for (const key of storage.kept.keys()) storage.kept.set(key, '[{"name":3}]');
    expect(createBegunHandovers(storage).all.value).toEqual([]);
  });

  it("tells lists apart that differ in one place, and in nothing but their length", async () => {
    const piece = 4 * 1024 * 1024;
    const long = (at: number) => {
      const bytes = new Uint8Array(piece + 5);
      bytes[at] = 1;
      return new Blob([bytes]);
    };
    const all = [long(0), long(piece - 1), long(piece), long(piece + 4), new Blob([]), new Blob([new Uint8Array(1)])];
    expect(new Set(await Promise.all(all.map(digestOf))).size).toBe(all.length);
    expect(await digestOf(long(piece))).toBe(await digestOf(long(piece)));
  });
});
