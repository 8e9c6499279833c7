import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import * as z from "zod";

/** A phone system that accepts every call at once and does nothing. Only this machine can reach it. */
export interface PracticePhoneSystem extends Disposable {
  /** The prefix of its API. */
  readonly endpoint: string;
}

const verdict = '{"responses":[{"code":"204","key":"","message":"OK"}]}';
const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${verdict.length}\r\n\r\n${verdict}`;

/** Opens one on a free port of the loopback interface. Throws what listening throws. */
export async function openPracticePhoneSystem(): Promise<PracticePhoneSystem> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Whoever called may be gone before the answer.
    socket.on("error", () => {});
    // A call for practice is short, so that it arrives in one piece.
    socket.on("data", () => socket.write(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    endpoint: `http://127.0.0.1:${port}/api/json`,
    [Symbol.dispose]: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
