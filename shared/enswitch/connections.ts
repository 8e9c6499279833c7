import type { Socket } from "node:net";
import type buildConnector from "undici/lib/core/connect.js";
import { NoLongerNeeded, type Opener } from "./opener.ts";
import { skipInterim } from "./skip-interim.ts";

/** Connections to one endpoint: a small stock of sockets opened ahead, and a record of every socket. */
export interface Connections {
  /** Opens a connection for the HTTP library, from the stock when it has one. */
  readonly connect: buildConnector.connector;
  /** Keeps `count` sockets in stock from now on, as far as they can be opened; never throws. */
  warm(count: number): void;
  /** Opens one connection to see whether that works; resolves with the error when it does not. */
  open(): Promise<Error | null>;
  /** Destroys every socket, open or still being opened, and resolves when the last one is closed. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * How long an unused socket is trusted to be open. Servers close silent connections after 5 s at the earliest (20 s is
 * usual), and a call written while the server closes is in doubt.
 */
const stockAgeMs = 4_000;

/** Connections that `opener` opens, none open yet. */
export function createConnections(opener: Pick<Opener, "open">): Connections {
  const sockets = new Set<Socket>();
  const stock = new Set<Socket>();
  let wanted = 0;
  let opening = 0;
  let disposed = false;

  const track = (socket: Socket) => {
    sockets.add(skipInterim(socket));
    socket.once("close", () => {
      sockets.delete(socket);
      stock.delete(socket);
    });
  };

  const expire = function (this: Socket) {
    this.destroy();
  };

  const refill = () => {
    for (let missing = wanted - stock.size - opening; missing > 0 && !disposed; missing--) {
      opening++;
      track(
        opener.open((error, socket) => {
          opening--;
          // A stock that cannot be filled is not a failure: the call itself will meet the cause and report it.
          if (error !== null) return;
          // The socket waits without keeping the process alive, and closes itself when it gets too old.
          socket.unref();
          socket.setTimeout(stockAgeMs, expire);
          stock.add(socket);
        }),
      );
    }
  };

  const take = (): Socket | undefined => {
    for (const socket of stock) {
      stock.delete(socket);
      socket.setTimeout(0, expire);
      if (isFresh(socket)) {
        socket.ref();
        return socket;
      }
      socket.destroy();
    }
    return undefined;
  };

  const connect: buildConnector.connector = (options, callback) => {
    if (disposed) return void setImmediate(callback, new NoLongerNeeded("the connections are closed"), null);
    const socket = take();
    refill();
    if (socket === undefined) return track(opener.open(callback));
    // Once around the event loop, so that a close which has already arrived is seen before anything is written.
    setImmediate(() => {
      if (isFresh(socket)) return callback(null, socket);
      socket.destroy();
      connect(options, callback);
    });
  };

  return {
    connect,
    open: () => new Promise((resolve) => track(opener.open((...[error]) => resolve(error)))),
    warm: (count) => {
      wanted = count;
      refill();
    },
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      const closed = [...sockets].map(
        (socket) => new Promise<void>((resolve) => void socket.once("close", () => resolve())),
      );
      // With an error, because only that clears the connector's own time-out.
      for (const socket of sockets) socket.destroy(new NoLongerNeeded("the connections are closed"));
      await Promise.all(closed);
    },
  };
}

/** Open, as far as anything has arrived to the contrary: a socket that the other side ended has ended itself, too. */
const isFresh = (socket: Socket) => socket.writable;
