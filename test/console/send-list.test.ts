import { describe, expect, it } from "vitest";
import { CloudError, type Objects, type Storing } from "../../console/cloud/cloud.ts";
import { type BegunHandover, type Handing, nextName, sendList } from "../../console/send/send-list.ts";

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
        onBegun: (now) => {
          begun = now;
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
    expect(await send("spring 2", '{"message":"Another"}')).toBe("handed-over");
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
