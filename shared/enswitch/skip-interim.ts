/** What of a socket matters here. */
interface AnsweringSocket {
  read(size?: number): unknown;
  readonly bytesWritten: number;
}

/** How an interim answer of HTTP/1 begins, character by character; 101 is none: after it, another protocol is spoken. */
const beginning = [..."HTTP/1.# 1##"];

/** An interim answer has hardly any headers; one that is longer is left to the HTTP library, which refuses it. */
const longestInterim = 16_384;

/**
 * Has a socket leave out every interim answer (1xx) in front of an answer. Nothing of ours asks for one, but some proxies
 * send "100 Continue" unasked, and HTTP lets them (RFC 9110, 15.2: a client must be able to take interim answers that it
 * did not expect). The HTTP library takes it for a fault and closes the connection: an accepted call would be in doubt. Returns
 * the socket.
 */
export function skipInterim<Socket extends AnsweringSocket>(socket: Socket): Socket {
  const read = socket.read.bind(socket);
  let written = socket.bytesWritten;
  /** What has come of an answer, as long as that may be an interim one; `undefined` once it is known that it is not. */
  let held: Buffer | undefined;

  /** What there is to read of an answer of which `begun` has come; `null` when more must come first. */
  const readBeginning = (begun: Buffer): Buffer | null => {
    let came = begun;
    for (let chunk: unknown = read(); Buffer.isBuffer(chunk); chunk = read()) {
      came = withoutInterim(Buffer.concat([came, chunk]));
      if (mayBeInterim(came)) continue;
      held = undefined;
      return came;
    }
    held = came;
    return null;
  };

  socket.read = (size?: number): unknown => {
    // Calls follow each other on a connection, so what is read once something was written is an answer's beginning.
    if (socket.bytesWritten !== written) {
      written = socket.bytesWritten;
      held = Buffer.alloc(0);
    }
    return held === undefined ? read(size) : readBeginning(held);
  };
  return socket;
}

/** The bytes behind all complete interim answers in front. */
function withoutInterim(bytes: Buffer): Buffer {
  let rest = bytes;
  while (beginsInterim(rest)) {
    const end = rest.indexOf("\r\n\r\n");
    if (end === -1) return rest;
    rest = rest.subarray(end + 4);
  }
  return rest;
}

/** Whether these bytes are, or may become, an interim answer, so that nobody may read them yet. */
const mayBeInterim = (bytes: Buffer): boolean => bytes.length <= longestInterim && beginsInterim(bytes);

/** Whether bytes begin as an interim answer does, as far as they go. */
function beginsInterim(bytes: Buffer): boolean {
  const head = bytes.toString("latin1", 0, beginning.length);
  const alike = head
    .split("")
    .every((character, at) => character === beginning[at] || (beginning[at] === "#" && /\d/.test(character)));
  return alike && !head.endsWith(" 101");
}
