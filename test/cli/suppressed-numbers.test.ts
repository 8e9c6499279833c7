import { describe, expect, it } from "vitest";
import { changeSuppressed, suppressedKey } from "../../cli/suppressed-numbers.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const typed = (...numbers: string[]) => ({ numbers, country: "GB" });

describe("the list that the command line maintains", () => {
  it("loses nothing when two people write it at the same time, and gets nothing twice", async () => {
    const bucket = createMemoryBucket(createManualClock());
    let others = 3;
    const contested = {
      ...bucket,
      replace: async (...change: Parameters<typeof bucket.replace>) => {
        const number = `+44770090010${others}`;
        if (others-- > 0) await changeSuppressed(bucket, typed(number), "add");
        return bucket.replace(...change);
      },
    };
    expect(
      await changeSuppressed(contested, typed("07700 900001", "+447700900001", "+447700900103"), "add"),
    ).toHaveLength(1);
    expect(bucket.text(suppressedKey)).toBe("number\n+447700900103\n+447700900102\n+447700900101\n+447700900001\n");
  });

  it("loses nothing that is written while it is read", async () => {
    const bucket = createMemoryBucket(createManualClock());
    await changeSuppressed(bucket, typed("+447700900001"), "add");
    let meanwhile = 1;
    const get = async (...asked: Parameters<typeof bucket.get>) => {
      const found = await bucket.get(...asked);
      if (meanwhile-- > 0) await changeSuppressed(bucket, typed("+447700900002"), "add");
      return found;
    };
    expect(await changeSuppressed({ ...bucket, get }, typed("+447700900001"), "remove")).toHaveLength(1);
    expect(bucket.text(suppressedKey)).toBe("number\n+447700900002\n");
  });

  it("is not read into memory where it is larger than any feed would take", async () => {
    const bucket = createMemoryBucket(createManualClock());
    bucket.store(suppressedKey, "number\n");
    const get = async (...asked: Parameters<typeof bucket.get>) => {
      const found = await bucket.get(...asked);
      const line = Buffer.from(`${" ".repeat(1024 * 1024)}\n`);
      return (
        found && {
          ...found,
          body: (async function* () {
            for (let read = 0; read < 120; read++) yield line;
          })(),
        }
      );
    };
    const adding = changeSuppressed({ ...bucket, get }, typed("+447700900001"), "add");
    await expect(adding).rejects.toThrow("suppression/numbers.csv is too large for a command: edit it as a file.");
  });

  it("keeps what people wrote into it", async () => {
    const bucket = createMemoryBucket(createManualClock());
    bucket.store(suppressedKey, "number;why\n07700 900001;asked\n\n'+447700900002;by phone\n");
    expect(await changeSuppressed(bucket, typed("+447700900001"), "add")).toHaveLength(0);
    expect(await changeSuppressed(bucket, typed("+447700900001"), "remove")).toHaveLength(1);
    expect(bucket.text(suppressedKey)).toBe("number;why\n\n'+447700900002;by phone\n");
  });
});
