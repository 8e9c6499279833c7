import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";

/** A connection on this machine's loopback, as its server sees it. */
type Connection = Pick<Socket, "remotePort" | "localPort">;

/** Linux's lists of connections: of sockets for IPv4, and of those for both. https://docs.kernel.org/networking/proc_net_tcp.html */
const tables = ["/proc/net/tcp", "/proc/net/tcp6"];

/**
 * The id of the user whose process is at the other end of a connection on this machine; `undefined` where the system does not
 * say, as all but Linux.
 */
export async function userOfPeer(connection: Connection): Promise<number | undefined> {
  for (const table of tables) {
    const user = userIn(await readFile(table, "utf8").catch(() => ""), connection);
    if (user !== undefined) return user;
  }
  return undefined;
}

/** The user of the client's end of a connection, by Linux's list of connections. */
export function userIn(table: string, { remotePort, localPort }: Connection): number | undefined {
  for (const line of table.split("\n")) {
    const [, local = "", remote = "", state, , , , user = ""] = line.trim().split(/\s+/u);
    const isPeer = state === established && isLoopbackAt(local, remotePort) && isLoopbackAt(remote, localPort);
    if (isPeer) return Number(user);
  }
  return undefined;
}

/** A state as the kernel numbers them. */
const established = "01";

/** Whether an address such as `0100007F:1F90`, of four or sixteen bytes, is this machine's at a port. */
const isLoopbackAt = (address: string, port: number | undefined) =>
  port !== undefined && /^(0{16}FFFF0000)?0100007F:/u.test(address) && Number.parseInt(address.slice(-4), 16) === port;
