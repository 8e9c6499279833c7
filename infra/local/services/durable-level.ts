import { ClassicLevel } from "classic-level";

const { put, del, batch } = ClassicLevel.prototype;

/**
 * Has every write of this process's LevelDB databases on disk before it is answered, so that a claim outlives a power
 * failure. Dynalite opens its database itself, hands on no option, and LevelDB by default only hands writes to the system;
 * writes that wait at the same time are synced together.
 */
export function syncEveryWrite(): void {
  const prototype = ClassicLevel.prototype;
  Object.assign(prototype, {
    put(this: typeof prototype, key: string, value: string, options?: object) {
      return Reflect.apply(put, this, [key, value, { ...options, sync: true }]);
    },
    del(this: typeof prototype, key: string, options?: object) {
      return Reflect.apply(del, this, [key, { ...options, sync: true }]);
    },
    batch(this: typeof prototype, operations?: readonly unknown[], options?: object) {
      // Without operations it begins a chained batch, which takes its options when it is written.
      if (operations === undefined) return Reflect.apply(batch, this, []);
      return Reflect.apply(batch, this, [operations, { ...options, sync: true }]);
    },
  });
}
