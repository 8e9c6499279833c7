import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** A checksum that is computed while a body is received. */
export interface Checksum {
  /** The header or trailer it is sent in, such as `x-amz-checksum-crc32`. */
  readonly name: string;
  update(chunk: Uint8Array): void;
  /** In base64. */
  digest(): string;
}

/** `undefined` for a checksum Node cannot compute (CRC32C, CRC64NVME): over loopback it is taken on trust. */
export function createChecksum(name: string): Checksum | undefined {
  switch (name) {
    case "x-amz-checksum-crc32":
      return createCrc32(name);
    case "x-amz-checksum-sha1":
      return createHashed(name, createHash("sha1"));
    case "x-amz-checksum-sha256":
      return createHashed(name, createHash("sha256"));
    default:
      return undefined;
  }
}

function createCrc32(name: string): Checksum {
  let value = 0;
  return {
    name,
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

function createHashed(name: string, hash: Hash): Checksum {
  return {
    name,
    update: (chunk) => {
      hash.update(chunk);
    },
    digest: () => hash.digest("base64"),
  };
}
