import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** The ledger's keys, as the stack's template and the emulator's requests both spell them. */
export const ledgerTable = {
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
} satisfies Omit<CreateTableCommandInput, "TableName">;
