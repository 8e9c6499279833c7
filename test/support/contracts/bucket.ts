import { describe, expect, test } from "vitest";
import type { Bucket } from "../../../shared/ports/bucket.ts";
import { asItIs, type Within } from "./within.ts";

/** A bucket to be tested, which may hold objects under other prefixes. */
export interface OpenBucket {
  readonly bucket: Bucket;
  /** The bucket's own time, epoch ms; absent: the machine's. */
  readonly now?: () => number;
  /** Runs work in the bucket's own time; absent: in real time. */
  readonly within?: Within;
}

/** What an implementation, or the emulator behind it, cannot do and is not asked for; absent: nothing. */
export interface Lacking {
  readonly versions?: boolean;
  readonly conditions?: boolean;
}

let prefixes = 0;

/** What every `Bucket` must do, as `shared/ports/bucket.ts` says it. `open` is called once for each test. */
export function bucketContract(name: string, open: () => OpenBucket | Promise<OpenBucket>, lacks: Lacking = {}): void {
  const check: Check = (does, body) =>
    test(does, async () => {
      const { bucket, now = Date.now, within = asItIs } = await open();
      await within(() => body(objectsOf(bucket, now)));
    });
  describe(`${name} as a bucket`, () => {
    describe("put and get", () => putContract(check));
    describe("list and delete", () => listContract(check));
    if (!lacks.versions) describe("versions", () => versionContract(check));
    if (!lacks.conditions) describe("replace", () => replaceContract(check));
  });
}

type Check = (does: string, body: (objects: Objects) => Promise<void>) => void;
type Objects = ReturnType<typeof objectsOf>;

/** A prefix of its own in a bucket. */
function objectsOf(bucket: Bucket, now: () => number) {
  const prefix = `contract-${++prefixes}/`;
  const key = (name = "object") => `${prefix}${name}`;
  return {
    bucket,
    now,
    prefix,
    key,
    put: (name: string, body: Parameters<Bucket["put"]>[1]) => bucket.put(key(name), body, "text/plain"),
    text: async (name: string, version?: string) => {
      const found = await bucket.get(key(name), version);
      return found && Buffer.concat(await Array.fromAsync(found.body)).toString();
    },
    list: async (name = "") => await Array.fromAsync(bucket.list(key(name))),
  };
}

