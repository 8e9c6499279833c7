import { expect, it } from "vitest";
import { createRecordOutcomes } from "../../shared/send/record-outcomes.ts";
import { submitted } from "../support/factories.ts";
import { createManualClock, nineOClock } from "../support/manual-clock.ts";
import { createRecordedLog } from "../support/recorders.ts";

it("outcomes are tried to be recorded with pauses that double up to two seconds, until the lease ends", async () => {
  const clock = createManualClock();
  const { log, lines } = createRecordedLog();
  const tried: number[] = [];
  const record = createRecordOutcomes({
    batches: {
      record: async () => {
        tried.push(clock.now() - nineOClock);
        throw new Error("The ledger is away.");
      },
    },
    clock,
    log,
  });
  const claim = { campaign: "spring", batch: 1, token: "t1", leaseUntil: nineOClock + 8_000, rows: 1 };
  await expect(clock.run(record(claim, [submitted(1)]))).rejects.toThrow("The ledger is away.");
  expect(tried).toEqual([0, 200, 600, 1_400, 3_000, 5_000, 7_000]);
  expect(lines).toHaveLength(6);
});
