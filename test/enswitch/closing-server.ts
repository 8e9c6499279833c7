import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { accepted, httpReply, startRawServer } from "./raw-server.ts";

/** A server in a thread of its own: it closes its first connection some time after the answer, and then sets a flag to 1. */
const flag: Int32Array = workerData;

const server = await startRawServer(({ socket }, index) => {
  socket.on("data", () => {
    socket.write(httpReply(accepted));
    if (index === 0) setTimeout(() => void close(), 50);
  });
  const close = async () => {
    const closed = once(socket, "close");
    socket.end();
    socket.destroySoon();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 50))]);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  };
});
parentPort?.postMessage(server.port);