function putContract(check: Check): void {
  check("store a text under a key with spaces, signs and accents", async ({ bucket, now, key, put, text }) => {
    const name = "2026/Frühling & Söhne +1 (neu).csv";
    const version = await put(name, "número,texto\r\n");
    expect(await text(name)).toBe("número,texto\r\n");
    const found = await bucket.get(key(name));
    expect(found).toMatchObject({ key: key(name), size: 15, version });
    expect(Math.abs(now() - (found?.modifiedAt ?? 0))).toBeLessThan(10_000);
    const { body, ...head } = found ?? {};
    for await (const _ of body ?? []) break;
    expect(await bucket.head(key(name))).toStrictEqual(head);
  });

  check("store a stream of texts and bytes, whole", async ({ put, text }) => {
    await put("short", pieces(["a", Buffer.from("é"), "", "👋"]));
    expect(await text("short")).toBe("aé👋");
  });

  check("join a surrogate pair that is cut between two texts", async ({ put, text }) => {
    await put("cut", pieces(["a\ud83d", "\udc4bb"]));
    expect(await text("cut")).toBe("a👋b");
  });

  check("store a text and a stream of nothing", async ({ bucket, key, put, text }) => {
    await put("empty", "");
    await put("nothing", pieces([]));
    expect([await text("empty"), await text("nothing")]).toEqual(["", ""]);
    expect(await bucket.head(key("nothing"))).toMatchObject({ size: 0 });
  });

  check("show the newest of what was stored under one key", async ({ put, text }) => {
    await put("twice", "one");
    await put("twice", "second");
    expect(await text("twice")).toBe("second");
  });

  check("store nothing of a stream that fails, and leave what is there", async ({ put, text }) => {
    await put("there", "before");
    await expect(put("there", failing())).rejects.toThrow("the source broke");
    await expect(put("not there", failing())).rejects.toThrow("the source broke");
    expect(await text("there")).toBe("before");
    expect(await text("not there")).toBeUndefined();
  });

  check("give a range of an object, with the whole object's properties", async ({ bucket, key, put }) => {
    const version = await put("ten", "0123456789");
    const ranged = async (start: number, end: number, of?: string) => {
      const { body, ...head } = (await bucket.get(key("ten"), of, { start, end })) ?? {};
      expect(head).toStrictEqual(await bucket.head(key("ten")));
      return Buffer.concat(await Array.fromAsync(body ?? [])).toString();
    };
    expect([await ranged(0, 2), await ranged(3, 6), await ranged(9, 10)]).toEqual(["01", "345", "9"]);
    expect(await ranged(0, 10, version)).toBe("0123456789");
    expect(await bucket.get(key("absent"), undefined, { start: 0, end: 1 })).toBeUndefined();
  });

  check("give undefined for what is absent", async ({ bucket, key }) => {
    expect(await bucket.get(key("absent"))).toBeUndefined();
    expect(await bucket.head(key("absent"))).toBeUndefined();
  });

  check("give the same content the same tag, and other content another", async ({ bucket, key, put }) => {
    const tagOf = async (name: string) => (await bucket.head(key(name)))?.tag;
    await put("a", "same");
    const tag = await tagOf("a");
    await put("a", "other");
    expect(await tagOf("a")).not.toBe(tag);
    await put("a", "same");
    expect(await tagOf("a")).toBe(tag);
  });
}

function listContract(check: Check): void {
  check("list a prefix in the order of the keys, without versions and tags", async ({ key, put, list }) => {
    for (const name of ["b/2", "a", "b/1", "c"]) await put(name, name);
    const listed = await list("b/");
    expect(listed.map((object) => object.key)).toEqual([key("b/1"), key("b/2")]);
    expect(listed[0]).toStrictEqual({ key: key("b/1"), size: 3, modifiedAt: expect.any(Number) });
    expect((await list()).map((object) => object.key)).toEqual(["a", "b/1", "b/2", "c"].map(key));
    expect(await list("unknown/")).toEqual([]);
  });

  check("list keys in the order of their UTF-8 bytes", async ({ key, put, list }) => {
    const order = ["A", "a", "é", "～", "👋"];
    for (const name of order.toReversed()) await put(name, "");
    expect((await list()).map((object) => object.key)).toEqual(order.map(key));
  });

  check("list and delete more than a thousand objects", async ({ bucket, key, put, list }) => {
    const names = Array.from({ length: 1_005 }, (_, n) => `many/${String(n).padStart(6, "0")}`);
    for (let first = 0; first < names.length; first += 50) {
      await Promise.all(names.slice(first, first + 50).map((name) => put(name, "")));
    }
    await put("manyother", "");
    expect((await list("many/")).map((object) => object.key)).toEqual(names.map(key));
    await bucket.delete([...names.map(key), key("many/absent")]);
    expect(await list("many/")).toEqual([]);
    expect(await bucket.head(key("manyother"))).toBeDefined();
  });

  check("delete nothing when asked for nothing", async ({ bucket }) => {
    await bucket.delete([]);
  });

  check("delete an object, and again, and store it again", async ({ bucket, key, put, text }) => {
    await put("gone", "one");
    await bucket.delete([key("gone")]);
    await bucket.delete([key("gone")]);
    expect(await text("gone")).toBeUndefined();
    expect(await bucket.head(key("gone"))).toBeUndefined();
    await put("gone", "two");
    expect(await text("gone")).toBe("two");
  });
}

