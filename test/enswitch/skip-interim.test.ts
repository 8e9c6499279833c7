import { expect, test } from "vitest";
import { skipInterim } from "../../shared/enswitch/skip-interim.ts";

/** What is read of a socket on which a call was written and these pieces came as its answer. */
function readOf(...pieces: readonly string[]): readonly (string | undefined)[] {
  const waiting = pieces.map((piece) => Buffer.from(piece));
  const socket = { bytesWritten: 0, read: (): unknown => waiting.shift() ?? null };
  const reading = skipInterim(socket);
  socket.bytesWritten = 1;
  return pieces.map(() => {
    const read = reading.read();
    return Buffer.isBuffer(read) ? read.toString() : undefined;
  });
}

test("what begins as an interim answer is kept back until it is whole, and handed on when it grows beyond any that there is", () => {
  const begun = `HTTP/1.1 100 Continue\r\nX: ${"x".repeat(16_384)}`;
  expect(readOf(begun.slice(0, 16_384))).toEqual([undefined]);
  expect(readOf(begun.slice(0, 16_385))).toEqual([begun.slice(0, 16_385)]);
  expect(readOf(begun.slice(0, 16_384), "\r\n\r\nHTTP/1.1 200 OK")).toEqual(["HTTP/1.1 200 OK", undefined]);
});
