import { describe, expect, it } from "vitest";
import { numbersMeant } from "../../shared/feed/suppression.ts";
import { createLaterOptOuts, type FedBatch } from "../../shared/opt-outs/later-opt-outs.ts";
import { createRecentDecisions } from "../../shared/opt-outs/recent-opt-outs.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable } from "../support/memory-table.ts";

const stop = (number: string, id: string, word = "STOP") => ({ number, at: nineOClock, word, id });
const anna = "+447700900001";

/** A ledger with decisions in it, and a sender that asks for them. */
function createWorld() {
  const table = createMemoryTable();
  const recent = createRecentDecisions({ table });
  const reads = { count: 0 };
  const counted = {
    get: (...asked: Parameters<typeof table.get>) => {
      reads.count++;
      return table.get(...asked);
    },
  };
  const later = createLaterOptOuts({ table: counted });
  /** Whether a number is opted out for a batch. */
  const isOut = async (cnumber: string, batch: Partial<FedBatch> = {}) => {
    const found = await later({ known: 0, latest: 1, country: "GB", ...batch });
    const country = "country" in batch ? batch.country : "GB";
    return found === "too-many" ? found : found(cnumber, numbersMeant(cnumber, country)) !== undefined;
  };
  return { table, recent, reads, isOut };
}

describe("decisions made after a batch was fed", () => {
  it("concern a number however its row has it", async () => {
    const { recent, isOut } = createWorld();
    await recent.add([stop(anna, "1")]);
    for (const cnumber of [anna, "447700900001", "07700900001", "7700900001", "00447700900001", "011447700900001"]) {
      expect(await isOut(cnumber), cnumber).toBe(true);
    }
    for (const other of ["+447700900002", "07700900002", "+497700900001"])
      expect(await isOut(other), other).toBe(false);
    // The same digits in a list of another country are somebody else's.
    expect(await isOut("07700900001", { country: "DE" })).toBe(false);
    expect(await isOut("07700900001", { country: "GG" })).toBe(true);
    expect(await isOut("07700900001", { country: undefined })).toBe(true);
  });

  it.each([
    ["+447700900001", "+44 (0)7700 900001", undefined],
    ["+447700900001", "+4407700900001", undefined],
    ["+447700900001", "004407700900001", undefined],
    ["+447700900001", "0044 (0) 7700 900001", "GB"],
    ["+447700900001", "(0)7700 900001", "GB"],
    ["+36201234567", "+36 06 20 123 4567", undefined],
    ["+525512345678", "+52 1 55 1234 5678", undefined],
    ["+525512345678", "044 55 1234 5678", "MX"],
    ["+79161234567", "8 (916) 123-45-67", "RU"],
    ["+12125550123", "001 212 555 0123", undefined],
  ])("concern %s where a row has it as %s (country %s)", async (number, cnumber, country) => {
    const { recent, isOut } = createWorld();
    await recent.add([stop(number, "1")]);
    expect(await isOut(cnumber, { country })).toBe(true);
    await recent.add([stop(number, "2", "START")]);
    expect(await isOut(cnumber, { country, latest: 2 })).toBe(false);
  });

  it("are only those that the feed did not know", async () => {
    const { recent, isOut } = createWorld();
    await recent.add([stop(anna, "1"), stop("+447700900002", "2")]);
    expect(await isOut(anna, { known: 1, latest: 2 })).toBe(false);
    expect(await isOut("+447700900002", { known: 1, latest: 2 })).toBe(true);
  });

  it("are the newest about each number", async () => {
    const { recent, isOut } = createWorld();
    await recent.add([stop(anna, "1")]);
    await recent.add([stop(anna, "2", "START")]);
    expect(await isOut(anna, { latest: 2 })).toBe(false);
    await recent.add([stop(anna, "3")]);
    expect(await isOut(anna, { latest: 3 })).toBe(true);
    expect(await isOut(anna, { known: 3, latest: 3 })).toBe(false);
  });

  it("concern who was put on a suppression list too, whatever he decides himself", async () => {
    const { table, recent, isOut } = createWorld();
    await recent.add([stop(anna, "1", "added by hand")], "suppression/numbers.csv");
    await recent.add([stop(anna, "2"), stop(anna, "3", "START")]);
    expect(await isOut(anna, { latest: 3 })).toBe(true);
    const found = await createLaterOptOuts({ table })({ known: 0, latest: 3, country: "GB" });
    expect(found === "too-many" ? found : found("07700900001")).toBe("on the suppression list suppression/numbers.csv");
    expect(await isOut(anna, { known: 1, latest: 3 })).toBe(false);
  });

  it("are read once, and again only when there are more", async () => {
    const { recent, reads, isOut } = createWorld();
    expect(await isOut(anna, { latest: 0 })).toBe(false);
    expect(reads.count).toBe(0);
    await recent.add([stop(anna, "1")]);
    for (let batch = 0; batch < 5; batch++) await isOut(anna);
    expect(reads.count).toBe(1);
    await recent.add([stop("+447700900002", "2")]);
    expect(await isOut("+447700900002", { latest: 2 })).toBe(true);
    expect(reads.count).toBe(2);
  });

  it("are forgotten in their order, the longest unchanged first", async () => {
    const { recent, isOut } = createWorld();
    const others = (from: number) =>
      Array.from({ length: 999 }, (_, index) =>
        stop(`+4477009${String(from + index).padStart(5, "0")}`, `${from + index}`),
      );
    await recent.add([stop(anna, "a"), ...others(10_000)]);
    await recent.add([stop(anna, "b", "START"), stop(anna, "c")]);
    await recent.add([stop("+447700955555", "d")]);
    expect(await isOut(anna, { known: 1_000, latest: 1_003 })).toBe(true);
    expect(await isOut(anna, { known: 0, latest: 1_003 })).toBe("too-many");
    // Of the oldest that is forgotten, the number is 2.
    expect(await isOut(anna, { known: 1, latest: 1_003 })).toBe("too-many");
    expect(await isOut(anna, { known: 2, latest: 1_003 })).toBe(true);
    await recent.add([stop("+447700955555", "e", "START")]);
    expect(await isOut(anna, { known: 1, latest: 1_004 })).toBe("too-many");
  });

  it("are all kept when two note some at the same time", async () => {
    const { table, recent, isOut } = createWorld();
    let others = 2;
    const contested = createRecentDecisions({
      table: {
        ...table,
        update: async (...change: Parameters<typeof table.update>) => {
          if (others-- > 0) await recent.add([stop(`+44770090010${others}`, `other ${others}`)]);
          return table.update(...change);
        },
      },
    });
    expect(await contested.add([stop(anna, "mine")])).toMatchObject({ sequence: 3 });
    for (const number of [anna, "+447700900100", "+447700900101"]) {
      expect(await isOut(number, { latest: 3 })).toBe(true);
    }
  });

  it("are read again after a failure", async () => {
    const { table, recent } = createWorld();
    await recent.add([stop(anna, "1")]);
    let failures = 1;
    const later = createLaterOptOuts({
      table: {
        get: (...asked: Parameters<typeof table.get>) => {
          if (failures-- > 0) throw new Error("The ledger is away.");
          return table.get(...asked);
        },
      },
    });
    const batch = { known: 0, latest: 1, country: "GB" };
    await expect(later(batch)).rejects.toThrow("The ledger is away.");
    const found = await later(batch);
    expect(found === "too-many" ? found : found(anna)).toBe("opted out on 2026-03-02");
  });
});
