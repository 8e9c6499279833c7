/** A request body that does not keep to its framing. */
export class MalformedBody extends Error {}

/**
 * Removes S3's `aws-chunked` framing from a body: `size-in-hex[;chunk-signature=…]` lines, chunks, and trailing headers
 * such as checksums, which are passed to `onTrailer` with names in lower case. Throws `MalformedBody` when the body is
 * cut short.
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Uint8Array>,
  onTrailer: (name: string, value: string) => void,
): AsyncIterable<Uint8Array> {
  let buffered = Buffer.alloc(0);
  let state: "size" | "data" | "data-end" | "trailer" = "size";
  let left = 0;
  const takeLine = (): string | undefined => {
    const end = buffered.indexOf("\r\n");
    if (end < 0) {
      if (buffered.length > 16_384) throw new MalformedBody("A chunk header is too long.");
      return undefined;
    }
    const line = buffered.subarray(0, end).toString("latin1");
    buffered = buffered.subarray(end + 2);
    return line;
  };
  for await (const chunk of body) {
    buffered = buffered.length === 0 ? Buffer.from(chunk) : Buffer.concat([buffered, chunk]);
    for (let more = true; more; ) {
      switch (state) {
        case "size": {
          const line = takeLine();
          if (line === undefined) {
            more = false;
            break;
          }
          const size = /^([0-9a-fA-F]+)(;|$)/.exec(line)?.[1];
          if (size === undefined) throw new MalformedBody("A chunk header is not a size.");
          left = Number.parseInt(size, 16);
          state = left === 0 ? "trailer" : "data";
          break;
        }
        case "data": {
          if (buffered.length === 0) {
            more = false;
            break;
          }
          const data = buffered.subarray(0, left);
          buffered = buffered.subarray(data.length);
          left -= data.length;
          if (left === 0) state = "data-end";
          yield data;
          break;
        }
        case "data-end": {
          const line = takeLine();
          if (line === undefined) more = false;
          else if (line === "") state = "size";
          else throw new MalformedBody("A chunk is longer than its header says.");
          break;
        }
        case "trailer": {
          const line = takeLine();
          if (line === undefined) {
            more = false;
            break;
          }
          const colon = line.indexOf(":");
          if (colon > 0) onTrailer(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
          break;
        }
        default:
          return state satisfies never;
      }
    }
  }
  if (state !== "trailer") throw new MalformedBody("The body ends before its last chunk.");
}
