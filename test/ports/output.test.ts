import { describe, expect, it } from "vitest";
import { createOutput } from "../../shared/ports/output.ts";

const mebibyte = () => new Uint8Array(1024 * 1024);

describe("an output", () => {
  it("hands over what was written, in order, and ends", async () => {
    const output = createOutput();
    output.write(Uint8Array.of(1));
    output.write(Uint8Array.of(2, 3));
    output.end();
    expect(await Array.fromAsync(output.chunks)).toEqual([Uint8Array.of(1), Uint8Array.of(2, 3)]);
    expect(output.isRead()).toBe(true);
  });

  it("makes the writer wait for a reader that is slower", async () => {
    const output = createOutput();
    expect(output.write(Uint8Array.of(1))).toBeUndefined();
    let waited = false;
    const writing = output.write(mebibyte())?.then(() => {
      waited = true;
    });
    const reader = output.chunks[Symbol.asyncIterator]();
    await reader.next();
    expect(waited).toBe(false);
    await reader.next();
    await writing;
    expect(waited).toBe(true);
  });

  it("fails for a writer that waits as for a reader that waits", async () => {
    const full = createOutput();
    const writing = full.write(mebibyte());
    full.fail(new Error("no room"));
    await expect(writing).rejects.toThrow("no room");
    expect(() => full.write(Uint8Array.of(1))).toThrow("no room");

    const empty = createOutput();
    const reading = Array.fromAsync(empty.chunks);
    empty.fail(new Error("no more"));
    await expect(reading).rejects.toThrow("no more");
  });

  it("lets the writer go on when the reader went away, and knows that it was not read", async () => {
    const output = createOutput();
    const writing = output.write(mebibyte());
    const more = output.write(mebibyte());
    for await (const _ of output.chunks) break;
    await Promise.all([writing, more]);
    expect(output.write(mebibyte())).toBeUndefined();
    expect(output.isRead()).toBe(false);
  });
});
