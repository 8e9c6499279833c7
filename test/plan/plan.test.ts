import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { headText, PlanHead } from "../../shared/plan/head.ts";
import { lines } from "../../shared/plan/lines.ts";
import { BatchMessage, batchesPerPart, type PlanLine, partOf, type RowLine } from "../../shared/plan/plan.ts";
import { PlanError, planHead, planLines, planRows } from "../../shared/plan/read-plan.ts";
import { createPlanWriter, type PlannedRow } from "../../shared/plan/write-plan.ts";
import { planKeys } from "../../shared/ports/bucket-layout.ts";
import { anyText } from "../support/any-text.ts";
import { plannedRow, sendRow } from "../support/factories.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket, type MemoryBucket } from "../support/memory-bucket.ts";

const clock = { now: () => nineOClock };

const write = async (bucket: MemoryBucket, rows: readonly PlannedRow[], batchRows: number, at = 100) => {
  const writer = createPlanWriter({ bucket, name: "spring", run: "r1", batchRows });
  for (let from = 0; from < rows.length; from += at) await writer.add(rows.slice(from, from + at));
  return { name: "spring", run: "r1", batchRows, ...(await writer.end()) };
};

const linesOf = async (bucket: MemoryBucket, plan: Parameters<typeof planLines>[1], after = 0) => {
  const found: PlanLine[] = [];
  for await (const { line, text } of planLines(bucket, plan, after)) {
    expect(JSON.parse(text)).toEqual(line);
    found.push(line);
  }
  return found;
};

const rowsOf = async (bucket: MemoryBucket, plan: Parameters<typeof planRows>[1]) => {
  const found: RowLine[] = [];
  for await (const some of planRows(bucket, plan)) found.push(...some);
  return found;
};

const kinds = fc.constantFrom("send" as const, "invalid" as const, "skipped" as const);

describe("a plan that was written", () => {
  it("reads back as every sendable row in its batch, and every row for the report, in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(kinds, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 300 }),
        async (kindsOfRows, batchRows, at, chunkBytes) => {
          const bucket = createMemoryBucket(clock);
          const rows = kindsOfRows.map((kind, index) => plannedRow(index + 1, kind));
          const plan = await write(bucket, rows, batchRows, at);
          bucket.chunkBytes = chunkBytes;
          const found = await linesOf(bucket, plan);

          const sendable = kindsOfRows.flatMap((kind, index) => (kind === "send" ? [index + 1] : []));
          expect(found.flatMap((line) => line.rows)).toEqual(sendable.map((row) => sendRow(row)));
          for (const { batch, rows: own } of found)
            expect(own.every(({ row }) => Math.ceil(row / batchRows) === batch)).toBe(true);
          // The chain leads from each line to the one before, over batches that have nothing to send.
          expect(found.map(({ prev }) => prev)).toEqual([0, ...found.map(({ batch }) => batch)].slice(0, found.length));
          expect(plan.lastBatch).toBe(found.at(-1)?.batch ?? 0);
          const read = await rowsOf(bucket, plan);
          expect(read.map(({ unsent }) => unsent?.status ?? "send")).toEqual(kindsOfRows);
          expect(read.map(({ line }) => line)).toEqual(rows.map(({ line }) => line));
          expect(read.map(({ number }) => number)).toEqual(
            kindsOfRows.map((kind, index) => (kind === "send" ? sendRow(index + 1).cnumber : undefined)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("goes over several parts, and reading after a batch begins at that batch's part", async () => {
    const bucket = createMemoryBucket(clock);
    const rows = Array.from({ length: 12_003 }, (_, index) => plannedRow(index + 1));
    const plan = await write(bucket, rows, 25);
    expect(plan).toMatchObject({ parts: 3, lastBatch: 481 });
    expect((await linesOf(bucket, plan)).map(({ batch }) => batch)).toEqual(
      Array.from({ length: 481 }, (_, k) => k + 1),
    );
    expect(await rowsOf(bucket, plan)).toHaveLength(12_003);

    const read: string[] = [];
    bucket.fault = ({ method, key }) => {
      if (method === "get") read.push(key);
    };
    const { plan: part } = planKeys("spring", "r1");
    for (const [after, first, parts] of [
      [199, 200, [part(1), part(2), part(3)]],
      [200, 201, [part(2), part(3)]],
      [480, 481, [part(3)]],
      [481, undefined, [part(3)]],
    ] as const) {
      read.length = 0;
      expect((await linesOf(bucket, plan, after))[0]?.batch).toBe(first);
      expect(read).toEqual(parts);
    }
  });

  it("has no line for a batch without a sendable row, and none at all when no row is sendable", async () => {
    const bucket = createMemoryBucket(clock);
    const rows = Array.from({ length: 7 }, (_, index) => plannedRow(index + 1, index === 6 ? "send" : "invalid"));
    const found = await linesOf(bucket, await write(bucket, rows, 2));
    expect(found.map(({ batch, prev }) => [batch, prev])).toEqual([[4, 0]]);
    const none = await write(createMemoryBucket(clock), rows.slice(0, 6), 2);
    expect(none).toMatchObject({ lastBatch: 0, parts: 1 });
  });

  it("keeps a batch within one part, whatever the batch size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 400_000 }), (n, batch) => {
        const part = partOf(batch, n);
        expect(batch).toBeGreaterThan((part - 1) * batchesPerPart(n));
        expect(batch).toBeLessThanOrEqual(part * batchesPerPart(n));
      }),
    );
  });
});

