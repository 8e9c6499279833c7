import { once } from "node:events";
import { Socket } from "node:net";
import { expect, test, vi } from "vitest";
import { createConnections } from "../../shared/enswitch/connections.ts";
import { NoLongerNeeded, type Opener } from "../../shared/enswitch/opener.ts";

type Opened = Parameters<Parameters<Opener["open"]>[0]>;

/** Connections whose sockets open when the test says so. */
const world = () => {
  const asked: { readonly socket: Socket; readonly open: () => void; readonly fail: () => void }[] = [];
  const connections = createConnections({
    open: (callback) => {
      // As the HTTP library's connector does, it listens for errors.
      const socket = new Socket().on("error", () => {});
      asked.push({
        socket,
        open: () => callback(null, socket),
        fail: () => callback(new Error("refused"), null),
      });
      return socket;
    },
  });
  /** Asks for a connection as the HTTP library does. */
  const connect = () =>
    new Promise<Opened>((resolve) => {
      connections.connect({ hostname: "127.0.0.1", protocol: "http:", port: "1" }, (...result) => resolve(result));
    });
  return {
    asked,
    connections,
    connect,
    sockets: () => asked.map(({ socket }) => socket),
    openAll: () => {
      for (const { open } of asked) open();
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
};

test("as many are opened ahead as are wanted, counting those that are open and those that are being opened", async () => {
  await using opener = world();
  const { connections, asked } = opener;
  connections.warm(2);
  expect(asked).toHaveLength(2);
  connections.warm(3);
  expect(asked).toHaveLength(3);
  opener.openAll();
  connections.warm(5);
  expect(asked).toHaveLength(5);
  connections.warm(1);
  expect(asked).toHaveLength(5);
});

test("what closes while it is in stock is replaced", async () => {
  await using opener = world();
  const { connections, asked } = opener;
  connections.warm(2);
  opener.openAll();
  const [first] = opener.sockets();
  if (first === undefined) throw new Error("Nothing was opened.");
  const closed = once(first, "close");
  first.destroy();
  await closed;
  connections.warm(2);
  expect(asked).toHaveLength(3);
});

test("a call gets the oldest of the stock, which is then filled up; without one it waits for a new connection", async () => {
  await using opener = world();
  const { connections, asked, connect } = opener;
  connections.warm(2);
  opener.openAll();
  expect(await connect()).toEqual([null, asked[0]?.socket]);
  expect(asked).toHaveLength(3);
  expect(await connect()).toEqual([null, asked[1]?.socket]);
  expect(asked).toHaveLength(4);
  const third = connect();
  // Its own, while the two for the stock are still being opened.
  expect(asked).toHaveLength(5);
  asked[4]?.open();
  expect(await third).toEqual([null, asked[4]?.socket]);
});

test("what cannot be opened ahead is tried again with the next call, which alone is told of its own failure", async () => {
  await using opener = world();
  const { connections, asked, connect } = opener;
  connections.warm(1);
  asked[0]?.fail();
  expect(asked).toHaveLength(1);
  const call = connect();
  expect(asked).toHaveLength(3);
  asked[2]?.fail();
  expect(await call).toEqual([expect.objectContaining({ message: "refused" }), null]);
});

test("one in stock keeps no process alive and is closed after four seconds; one that is handed out is used as long as it takes", async () => {
  await using opener = world();
  const { connections, asked, connect } = opener;
  connections.warm(2);
  const [first, second] = opener.sockets();
  const [unref, ref] = [vi.spyOn(first ?? new Socket(), "unref"), vi.spyOn(first ?? new Socket(), "ref")];
  expect(first?.timeout).toBeUndefined();
  opener.openAll();
  expect([unref.mock.calls.length, ref.mock.calls.length]).toEqual([1, 0]);
  // Servers close silent connections after five seconds at the earliest.
  expect([first?.timeout, second?.timeout]).toEqual([4_000, 4_000]);
  expect(await connect()).toEqual([null, first]);
  expect(ref).toHaveBeenCalledOnce();
  expect(first?.timeout).toBe(0);
  first?.emit("timeout");
  expect(first?.destroyed).toBe(false);
  second?.emit("timeout");
  expect(second?.destroyed).toBe(true);
  asked[2]?.open();
  expect(await connect()).toEqual([null, asked[2]?.socket]);
});

test.each<[string, (socket: Socket) => unknown]>([
  ["has been closed", (socket) => socket.destroy()],
  ["will not be written to any more", (socket) => socket.end()],
  [
    "has come to its end",
    async (socket) => {
      socket.push(null);
      socket.resume();
      await new Promise((resolve) => socket.once("end", resolve));
    },
  ],
])(
  "one in stock that %s is not handed out, whether that shows before or just after it was chosen",
  async (_what, spoil) => {
    await using before = world();
    before.connections.warm(2);
    before.openAll();
    await spoil(before.sockets()[0] ?? new Socket());
    expect(await before.connect()).toEqual([null, before.sockets()[1]]);
    expect(before.sockets()[0]?.destroyed).toBe(true);

    await using after = world();
    after.connections.warm(2);
    after.openAll();
    const call = after.connect();
    await spoil(after.sockets()[0] ?? new Socket());
    expect(await call).toEqual([null, after.sockets()[1]]);
    expect(after.sockets()[0]?.destroyed).toBe(true);
  },
);

test("a probe opens one of its own and tells how that ended", async () => {
  await using opener = world();
  const { connections, asked } = opener;
  const [good, bad] = [connections.open(), connections.open()];
  asked[0]?.open();
  asked[1]?.fail();
  expect(await good).toBeNull();
  expect(await bad).toMatchObject({ message: "refused" });
});

test("disposal closes every socket, open, being opened or handed out, and waits for the last; then none is opened any more", async () => {
  const opener = world();
  const { connections, asked, connect } = opener;
  connections.warm(3);
  asked[0]?.open();
  asked[1]?.open();
  await connect();
  // One that is closed already is not waited for.
  const gone = opener.sockets()[1];
  await new Promise((resolve) => gone?.destroy().once("close", resolve));
  const reasons: unknown[] = [];
  for (const socket of opener.sockets()) socket.on("error", (error) => reasons.push(error));
  const count = asked.length;
  await connections[Symbol.asyncDispose]();
  expect(opener.sockets().map(({ closed }) => closed)).toEqual(Array(count).fill(true));
  expect(reasons).toHaveLength(count - 1);
  for (const reason of reasons) expect(reason).toBeInstanceOf(NoLongerNeeded);
  expect(await connect()).toEqual([expect.any(NoLongerNeeded), null]);
  connections.warm(9);
  expect(asked).toHaveLength(count);
});
