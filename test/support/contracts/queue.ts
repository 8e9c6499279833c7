import { describe, expect, test } from "vitest";
import { type Enqueue, longestDelaySeconds, longestMessageBytes } from "../../../shared/ports/queue.ts";
import { asItIs, type Within } from "./within.ts";

/** A queue to be tested, empty and without a delay of its own. */
export interface OpenQueue {
  readonly enqueue: Enqueue;
  /** Bodies of the messages that can be received now; they are received only once. */
  received(): Promise<readonly string[]>;
  /** Runs work in the queue's own time; absent: in real time. */
  readonly within?: Within;
}

/** What every queue must do, as `Enqueue` in `shared/ports/queue.ts` says it. `open` is called once for each test. */
export function queueContract(name: string, open: () => OpenQueue | Promise<OpenQueue>): void {
  const check = (does: string, body: (queue: OpenQueue) => Promise<void>) =>
    test(does, async () => {
      const queue = await open();
      await (queue.within ?? asItIs)(() => body(queue));
    });
  const json = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));

  describe(`${name} as a queue`, () => {
    check("takes every one of many messages, once", async ({ enqueue, received }) => {
      const bodies = Array.from({ length: 57 }, (_, n) => JSON.stringify({ n }));
      await enqueue(bodies);
      expect([...(await received())].sort()).toEqual(bodies.toSorted());
    });

    check("keeps every character of a text", async ({ enqueue, received }) => {
      const text = `${String.fromCharCode(0, 1, 9, 10, 13, 31, 127, 0xfffe, 0xffff)}\uD800 ü 👋 \u2028 \\ufffe "`;
      await enqueue([JSON.stringify({ text })]);
      const bodies = await received();
      expect(bodies.map((body) => JSON.parse(body))).toEqual([{ text }]);
    });

    check("takes messages of 1 MiB", async ({ enqueue, received }) => {
      await enqueue([json(longestMessageBytes), json(longestMessageBytes)]);
      expect((await received()).map((body) => body.length)).toEqual([longestMessageBytes, longestMessageBytes]);
    });

    check("refuses a longer message before any is put into it", async ({ enqueue, received }) => {
      await expect(enqueue(['"fine"', json(longestMessageBytes + 1)])).rejects.toThrow(
        "Message 2 of 2 has 1048577 bytes",
      );
      expect(await received()).toEqual([]);
    });

    check("takes nothing", async ({ enqueue, received }) => {
      await enqueue([]);
      expect(await received()).toEqual([]);
    });

    check("hides messages for their delay, and gives those without one at once", async ({ enqueue, received }) => {
      await enqueue(['"later"'], longestDelaySeconds);
      await enqueue(['"now"'], 0);
      expect(await received()).toEqual(['"now"']);
    });

    for (const delay of [-1, 0.5, longestDelaySeconds + 1, Number.NaN]) {
      check(`refuses a delay of ${delay} seconds`, async ({ enqueue, received }) => {
        await expect(enqueue(['"x"'], delay)).rejects.toThrow();
        expect(await received()).toEqual([]);
      });
    }
  });
}