describe("a plan that cannot be stored", () => {
  const rows = Array.from({ length: 6000 }, (_, index) => plannedRow(index + 1));

  it.each([
    ["the first part's lines", planKeys("spring", "r1").plan(1)],
    ["the first part's rows", planKeys("spring", "r1").rows(1)],
    ["a later part", planKeys("spring", "r1").plan(2)],
  ])("fails when %s fail, without hanging", async (_what, failing) => {
    const bucket = createMemoryBucket(clock);
    bucket.fault = ({ method, key }) => {
      if (method === "put" && key === failing) throw new Error("The store is full.");
    };
    await expect(write(bucket, rows, 25, 500)).rejects.toThrow("The store is full.");
  });

  it("fails when an upload breaks off in the middle, though the writer waits for it to take more", async () => {
    const bucket = createMemoryBucket(clock);
    const put = bucket.put;
    bucket.put = async (key, body, type) => {
      if (typeof body === "string" || key !== planKeys("spring", "r1").rows(1)) return put(key, body, type);
      for await (const _chunk of body) throw new Error("The connection broke.");
      return "";
    };
    await expect(write(bucket, rows, 25, 500)).rejects.toThrow("The connection broke.");
  });

  it("ends what is under way when its writer gives up: nothing half-written is stored", async () => {
    const bucket = createMemoryBucket(clock);
    const writer = createPlanWriter({ bucket, name: "spring", run: "r1", batchRows: 25 });
    await writer.add(rows.slice(0, 100));
    await writer.abort(new Error("The upload is refused."));
    expect(bucket.keys()).toEqual([]);
  });
});

describe("a plan that cannot be read", () => {
  const plan = { name: "spring", run: "r1", batchRows: 2, parts: 1 };

  it("is a PlanError when a part is missing", async () => {
    await expect(linesOf(createMemoryBucket(clock), plan)).rejects.toThrow(PlanError);
    await expect(planHead(createMemoryBucket(clock), plan)).rejects.toThrow(PlanError);
  });

  it.each([
    ["another version", '{"v":2,"batch":1,"prev":0,"rows":[]}\n'],
    ["no JSON", '{"v":1,"batch":1,"prev":0,"ro'],
  ])("is a PlanError for a line of %s", async (_what, text) => {
    const bucket = createMemoryBucket(clock);
    bucket.store(planKeys("spring", "r1").plan(1), text);
    await expect(linesOf(bucket, plan)).rejects.toThrow(PlanError);
  });
});

describe("a plan's head", () => {
  const plan = { name: "spring", run: "r1", batchRows: 2, parts: 1 };
  const head: PlanHead = {
    header: ["to", "name"],
    samples: [],
    segments: { total: 1, distribution: { 1: 1 } },
    problems: [],
  };
  const stored = async (text: string) => {
    const bucket = createMemoryBucket(clock);
    bucket.store(planKeys("spring", "r1").head, text);
    return planHead(bucket, plan);
  };

  it("reads back as it was written, in this version and in the first", async () => {
    expect(await stored(headText(head))).toEqual(head);
    expect(await stored(JSON.stringify(head))).toEqual(head);
  });

  it("cannot be read by a version that knows only flat heads, so that it does not misread the rows", () => {
    expect(PlanHead.safeParse(JSON.parse(headText(head))).success).toBe(false);
  });

  it.each([JSON.stringify({ v: 3, head }), '{"v":2,"head":{"he', "[]"])(
    "of another version is a PlanError that says what to do: %s",
    async (text) => {
      await expect(stored(text)).rejects.toThrow(PlanError);
      await expect(stored(text)).rejects.toThrow("Deploy the version that planned it");
    },
  );

  it("goes before rows, none of which is taken for something else", async () => {
    const bucket = createMemoryBucket(clock);
    bucket.store(planKeys("spring", "r1").rows(1), '[["a"],1,[7,"1"]]\n[["a"],1,"held","Waits",8]\n');
    await expect(rowsOf(bucket, plan)).rejects.toThrow(
      "Rows part 1 of spring has a line that this version cannot read.",
    );
  });
});

describe("lines", () => {
  it("come whole wherever the bytes are cut, characters too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyText.map((text) => text.replaceAll("\n", ""))),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (texts, size, ended) => {
          const wanted = ended ? texts : [...texts, "last"];
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join("") + (ended ? "" : "last"));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          const found: string[] = [];
          for await (const line of lines(ReadableStream.from(chunks))) found.push(line);
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 100 },
    );
  });
});

it("any body of the batches queue is a batch message or is not, never anything else", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (body) => {
      let value: unknown;
      try {
        value = JSON.parse(body);
      } catch {
        return;
      }
      expect(BatchMessage.safeParse(value).success).toBe(false);
    }),
  );
});
