import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { suppress } from "../../cli/commands/suppress.ts";
import { openAtRest } from "../../cli/local-cloud.ts";
import { openStackHere } from "../../cli/put-in-order.ts";
import { screen } from "./screen.ts";

test("numbers that are added are told to batches that are queued, and who adds them again learns that they are there", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-suppress-"));
  const { terminal, text } = screen();
  const add = async (...numbers: readonly string[]) => {
    await suppress("add", numbers, { data: directory.path, stack: "BulkSend" }, terminal);
    return text().split("\n").at(-1);
  };
  const [one, other, third] = ["+44 7700 900001", "+447700900002", "+447700900003"];
  const end = "rows for them are skipped, queued ones too.";
  expect(await add(one, one)).toBe(`1 number added to suppression/numbers.csv; ${end}`);
  expect(await add(one, other, third)).toBe(
    `2 numbers added to suppression/numbers.csv; 1 number was on it before; ${end}`,
  );
  expect(await add(one)).toBe(`${one} is on suppression/numbers.csv already; rows for it are skipped.`);
  expect(await add(one, other)).toBe(
    "These 2 numbers are on suppression/numbers.csv already; rows for them are skipped.",
  );
  await using cloud = await openAtRest(directory.path);
  using stack = openStackHere(cloud);
  // By this, a batch whose feed knew fewer asks the ledger which.
  expect((await stack.account.read()).optOuts?.sequence).toBeGreaterThanOrEqual(3);
});
