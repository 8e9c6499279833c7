import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { connect, createServer, type ListenOptions } from "node:net";
import * as z from "zod";

/** Another process is working on the same data directory. The message is a whole sentence for a person. */
export class DataInUse extends Error {}

/**
 * Locks the directory for this process, or throws `DataInUse`. The lock is a bound socket, which the system releases
 * however the process ends, so nothing can be left behind. The directory must exist.
 */
export async function lockData(directory: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      const taken = z.object({ code: z.literal("EADDRINUSE") }).safeParse(error).success;
      reject(
        taken
          ? new DataInUse(
              `Another bulk-send is already working on ${directory}; wait until it is done, or use another --data.`,
            )
          : error,
      );
    });
    server.listen({ ...addressFor(directory), exclusive: true }, resolve);
  });
  server.unref();
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Whether some process has locked the directory. */
export function isLocked(directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketTo(directory));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** A socket that leaves no file: an abstract name on Linux, a pipe on Windows, elsewhere a port of the loopback. */
function addressFor(directory: string): ListenOptions {
  const name = createHash("sha256").update(realpathSync(directory)).digest();
  if (process.platform === "linux") return { path: `\0bulk-send-${name.toString("hex", 0, 16)}` };
  if (process.platform === "win32") return { path: `\\\\.\\pipe\\bulk-send-${name.toString("hex", 0, 16)}` };
  return { host: "127.0.0.1", port: 20_000 + (name.readUInt16BE(0) % 12_000) };
}

function socketTo(directory: string): { path: string } | { host: string; port: number } {
  const { path, port } = addressFor(directory);
  return path === undefined ? { host: "127.0.0.1", port: port ?? 0 } : { path };
}
