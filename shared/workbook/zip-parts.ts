import { Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import * as yauzl from "yauzl";
import { workbookBounds } from "../bounds.ts";
import { grouped } from "../in-words.ts";
import { refuseOtherFiles } from "./file-signature.ts";
import type { RandomBytes } from "./random-bytes.ts";
import { damaged, protectedByPassword, TooLarge, UnreadableWorkbook } from "./unreadable-workbook.ts";

/** The parts of a workbook by their names, which programs do not agree on the case of. */
export interface ZipParts {
  /** The part's text as it is inflated; `undefined` when there is no such part. Fails when it is larger than `maxBytes`. */
  open(name: string, maxBytes: number): Promise<AsyncIterable<string> | undefined>;
  readonly names: readonly string[];
}

/** Bytes asked for at once where the zip's reader wants a few: its directory is read entry by entry. */
const blockBytes = 64 * 1024;

/** Opens a zip file by its directory. Throws an UnreadableWorkbook for a file that is not a whole, plain one. */
export async function openZip(bytes: RandomBytes): Promise<ZipParts> {
  await refuseOtherFiles(bytes);
  const source = new RangeReader(bytes);
  /** What the zip's reader complains of is the file's fault, unless its bytes could not be had. */
  const blame = (error: unknown): unknown =>
    source.failure ?? (error instanceof UnreadableWorkbook ? error : damaged(error));
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(source, bytes.size, {
      strictFileNames: false,
      autoClose: false,
    });
    const entries = await readDirectory(zip);
    let unpacked = 0;
    return {
      names: [...entries.keys()],
      open: async (name, maxBytes) => {
        const entry = entries.get(name.toLowerCase());
        if (entry === undefined) return undefined;
        if (entry.isEncrypted()) throw new UnreadableWorkbook(protectedByPassword);
        unpacked += entry.uncompressedSize;
        if (entry.uncompressedSize > maxBytes || unpacked > workbookBounds.unpackedBytes) throw new TooLarge(tooLarge);
        return decoded(zip, entry, blame);
      },
    };
  } catch (error) {
    throw blame(error);
  }
}

async function readDirectory(zip: yauzl.ZipFile): Promise<ReadonlyMap<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  if (zip.entryCount > workbookBounds.parts) {
    throw new UnreadableWorkbook(
      `This workbook has more than ${grouped(workbookBounds.parts)} parts, such as sheets and pictures. Save the list alone as a workbook of its own.`,
    );
  }
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry);
  return entries;
}

const tooLarge =
  "This workbook holds far more than a list does when it is unpacked. Copy the list into a new workbook, or save it as CSV.";

/** Bytes inflated at once: with zlib's usual 16 KiB, a large sheet spends more on being handed over than on being inflated. */
const inflatedBytes = 256 * 1024;

/** How parts are compressed, by the zip's numbers; others are not written by spreadsheet programs. */
const stored = 0;
const deflated = 8;

/** The bytes of a part, inflated. */
async function inflated(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<AsyncIterable<Uint8Array>> {
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  if (entry.compressionMethod === stored) return raw;
  if (entry.compressionMethod !== deflated) throw damaged();
  const inflate = createInflateRaw({ chunkSize: inflatedBytes });
  raw.once("error", (error) => inflate.destroy(error));
  inflate.once("close", () => raw.destroy());
  return raw.pipe(inflate);
}

/** The text of a part. It must have as many bytes as the directory says, so a size that lies helps nobody, and their checksum. */
async function* decoded(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  blame: (error: unknown) => unknown,
): AsyncGenerator<string> {
  try {
    let decoder: InstanceType<typeof TextDecoder> | undefined;
    let checksum = 0;
    let size = 0;
    for await (const chunk of await inflated(zip, entry)) {
      size += chunk.length;
      if (size > entry.uncompressedSize) throw damaged();
      checksum = crc32(chunk, checksum);
      // Office writes UTF-8; the format allows UTF-16, which says so by its mark.
      decoder ??= new TextDecoder(encodings.get(chunk[0] ?? 0) ?? "utf-8", { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    if (size !== entry.uncompressedSize || checksum !== entry.crc32) throw damaged();
    yield decoder?.decode() ?? "";
  } catch (error) {
    throw blame(error);
  }
}

const encodings: ReadonlyMap<number, string> = new Map([
  [0xff, "utf-16le"],
  [0xfe, "utf-16be"],
]);

/** Reads ranges of bytes for the zip's reader, and remembers when they could not be had. */
class RangeReader extends yauzl.RandomAccessReader {
  readonly #bytes: RandomBytes;
  #block: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  failure: unknown;

  constructor(bytes: RandomBytes) {
    super();
    this.#bytes = bytes;
  }

  /** Streams a part: one request, however large it is. */
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#stream(start, end), { objectMode: false });
  }

  /** Copies a few bytes, out of the block that was asked for last where they are in it. */
  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#copy(target, offset, length, position).then(
      () => callback(null),
      (error: unknown) => callback(error instanceof Error ? error : damaged(error)),
    );
  }

  async #copy(target: Buffer, offset: number, length: number, position: number): Promise<void> {
    const { start, bytes } = this.#block;
    if (position < start || position + length > start + bytes.length) {
      const end = Math.min(Math.max(position + length, position + blockBytes), this.#bytes.size);
      if (position < 0 || position + length > end) throw damaged();
      this.#block = { start: position, bytes: Buffer.concat(await Array.fromAsync(this.#stream(position, end))) };
    }
    const from = position - this.#block.start;
    if (this.#block.bytes.copy(target, offset, from, from + length) < length) throw damaged();
  }

  async *#stream(start: number, end: number): AsyncGenerator<Uint8Array> {
    if (start >= end) return;
    try {
      yield* this.#bytes.read(start, end);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}
