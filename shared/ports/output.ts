/** How much one output may hold that its reader has not taken yet, in bytes or UTF-16 code units. */
const highWater = 1024 * 1024;

/** A file being written: chunks go in at one end and are read, as they come, at the other. */
export interface Output {
  /** Adds a chunk. A promise is returned only when the writer should wait for the reader; it rejects when the output failed. */
  write(chunk: Uint8Array | string): Promise<void> | undefined;
  /** Nothing more comes. */
  end(): void;
  /** Ends the reading with this error, and every writing from now on. */
  fail(error: unknown): void;
  /** Whether everything up to the end was read. */
  isRead(): boolean;
  /** To be read once, by whoever stores the file. */
  readonly chunks: AsyncIterable<Uint8Array | string>;
}

/** An output that holds at most about a mebibyte: neither a slow nor a failed reader can make it grow or hang. */
export function createOutput(): Output {
  const queue: (Uint8Array | string)[] = [];
  let held = 0;
  let ended = false;
  let read = false;
  /** The reader went away before the end; it knows why, so what is still written is dropped without a word. */
  let abandoned = false;
  let failure: { readonly error: unknown } | undefined;
  let wakeReader = () => {};
  let waiting: (() => void)[] = [];
  const wakeWriter = () => {
    const awake = waiting;
    waiting = [];
    for (const wake of awake) wake();
  };

  const fail = (error: unknown) => {
    failure ??= { error };
    queue.length = 0;
    wakeReader();
    wakeWriter();
  };

  const room = async () => {
    while (held >= highWater && !failure && !abandoned) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    }
    if (failure) throw failure.error;
  };

  async function* chunks(): AsyncGenerator<Uint8Array | string> {
    try {
      for (;;) {
        if (failure) throw failure.error;
        const chunk = queue.shift();
        if (chunk) {
          held -= chunk.length;
          if (held < highWater) wakeWriter();
          yield chunk;
        } else if (ended) {
          read = true;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wakeReader = resolve;
          });
        }
      }
    } finally {
      abandoned = !read;
      if (abandoned) queue.length = 0;
      wakeWriter();
    }
  }

  return {
    write(chunk) {
      if (failure) throw failure.error;
      if (abandoned) return undefined;
      queue.push(chunk);
      held += chunk.length;
      wakeReader();
      return held >= highWater ? room() : undefined;
    },
    end() {
      ended = true;
      wakeReader();
    },
    fail,
    isRead: () => read,
    chunks: { [Symbol.asyncIterator]: chunks },
  };
}
