import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { type LookupFunction, Socket } from "node:net";
import { createSecureContext } from "node:tls";
import buildConnector from "undici/lib/core/connect.js";

/** How to open connections to an endpoint. */
export interface OpenerOptions {
  readonly url: URL;
  readonly connectTimeoutMs: number;
  /** Certificates (PEM) to trust in place of the system's: a private authority. */
  readonly ca?: string;
  /** Asks for all addresses of a name; the system's resolver when absent. */
  readonly resolve?: (hostname: string) => Promise<LookupAddress[]>;
}

/** Opens connections to one endpoint. */
export interface Opener {
  /** Opens one; returns its socket at once, and calls back when that is open or has failed. */
  open(callback: buildConnector.Callback): Socket;
  /** A recent high of how long opening takes, milliseconds; 300 as long as none was opened. */
  usualMs(): number;
}

/** The error that a socket is destroyed with because nobody needs it any more: it says nothing about the endpoint. */
export class NoLongerNeeded extends Error {
  override readonly name = "NoLongerNeeded";
}

/**
 * How long an answer of DNS is believed. Long enough that an execution's connections ask once, short enough that a phone
 * system which moves is found; a connection that fails makes it forgotten at once.
 */
const addressesMs = 30_000;

/** What opening takes until it is known, and at most, as far as more is not a matter of waiting longer. */
const unknownOpenMs = 300;

/**
 * Opens connections to `url`. It outlives executions, and with it what makes the next connection cheap, as an execution's
 * sockets must not: the TLS session (a whole handshake takes milliseconds of processor, a resumed one a fraction), the
 * parsed certificates, and the endpoint's addresses. A server that no longer knows the session makes a whole handshake.
 */
export function createOpener({ url, connectTimeoutMs, ca, resolve = resolveAll }: OpenerOptions): Opener {
  const secureContext = ca === undefined ? undefined : createSecureContext({ ca });
  const addresses = createAddresses(resolve);
  const target: buildConnector.Options = {
    host: url.host,
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    protocol: url.protocol,
    port: url.port,
  };
  let session: Buffer | undefined;
  let usualMs: number | undefined;

  const open: Opener["open"] = (callback) => {
    const began = performance.now();
    // Built for each connection, because undici's own store of sessions lets the garbage collector have them.
    const connect = buildConnector({
      timeout: connectTimeoutMs,
      allowH2: false,
      lookup: addresses.lookup,
      ...(session === undefined ? {} : { session }),
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    // The connector returns the socket it is opening, though its type does not say so. Without it, it could not be given up early.
    const socket: unknown = connect(target, (...result) => {
      const [error] = result;
      if (error === null) {
        const ms = Math.min(performance.now() - began, unknownOpenMs);
        usualMs = Math.max(ms, 0.95 * (usualMs ?? 0));
      } else if (!(error instanceof NoLongerNeeded)) {
        session = undefined;
        addresses.forget();
      }
      callback(...result);
    });
    if (!(socket instanceof Socket)) throw new Error("undici's connector no longer returns its socket");
    // TLS 1.3 sends it after the handshake, and may send several: the newest is the one that lasts longest.
    socket.on("session", (newest: Buffer) => {
      session = newest;
    });
    return socket;
  };
  return { open, usualMs: () => usualMs ?? unknownOpenMs };
}

const resolveAll = (hostname: string) => lookup(hostname, { all: true });

const noAddress = (hostname: string) => Object.assign(new Error(`${hostname} has no address`), { code: "ENOTFOUND" });

/** DNS's answers for one host. Questions asked while one is under way share its answer. */
function createAddresses(resolve: (hostname: string) => Promise<LookupAddress[]>): {
  readonly lookup: LookupFunction;
  forget(): void;
} {
  let known: { readonly until: number; readonly answer: Promise<LookupAddress[]> } | undefined;

  return {
    forget: () => {
      known = undefined;
    },
    lookup: (hostname, options, callback) => {
      if (known === undefined || known.until <= Date.now()) {
        const answer = resolve(hostname);
        known = { until: Date.now() + addressesMs, answer };
        answer.catch(() => {
          if (known?.answer === answer) known = undefined;
        });
      }
      known.answer.then(
        (found) => {
          const [first] = found;
          // Node takes an answer without addresses for a fault of its own, and throws.
          if (first === undefined) callback(noAddress(hostname), []);
          else if (options.all === true) callback(null, found);
          else callback(null, first.address, first.family);
        },
        (error: NodeJS.ErrnoException) => callback(error, []),
      );
    },
  };
}
