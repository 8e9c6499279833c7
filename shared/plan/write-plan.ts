import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Bucket } from "../bucket.ts";
import { batchesPerPart, planKeys, planVersion, type RowLine, type SendRow } from "./plan.ts";

/** A judged row on its way into the plan: what to send, or why not. */
export interface PlannedRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly verdict:
    | { readonly kind: "send"; readonly send: Omit<SendRow, "row">; readonly segments: number }
    | { readonly kind: "invalid" | "skipped"; readonly detail: string; readonly segments: number };
}

/** What was written. */
export interface WrittenPlan {
  readonly parts: number;
  /** Batch number of the last line, 0 when there is none. */
  readonly lastBatch: number;
}

/**
 * Writes a plan row by row into its part objects, each uploaded while it grows: memory holds one batch and what the
 * uploads have not taken yet. `add` waits for slow uploads; `end` resolves when all objects are stored. After a failure
 * `abort` ends what is under way. Rows come in order, from 1.
 */
export function createPlanWriter(deps: { bucket: Bucket; name: string; run: string; batchRows: number }) {
  const { bucket, batchRows } = deps;
  const keys = planKeys(deps.name, deps.run);
  const rowsInPart = batchesPerPart(batchRows) * batchRows;
  let part: { number: number; plan: Upload; rows: Upload } | undefined;
  let parts = 0;
  let batch = 0;
  let prev = 0;
  let lines = "";
  let sendable: string[] = [];
  const finishing = new Set<Promise<unknown>>();

  const closeBatch = () => {
    if (sendable.length > 0 && part !== undefined) {
      part.plan.text += `{"v":${planVersion},"batch":${batch},"prev":${prev},"rows":[${sendable.join(",")}]}\n`;
      prev = batch;
      sendable = [];
    }
  };

  const closePart = async () => {
    if (part === undefined) return;
    closeBatch();
    part.rows.text += lines;
    lines = "";
    const finished = Promise.all([part.plan.end(), part.rows.end()]);
    part = undefined;
    finishing.add(finished);
    const forget = () => finishing.delete(finished);
    finished.then(forget, () => {});
    // Two parts may still be uploading while the next one is written.
    if (finishing.size > 2) await Promise.race(finishing);
  };

  const add = async (rows: readonly PlannedRow[]): Promise<void> => {
    for (const { row, cells, verdict } of rows) {
      const { segments } = verdict;
      if ((row - 1) % rowsInPart === 0) {
        await closePart();
        parts++;
        part = {
          number: parts,
          plan: startUpload(bucket, keys.plan(parts)),
          rows: startUpload(bucket, keys.rows(parts)),
        };
      }
      const number = Math.ceil(row / batchRows);
      if (number !== batch) {
        closeBatch();
        batch = number;
      }
      if (verdict.kind === "send") {
        sendable.push(`{"row":${row},${JSON.stringify(verdict.send).slice(1)}`);
        lines += `${JSON.stringify([cells, segments] satisfies RowLine)}\n`;
      } else {
        lines += `${JSON.stringify([cells, segments, verdict.kind, verdict.detail] satisfies RowLine)}\n`;
      }
    }
    if (part !== undefined) {
      part.rows.text += lines;
      lines = "";
      await Promise.all([part.plan.flush(), part.rows.flush()]);
    }
  };

  return {
    add,
    end: async (): Promise<WrittenPlan> => {
      await closePart();
      await Promise.all(finishing);
      return { parts, lastBatch: prev };
    },
    abort: async (reason: unknown): Promise<void> => {
      const uploads = part === undefined ? [] : [part.plan.abort(reason), part.rows.abort(reason)];
      await Promise.allSettled([...uploads, ...finishing]);
    },
  };
}

interface Upload {
  /** Text not yet given to the stream. */
  text: string;
  flush(): Promise<void>;
  end(): Promise<void>;
  abort(reason: unknown): Promise<void>;
}

/** An object that is stored while it is still being written. */
function startUpload(bucket: Bucket, key: string): Upload {
  const stream = new PassThrough({ highWaterMark: 256 * 1024 });
  const stored = bucket.put(key, stream, "application/x-ndjson");
  // Whoever writes next, or ends, learns of a failure; until then it must not count as unhandled.
  stored.catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  stream.on("error", () => {});
  const flush = async (upload: Upload) => {
    if (upload.text === "") return;
    if (stream.destroyed) await stored;
    const text = upload.text;
    upload.text = "";
    if (!stream.write(text)) await Promise.race([once(stream, "drain"), stored]);
  };
  return {
    text: "",
    flush() {
      return flush(this);
    },
    async end() {
      await flush(this);
      stream.end();
      await stored;
    },
    async abort(reason) {
      stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
      await stored.catch(() => {});
    },
  };
}
