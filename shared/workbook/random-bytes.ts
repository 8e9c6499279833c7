/** A file that can be read anywhere: on disk, or in a bucket by ranges. */
export interface RandomBytes {
  readonly size: number;
  /** The bytes from `start` up to but not including `end`, as they come; `start` is less than `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}
