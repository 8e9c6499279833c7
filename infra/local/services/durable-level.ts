import { ClassicLevel } from "classic-level";
import { isDiskFull } from "../disk-full.ts";

const prototype = ClassicLevel.prototype;
const { batch, close, open } = prototype;
const openFiles: (options: object) => Promise<void> = Reflect.get(prototype, "_open");

type Level = typeof prototype;
/** One change of a key, and how its key and its value are written down. */
type Operation = { readonly type: "put" | "del"; readonly key: string; readonly value?: string };

/** The writes of one database since it was opened. */
interface Writing {
  readonly waiting: { readonly operations: readonly Operation[]; readonly done: PromiseWithResolvers<void> }[];
  busy: boolean;
  /** What a write of it has failed with: nothing more may be written to it. */
  failed?: NoRoom;
}

const databases = new WeakMap<Level, Writing>();

/** The databases of this process that a full disk has stopped, by their directories. */
const stopped = new Map<string, Level>();

/** Whoever waits for a database to be opened, by its directory. */
const awaited = new Map<string, PromiseWithResolvers<void>>();

/** A write that found no room: nothing of it is in the database. The emulator answers with the body, as DynamoDB does when it fails. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
  readonly statusCode = 500;
  readonly body: { readonly __type: string; readonly message: string };
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.body = { __type: "com.amazonaws.dynamodb.v20120810#InternalServerError", message: cause.message };
  }
}

/**
 * Has every write of this process's LevelDB databases on disk before it is answered, so that a claim outlives a power
 * failure. Dynalite opens its database itself, hands on no option, and LevelDB by default only hands writes to the system. Writes
 * that wait at the same time are written and synced together, and no two at the same time: LevelDB goes on behind what a full disk has cut short, and whoever
 * opens the database again finds nothing of what it wrote there. So after a write that failed, nothing is written until it is opened again.
 */
export function syncEveryWrite(): void {
  Object.assign(prototype, {
    put(this: Level, key: string, value: string, options?: object) {
      return write(this, [{ ...options, type: "put", key, value }]);
    },
    del(this: Level, key: string, options?: object) {
      return write(this, [{ ...options, type: "del", key }]);
    },
    batch(this: Level, operations?: readonly Operation[], options?: object) {
      // Without operations it begins a chained batch, which takes its options when it is written.
      if (operations === undefined) return Reflect.apply(batch, this, []);
      return write(
        this,
        operations.map((operation) => ({ ...options, ...operation })),
      );
    },
    async _open(this: Level, options: object) {
      const opening: Promise<void> = Reflect.apply(openFiles, this, [options]);
      const waiting = awaited.get(this.location);
      awaited.delete(this.location);
      if (waiting !== undefined) opening.then(waiting.resolve, waiting.reject);
      await opening;
      databases.delete(this);
      stopped.delete(this.location);
    },
  });
}

/** Resolves when the database in a directory is open that somebody else is about to open; rejects with the reason where it cannot be opened. */
export function nextOpening(directory: string): Promise<void> {
  const opening = Promise.withResolvers<void>();
  awaited.set(directory, opening);
  return opening.promise;
}

/** Why nothing more can be written to the database in a directory, and whether it can be read; `undefined` where it can be written to. */
export function whyStopped(directory: string): { readonly why: NoRoom; readonly readable: boolean } | undefined {
  const level = stopped.get(directory);
  const why = level && databases.get(level)?.failed;
  return why && { why, readable: level.status === "open" };
}

/** Opens a database again that was stopped. Nobody may be using it. Throws where it cannot be opened, and may be tried again. */
export async function openAgain(directory: string): Promise<void> {
  const level = stopped.get(directory);
  // Dynalite has put a `close` of its own in place of that one, after which it answers nothing any more.
  if (level?.status === "open") await Reflect.apply(close, level, []);
  if (level !== undefined) await Reflect.apply(open, level, []);
}

function write(level: Level, operations: readonly Operation[]): Promise<void> {
  const writing = databases.get(level) ?? { waiting: [], busy: false };
  databases.set(level, writing);
  const done = Promise.withResolvers<void>();
  writing.waiting.push({ operations, done });
  if (!writing.busy) void writeWhatWaits(level, writing);
  return done.promise;
}

async function writeWhatWaits(level: Level, writing: Writing): Promise<void> {
  writing.busy = true;
  while (writing.waiting.length > 0) {
    const together = writing.waiting.splice(0);
    try {
      if (writing.failed !== undefined) throw writing.failed;
      await Reflect.apply(batch, level, [together.flatMap(({ operations }) => operations), { sync: true }]);
      for (const { done } of together) done.resolve();
    } catch (error) {
      for (const { done } of together) done.reject(stop(level, writing, error));
    }
  }
  writing.busy = false;
}

/** Stops a database whose write has failed for lack of room. Returns what its writers are told. */
function stop(level: Level, writing: Writing, error: unknown): unknown {
  if (!(error instanceof Error) || !isDiskFull(error)) return error;
  writing.failed ??= error instanceof NoRoom ? error : new NoRoom(error);
  stopped.set(level.location, level);
  return writing.failed;
}
