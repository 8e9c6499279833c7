import type { Bucket } from "../ports/bucket.ts";
import { planKeys } from "../ports/bucket-layout.ts";
import { createTextObject, type TextObject } from "../ports/text-object.ts";

/** The two objects of one part. */
export interface PlanPart {
  readonly plan: TextObject;
  readonly rows: TextObject;
}

/** A plan's parts, written one after the other. */
export interface PlanParts {
  /** Ends the part that is open, if any, and opens the next. Waits while too many are still being uploaded. */
  next(): Promise<PlanPart>;
  /** Ends the part that is open and resolves to the number of parts when all are stored. */
  end(): Promise<number>;
  /** Ends all uploads, that of the part that is open as a failure. */
  abort(reason: unknown): Promise<void>;
}

/** So many parts may still be uploading while the next one is written. */
const uploadsBehind = 2;

/** The parts of this planning run, none of them written yet. */
export function createPlanParts({ bucket, name, run }: { bucket: Bucket; name: string; run: string }): PlanParts {
  const keys = planKeys(name, run);
  const objectOf = (key: string) => createTextObject(bucket, key, "application/x-ndjson");
  const finishing = new Set<Promise<unknown>>();
  let part: PlanPart | undefined;
  let parts = 0;

  const close = async () => {
    if (part === undefined) return;
    const { plan, rows } = part;
    const finished = Promise.all([plan.end(), rows.end(), plan.stored, rows.stored]);
    part = undefined;
    finishing.add(finished);
    const forget = () => finishing.delete(finished);
    finished.then(forget, () => {});
    if (finishing.size > uploadsBehind) await Promise.race(finishing);
  };

  return {
    next: async () => {
      await close();
      parts++;
      part = { plan: objectOf(keys.plan(parts)), rows: objectOf(keys.rows(parts)) };
      return part;
    },
    end: async () => {
      await close();
      await Promise.all(finishing);
      return parts;
    },
    abort: async (reason) => {
      const objects = part === undefined ? [] : [part.plan, part.rows];
      for (const object of objects) object.fail(reason);
      await Promise.allSettled([...objects.map(({ stored }) => stored), ...finishing]);
    },
  };
}
