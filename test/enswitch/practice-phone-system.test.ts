import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { createEnswitch } from "../../shared/enswitch/enswitch.ts";
import { openPracticePhoneSystem } from "../../shared/enswitch/practice-phone-system.ts";

/** A connection to the endpoint, once it is open. */
async function connected(endpoint: string): Promise<Socket> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

test("every call is accepted at once, by each of several that are open", async () => {
  using one = await openPracticePhoneSystem();
  using other = await openPracticePhoneSystem();
  expect(new Set([one.endpoint, other.endpoint]).size).toBe(2);
  for (const { endpoint } of [one, other]) {
    await using enswitch = createEnswitch({ endpoint, answerTimeoutMs: 60_000 });
    for (let time = 1; time <= 2; time++) {
      const call = await enswitch.prepare(
        { cnumber: "1", message: "Hello", stype: "", snumber: "2" },
        { username: "u", password: "p" },
      );
      if (call.kind !== "prepared") throw new Error("not prepared");
      expect(await enswitch.fire(call, () => true)).toEqual({ kind: "submitted", code: 204 });
    }
  }
});

test("a caller who is gone before the answer harms nobody", async () => {
  const faults: unknown[] = [];
  const note = (error: unknown) => void faults.push(error);
  process.on("uncaughtExceptionMonitor", note);
  try {
    using phoneSystem = await openPracticePhoneSystem();
    const socket = await connected(phoneSystem.endpoint);
    socket.write("POST / HTTP/1.1\r\n");
    socket.resetAndDestroy();
    await once(socket, "close");
    const another = await connected(phoneSystem.endpoint);
    another.write("POST / HTTP/1.1\r\n");
    await once(another, "data");
    another.destroy();
  } finally {
    process.off("uncaughtExceptionMonitor", note);
  }
  expect(faults).toEqual([]);
});

test("at its end it takes no more calls, and closes the connections that are open", async () => {
  const phoneSystem = await openPracticePhoneSystem();
  const socket = await connected(phoneSystem.endpoint);
  socket.write("POST / HTTP/1.1\r\n");
  await once(socket, "data");
  const closed = once(socket, "close");
  phoneSystem[Symbol.dispose]();
  await closed;
  await expect(connected(phoneSystem.endpoint)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
