import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test, vi } from "vitest";
import { createEnswitch, type Enswitch, type EnswitchOptions } from "../../shared/enswitch/enswitch.ts";
import { accepted, httpReply, type RawConnection, startRawServer } from "./raw-server.ts";

const client = (endpoint: string, options: Partial<EnswitchOptions> = {}) =>
  createEnswitch({ endpoint, answerTimeoutMs: 20_000, ...options });

async function send(enswitch: Enswitch) {
  const parameters = { cnumber: "2125551234", message: "Hello", stype: "", snumber: "2125550000" };
  const call = await enswitch.prepare(parameters, { username: "u", password: "p" });
  if (call.kind !== "prepared") throw new Error("not prepared");
  return enswitch.fire(call, () => true);
}

/** Until an answered call's connection is free again: what comes right behind an answer finds it busy. */
const released = () => new Promise((resolve) => setImmediate(resolve));

/** Answers every call, with these headers. */
const answering =
  (...headers: readonly string[]) =>
  ({ socket }: RawConnection) =>
    socket.on("data", () => socket.write(httpReply(accepted, ["HTTP/1.1 200 OK", ...headers].join("\r\n"))));

/** More turns of the event loop than any test takes: both ends of its sockets are in this process, so that turns are all they need. */
const mostTurns = 100_000;

/**
 * Has something done with timers that pass when it says so; sockets are real. Without hooks, so that it can be done again, and
 * with an end in any case: other tests of this process need real timers.
 */
async function withOwnTimers(act: () => Promise<void>): Promise<void> {
  // The HTTP library keeps the timer that it makes first, for the whole process: it has to be a real one.
  await using server = await startRawServer(answering());
  {
    await using first = client(server.endpoint);
    await send(first);
  }
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const acting = act();
    let over = false;
    const ended = () => {
      over = true;
    };
    acting.then(ended, ended);
    for (let turn = 0; turn < mostTurns && !over; turn++) await released();
    if (!over) throw new Error("Something was waited for in vain.");
    await acting;
  } finally {
    vi.useRealTimers();
  }
}

test.each([
  ["its head", ""],
  ["its body", httpReply(accepted).slice(0, -5)],
])("an answer that takes long counts, also when connecting may not take as long: %s", (_, beginning) =>
  withOwnTimers(async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.requests(1);
      connection.socket.write(beginning);
    });
    await using enswitch = client(server.endpoint, { connectTimeoutMs: 5_000 });
    const sent = send(enswitch);
    await server.opened(1);
    await server.connections[0]?.requests(1);
    for (let turn = 0; turn < 20; turn++) await released();
    await vi.advanceTimersByTimeAsync(19_999);
    server.connections[0]?.socket.write(httpReply(accepted).slice(beginning.length));
    expect(await sent).toEqual({ kind: "submitted", code: 204 });
  }),
);

test("a connection is waited for ten seconds where nothing else is said", () =>
  withOwnTimers(async () => {
    // TLS never answers, so the connection stays half made.
    await using server = await startRawServer(() => {});
    await using enswitch = client(server.endpoint.replace("http:", "https:"));
    const sent = send(enswitch);
    await server.opened(1);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(enswitch.inFlight()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sent).toMatchObject({ kind: "not-sent", cause: expect.stringContaining("within 10 s") });
  }));

test.each([
  ["that says nothing about it", []],
  ["that promises to keep it for longer", ["Keep-Alive: timeout=600"]],
])("a connection to a server %s is used again within three seconds and then closed", (_, headers) =>
  withOwnTimers(async () => {
    await using server = await startRawServer(answering(...headers));
    await using enswitch = client(server.endpoint);
    for (const _call of [1, 2]) {
      expect((await send(enswitch)).kind).toBe("submitted");
      await released();
      expect(server.connections).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(2_999);
    }
    expect(server.connections[0]?.socket.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await server.allClosed();
    expect((await send(enswitch)).kind).toBe("submitted");
    expect(server.connections).toHaveLength(2);
  }),
);

test.each([
  [1, 3],
  [2, 1],
])("of the %i seconds for which a server keeps a connection the last is not used", (seconds, connections) =>
  withOwnTimers(async () => {
    await using server = await startRawServer(answering(`Keep-Alive: timeout=${seconds}`));
    await using enswitch = client(server.endpoint);
    for (const _call of [1, 2, 3]) {
      expect((await send(enswitch)).kind).toBe("submitted");
      await released();
    }
    expect(server.connections).toHaveLength(connections);
  }),
);

/** Counts the timers that something begins which are neither over nor cleared: not those of other tests in this process. */
function countTimers() {
  const here = new AsyncLocalStorage<true>();
  const waiting = new Set<unknown>();
  const [begin, clear] = [globalThis.setTimeout, globalThis.clearTimeout];
  const begun = vi.spyOn(globalThis, "setTimeout").mockImplementation((act, ms, ...given) => {
    const timer = begin(() => {
      waiting.delete(timer);
      act(...given);
    }, ms);
    if (here.getStore() === true) waiting.add(timer);
    return timer;
  });
  const cleared = vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
    waiting.delete(timer);
    clear(timer);
  });
  return {
    of: <Result>(act: () => Promise<Result>) => here.run(true, act),
    waiting: () => waiting.size,
    [Symbol.dispose]: () => {
      begun.mockRestore();
      cleared.mockRestore();
    },
  };
}

test("nothing is left to wait for when all is over", async () => {
  await using server = await startRawServer(answering());
  const callOnce = async () => {
    await using enswitch = client(server.endpoint);
    expect((await send(enswitch)).kind).toBe("submitted");
  };
  // The HTTP library keeps the timer that it makes first, for the whole process.
  await callOnce();
  using timers = countTimers();
  await timers.of(async () => {
    await using enswitch = client(server.endpoint);
    expect((await send(enswitch)).kind).toBe("submitted");
    await released();
    expect(timers.waiting()).toBeGreaterThan(0);
  });
  expect(timers.waiting()).toBe(0);
});
