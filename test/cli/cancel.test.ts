import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cancel } from "../../cli/commands/cancel.ts";
import { openAtRest } from "../../cli/local-cloud.ts";
import { openStackHere } from "../../cli/put-in-order.ts";
import type { CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { running } from "../support/factories.ts";
import { screen } from "./screen.ts";

const pause = { code: "person", reason: "Paused by anna.", at: 0, by: "anna" } as const;
const states: readonly Partial<CommittedCampaign>[] = [{}, { state: "paused", pause }];

test.each(states)(
  "who cancels a campaign %j is asked with what would never be sent, and no means no",
  async (state) => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-cancel-"));
    const campaign = running({ sendable: 20, tally: { ...running().tally, submitted: 7 }, ...state });
    const inLedger = async (create?: CommittedCampaign) => {
      await using cloud = await openAtRest(directory.path);
      using stack = openStackHere(cloud);
      if (create !== undefined) await stack.campaigns.create(create, undefined);
      return (await stack.campaigns.read("spring", { consistent: true }))?.state;
    };
    const before = await inLedger(campaign);
    const { terminal, text } = screen();
    const asked: string[] = [];
    const answering = (answer: boolean) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    const options = { data: directory.path, stack: "BulkSend" };
    expect(await cancel("spring", options, terminal, answering(false))).toBe(0);
    expect(asked).toEqual(["Cancel spring for good? 13 rows that have not been sent never will be."]);
    expect(text()).toBe("spring goes on as before.");
    expect(await inLedger()).toBe(before);

    expect(await cancel("spring", options, terminal, answering(true))).toBe(0);
    expect(text()).toMatch(
      /written\. Nothing is running on this directory; that happens while this runs: npx bulk-send serve /u,
    );
    expect(await inLedger()).toBe("ending");
    await cancel("spring", options, terminal, answering(true)).catch(() => {});
    // Of what is over there is nothing to ask.
    expect(asked).toHaveLength(2);
  },
);
