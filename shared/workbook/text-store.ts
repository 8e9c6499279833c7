import { workbookBounds } from "../bounds.ts";
import { cellTooLong, TooLarge, UnreadableWorkbook } from "./unreadable-workbook.ts";

/** Texts by their position, as bytes side by side: millions of strings would take several times their memory. */
export interface TextStore {
  add(text: string): void;
  /** `undefined` for a position that has none. */
  get(position: number): string | undefined;
}

const pageBytes = 1024 * 1024;

/** An empty store. */
export function createTextStore(): TextStore {
  const pages: Buffer[] = [];
  /** The bytes of the last page that are in use. */
  let used = pageBytes;
  let count = 0;
  /** Where each text begins, counted over pages of equal size; and how long it is, in bytes. */
  let starts = new Float64Array(1024);
  let lengths = new Uint32Array(1024);

  return {
    add: (text) => {
      const length = Buffer.byteLength(text);
      if (length > pageBytes) throw new TooLarge(cellTooLong);
      if (count >= workbookBounds.texts) {
        throw new UnreadableWorkbook("This workbook holds far more texts than a list does.");
      }
      if (count === starts.length) {
        starts = grown(starts, new Float64Array(count * 2));
        lengths = grown(lengths, new Uint32Array(count * 2));
      }
      if (used + length > pageBytes) {
        pages.push(Buffer.allocUnsafeSlow(pageBytes));
        used = 0;
      }
      pages.at(-1)?.write(text, used);
      starts[count] = (pages.length - 1) * pageBytes + used;
      lengths[count++] = length;
      used += length;
    },
    get: (position) => {
      const start = starts[position];
      if (!(position < count) || start === undefined) return undefined;
      const at = start % pageBytes;
      return pages[Math.floor(start / pageBytes)]?.toString("utf8", at, at + (lengths[position] ?? 0));
    },
  };
}

function grown<Values extends Float64Array | Uint32Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