function versionContract(check: Check): void {
  check("are kept, each with its content, also under a deletion", async ({ bucket, key, put, text }) => {
    const one = await put("kept", "one");
    const two = await put("kept", "two");
    expect(two).not.toBe(one);
    await bucket.delete([key("kept")]);
    expect(await text("kept")).toBeUndefined();
    expect([await text("kept", one), await text("kept", two)]).toEqual(["one", "two"]);
    expect(await bucket.head(key("kept"), one)).toMatchObject({ version: one, size: 3 });
  });

  check("of another object are absent", async ({ bucket, key, put }) => {
    const version = await put("one", "one");
    await put("other", "other");
    expect(await bucket.get(key("other"), version)).toBeUndefined();
    expect(await bucket.head(key("other"), version)).toBeUndefined();
    expect(await bucket.head(key("absent"), version)).toBeUndefined();
  });
}

function replaceContract(check: Check): void {
  const type = "text/plain";
  check("stores only in place of what has the tag", async ({ bucket, key, put, text }) => {
    expect(await bucket.replace(key(), '"none"', "x", type)).toBeUndefined();
    await put("object", "one");
    const tag = (await bucket.head(key()))?.tag;
    expect(await bucket.replace(key(), tag, "two", type)).toEqual(expect.any(String));
    expect(await bucket.replace(key(), tag, "three", type)).toBeUndefined();
    expect(await text("object")).toBe("two");
  });

  check("without a tag stores only where nothing is, which a deleted object is too", async ({ bucket, key, text }) => {
    expect(await bucket.replace(key(), undefined, "one", type)).toEqual(expect.any(String));
    expect(await bucket.replace(key(), undefined, "two", type)).toBeUndefined();
    await bucket.delete([key()]);
    expect(await bucket.replace(key(), '"none"', "three", type)).toBeUndefined();
    expect(await bucket.replace(key(), undefined, "four", type)).toEqual(expect.any(String));
    expect(await text("object")).toBe("four");
  });

  check("stores a stream on the same conditions, and names its version", async ({ bucket, key, text }) => {
    // Above what goes in one request, and in one part.
    const long = Array.from({ length: 9 }, (_, n) => String(n).repeat(1024 * 1024));
    const version = await bucket.replace(key(), undefined, pieces(long), type);
    const { version: stored, tag, size } = (await bucket.head(key())) ?? {};
    expect([stored, size]).toEqual([version, 9 * 1024 * 1024]);
    expect(await bucket.replace(key(), undefined, pieces(long), type)).toBeUndefined();
    expect(await bucket.replace(key(), '"none"', pieces(["a", "b"]), type)).toBeUndefined();
    expect((await bucket.head(key()))?.version).toBe(version);
    expect(await bucket.replace(key(), tag, pieces(["a", "b"]), type)).toEqual(expect.any(String));
    expect(await text("object")).toBe("ab");
    await expect(bucket.replace(key("other"), undefined, failing(), type)).rejects.toThrow("the source broke");
    expect(await text("other")).toBeUndefined();
  });

  check("takes content stored again for the same", async ({ bucket, key, put, text }) => {
    await put("object", "one");
    const tag = (await bucket.head(key()))?.tag;
    await put("object", "two");
    await put("object", "one");
    expect(await bucket.replace(key(), tag, "three", type)).toEqual(expect.any(String));
    expect(await text("object")).toBe("three");
  });

  check("is won by exactly one of those who want it", async ({ bucket, key, text }) => {
    const texts = ["a", "b", "c", "d"];
    const stored = await Promise.all(texts.map((body) => bucket.replace(key(), undefined, body, type)));
    expect(stored.filter((version) => version !== undefined)).toHaveLength(1);
    expect(await text("object")).toBe(texts[stored.findIndex((version) => version !== undefined)]);
  });
}

async function* pieces(parts: readonly (string | Uint8Array)[]) {
  yield* parts;
}

async function* failing() {
  yield "some";
  throw new Error("the source broke");
}
