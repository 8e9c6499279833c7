import { Socket } from "node:net";
import { Dispatcher } from "undici";
import { expect, test } from "vitest";
import { parseEndpoint } from "../../shared/enswitch/endpoint.ts";
import { createEnswitch } from "../../shared/enswitch/enswitch.ts";
import { createFireCall } from "../../shared/enswitch/fire-call.ts";

/** What an HTTP library tells of a call that it takes up. */
class Library extends Dispatcher {
  readonly started: boolean[] = [];
  private readonly times: number;

  constructor(times: number) {
    super();
    this.times = times;
  }

  /** Takes up the call so many times, before any answer. */
  override dispatch(_options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    for (let time = 0; time < this.times; time++) {
      try {
        handler.onRequestStart?.(new Controller(), {});
        this.started.push(true);
      } catch {
        this.started.push(false);
      }
    }
    return true;
  }
}

class Controller implements Dispatcher.DispatchController {
  readonly aborted = false;
  readonly paused = false;
  readonly reason = null;
  abort() {}
  pause() {}
  resume() {}
}

const call = { kind: "prepared", body: Buffer.from("cnumber=1"), hidden: [] } as const;

test("a library that takes up a call again, after it may have been written, is stopped, and the call is in doubt", async () => {
  const pool = new Library(3);
  const endpoint = parseEndpoint("https://pbx.example.com/api/json");
  const times = { answerTimeoutMs: 5_000, connectTimeoutMs: 5_000 };
  const fire = createFireCall({ pool, endpoint, ...times, isFollowed: () => false, isDisposed: () => false });
  let asked = 0;
  const verdict = await fire(
    call,
    () => ++asked > 0,
    () => {},
  );
  expect(verdict).toEqual({ kind: "unknown", cause: expect.stringContaining("pbx.example.com:443") });
  expect(pool.started).toEqual([true, false, false]);
  expect(asked).toBe(1);
});

/** A client whose connections never open, and how many it has begun to open. */
function unconnected(maxInFlight?: number) {
  const sockets: Socket[] = [];
  const opener = {
    open: () => {
      const socket = new Socket().on("error", () => {});
      sockets.push(socket);
      return socket;
    },
    usualMs: () => 77,
  };
  const enswitch = createEnswitch({ endpoint: "https://pbx.example.com", answerTimeoutMs: 1, opener, maxInFlight });
  return { enswitch, opened: () => sockets.length };
}

test("800 calls may be unanswered where nothing else is said, so that a function's 1,024 open files are enough", async () => {
  const { enswitch, opened } = unconnected();
  const fired = Array.from({ length: 802 }, () => enswitch.fire(call, () => true));
  expect(enswitch.inFlight()).toBe(800);
  expect(await Promise.all(fired.slice(800))).toEqual([{ kind: "not-fired" }, { kind: "not-fired" }]);
  expect(opened()).toBe(800);
  await enswitch[Symbol.asyncDispose]();
  expect(new Set((await Promise.all(fired)).map(({ kind }) => kind))).toEqual(new Set(["not-fired"]));
});

test("connections are opened ahead by the opener that is given, no more than calls may be under way, and none at the end", async () => {
  const { enswitch, opened } = unconnected(3);
  expect(enswitch.usualConnectMs()).toBe(77);
  enswitch.warm(2);
  expect(opened()).toBe(2);
  enswitch.warm(5);
  expect(opened()).toBe(3);
  await enswitch[Symbol.asyncDispose]();
  enswitch.warm(3);
  expect(opened()).toBe(3);
});
