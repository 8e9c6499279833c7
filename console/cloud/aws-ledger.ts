import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createQueue } from "../../shared/aws/sqs-queue.ts";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import { createCampaigns } from "../../shared/campaign/campaigns.ts";
import { createBatches } from "../../shared/ledger/batches.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import type { Table } from "../../shared/ports/table.ts";
import type { Ledger, WithNewKeys } from "./cloud.ts";
import { translated, translatedAll } from "./trouble.ts";
import { walkAgain } from "./walk-again.ts";

/** The ledger in DynamoDB, by the table's name and the URL of the queue of nudges; `again` repeats a call with new keys where its keys had ended. */
export function createLedger(
  settings: DynamoDBClientConfig,
  tableName: string,
  nudges: string,
  again: WithNewKeys,
): Ledger {
  const stored = createDynamoTable(new DynamoDBClient(settings), tableName);
  const table: Table = {
    get: (key, how) => again(() => translated(() => stored.get(key, how))),
    update: (key, change) => again(() => translated(() => stored.update(key, change))),
    query: (pk, how) => walkAgain(again, () => translatedAll(() => stored.query(pk, how))),
  };
  const enqueue = createQueue(new SQSClient(settings), nudges);
  const clock = systemClock;
  const freshToken = () => crypto.randomUUID();
  return {
    campaigns: createCampaigns(table),
    account: createAccountStore({ table, clock, freshToken }),
    approvals: createApprovals(table),
    batches: createBatches({ table, clock, freshToken }),
    nudge: (bodies, delaySeconds) => again(() => translated(() => enqueue(bodies, delaySeconds))),
  };
}
