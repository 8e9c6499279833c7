import type { Reply } from "./reply.ts";

/** What of a socket matters here. */
interface ReadSocket {
  read(size?: number): unknown;
}

/** What was read of connections since their last answer. The HTTP library drops what follows an answer, and says nothing of it. */
export interface AnswerRecord {
  /** Records from now on what is read of a connection. */
  record(socket: ReadSocket): void;
  /**
   * Whether more has come than the answer with these headers, which has just been read to its end: a second answer, or the rest of
   * one that is longer than it says. The library tells of an answer's end while it reads, so that it is the connection read last.
   */
  isFollowed(headers: Reply["headers"]): boolean;
}

/** An answer that has more than this around its body, in bytes, is as good as one that does not end. */
const longestRecord = 262_144;

/** A record of no connection yet. */
export function createAnswerRecord(): AnswerRecord {
  let latest: Buffer[] = [];

  return {
    record: (socket) => {
      const read = socket.read.bind(socket);
      const came: Buffer[] = [];
      let length = 0;
      socket.read = (size?: number): unknown => {
        const bytes: unknown = read(size);
        if (!Buffer.isBuffer(bytes)) return bytes;
        length = came.length === 0 ? bytes.length : length + bytes.length;
        if (length <= longestRecord) came.push(bytes);
        latest = came;
        return bytes;
      };
    },
    isFollowed: (headers) => hasMore(Buffer.concat(latest.splice(0)), headers),
  };
}

/** Whether there is more in these bytes than the answer, with these headers, that they begin with. */
function hasMore(bytes: Buffer, headers: Reply["headers"]): boolean {
  const end = endOfAnswer(bytes, headers);
  return end !== undefined && (end > bytes.length || !/^[\r\n]*$/.test(bytes.toString("latin1", end)));
}

/** Where an answer ends that has come whole; `undefined` when that is where its connection does. */
function endOfAnswer(bytes: Buffer, headers: Reply["headers"]): number | undefined {
  // Blank lines in front are not part of it, and the library lets them pass.
  const head = bytes.findIndex((byte) => byte !== 13 && byte !== 10);
  const body = bytes.indexOf("\r\n\r\n", Math.max(head, 0)) + 4;
  if (/chunked/i.test(String(headers["transfer-encoding"]))) return endOfChunks(bytes, body);
  const length = headers["content-length"];
  return length === undefined ? undefined : body + Number(length);
}

/** Where a body in chunks ends, but for blank lines; beyond the bytes when they are not all there. */
function endOfChunks(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; ) {
    const line = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16);
    if (size === 0) return bytes.indexOf("\r\n\r\n", line);
    at = line + size + 4;
  }
  return bytes.length + 1;
}
