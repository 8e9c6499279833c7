import { createHash } from "node:crypto";

/** The bytes of a body's chunks; a surrogate pair cut between two texts is joined, as the upload to S3 joins it. */
export function bytesOf(chunks: readonly (Uint8Array | string)[]): Buffer {
  const parts: Uint8Array[] = [];
  let text = "";
  for (const chunk of chunks) {
    if (typeof chunk === "string") {
      text += chunk;
    } else {
      parts.push(Buffer.from(text), chunk);
      text = "";
    }
  }
  return Buffer.concat([...parts, Buffer.from(text)]);
}

/** The ETag that S3 gives to content stored by a single request. */
export const tagOf = (content: Uint8Array): string => `"${createHash("md5").update(content).digest("hex")}"`;
