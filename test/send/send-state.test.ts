import { expect, it } from "vitest";
import { freshAccount } from "../../shared/account/account.ts";
import { createSendStates } from "../../shared/send/send-state.ts";
import { batchMessage, running } from "../support/factories.ts";
import { createManualClock } from "../support/manual-clock.ts";

it("who has opted out since a batch was fed is told by the decisions that the feed knew, and those that there are", async () => {
  const asked: unknown[] = [];
  const states = (optOuts?: { sequence: number }) =>
    createSendStates({
      campaigns: { read: async () => running({ options: { country: "GB" } }) },
      account: { read: async () => ({ ...freshAccount, optOuts }) },
      laterOptOuts: async (batch) => {
        asked.push(batch);
        return () => undefined;
      },
      clock: createManualClock(),
    });
  await states().readNow(batchMessage(1));
  await states({ sequence: 7 }).readNow(batchMessage(1, { decisions: 3 }));
  expect(asked).toEqual([
    { known: 0, latest: 0, country: "GB" },
    { known: 3, latest: 7, country: "GB" },
  ]);
});
