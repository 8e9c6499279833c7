import { constants, crc32, deflateRawSync } from "node:zlib";

/** Fast: a better level makes a sheet a third smaller and takes three times as long. */
const level = 1;

/** 1 January 1980, the first date that a zip file knows: the same content makes the same bytes. */
const date = 0x0021;

/** Sizes and checksum follow the content (bit 3); names are UTF-8 (bit 11). */
const flags = 0x0808;

/** An empty last block, which ends a deflated stream. */
const lastBlock = Uint8Array.of(3, 0);

interface ZippedFile {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** A file in the zip that is still being written. */
export interface ZipEntry {
  add(bytes: Uint8Array): void;
  end(): void;
}

/** A zip file that is written from its beginning to its end. */
export interface ZipFile {
  /** Begins the next file. The one before must have ended. */
  begin(name: string): ZipEntry;
  end(): void;
}

/**
 * Writes a zip file of less than 4 GiB, piece by piece: `emit` is called with its bytes. Every piece is deflated when it
 * is added, by itself: nothing is held back, and nothing happens at a time of its own.
 */
export function createZipFile(emit: (bytes: Uint8Array) => void): ZipFile {
  const entries: ZippedFile[] = [];
  let offset = 0;
  const write = (bytes: Uint8Array) => {
    offset += bytes.length;
    emit(bytes);
  };

  return {
    begin(file) {
      const name = Buffer.from(file);
      const start = offset;
      let [crc, packed, size] = [0, 0, 0];
      const store = (bytes: Uint8Array) => {
        packed += bytes.length;
        write(bytes);
      };
      write(fields([4, 0x04034b50], [2, 20], ...common({ crc, packed, size }), [2, name.length], [2, 0]));
      write(name);
      return {
        add(bytes) {
          crc = crc32(bytes, crc);
          size += bytes.length;
          store(deflateRawSync(bytes, { level, finishFlush: constants.Z_SYNC_FLUSH }));
        },
        end() {
          store(lastBlock);
          write(fields([4, 0x08074b50], [4, crc], [4, packed], [4, size]));
          entries.push({ name, offset: start, crc, packed, size });
        },
      };
    },

    end() {
      const start = offset;
      for (const entry of entries) {
        const { name } = entry;
        // No extra field, no comment, the first disk, no attributes.
        const rest = [
          [2, name.length],
          [2, 0],
          [2, 0],
          [2, 0],
          [2, 0],
          [4, 0],
          [4, entry.offset],
        ] as const;
        write(fields([4, 0x02014b50], [2, 20], [2, 20], ...common(entry), ...rest));
        write(name);
      }
      const count = entries.length;
      write(fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, offset - start], [4, start], [2, 0]));
    },
  };
}

type Field = readonly [bytes: 2 | 4, value: number];

/** What the local and the central header share: deflated (8), no time, sizes. */
const common = ({ crc, packed, size }: Pick<ZippedFile, "crc" | "packed" | "size">): readonly Field[] => [
  [2, flags],
  [2, 8],
  [2, 0],
  [2, date],
  [4, crc],
  [4, packed],
  [4, size],
];

function fields(...values: readonly Field[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [bytes]) => sum + bytes, 0));
  values.reduce((at, [bytes, value]) => buffer.writeUIntLE(value, at, bytes), 0);
  return buffer;
}
