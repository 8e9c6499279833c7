import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkoutWith, daysLater, list, workplace } from "./workplace.ts";

test("what keepDays has let expire is removed, list says so, and the name stays taken", async () => {
  await using place = await workplace({ country: "GB", keepDays: 3 });
  await place.write("spring.csv", list(2));
  expect(await place.bulkSend(["run", "spring.csv"])).toMatchObject({ code: 0 });
  expect(await place.bulkSend(["suppress", "add", "+447700900199", "--local"])).toMatchObject({ code: 0 });
  const kept = await place.bulkSend(["list", "--local", "--json"], daysLater(2));
  expect(JSON.parse(kept.out)).toMatchObject([{ name: "spring", state: "complete" }]);
  expect(JSON.parse(kept.out)[0]).not.toHaveProperty("expired");

  const tidied = await place.bulkSend(["tidy", "--local"], daysLater(4));
  expect(tidied).toMatchObject({ code: 0, out: expect.stringContaining("after 3 days (keepDays)") });
  const listed = await place.bulkSend(["list", "--local"], daysLater(4));
  expect(listed.out).toMatch(/^spring +complete, simulated, expired +2 +2 /m);
  const report = await place.bulkSend(["report", "spring", "--local", "-o", "gone"], daysLater(4));
  expect(report).toMatchObject({ code: 1, err: expect.stringContaining("expired") });

  // A week later the versions go, too; who is not to be texted, and what was sent, is remembered.
  expect((await place.bulkSend(["suppress", "list", "--local"], daysLater(12))).out).toBe("+447700900199\n");
  const blobs = await readdir(join(place.path, ".bulk-send-simulator/s3/blobs"));
  expect(blobs.length).toBeLessThan(5);
  const again = await place.bulkSend(["run", "spring.csv"], daysLater(12));
  expect(again.err).toContain("spring is complete already; nothing is sent again.");
  expect(await place.simulatedCalls()).toHaveLength(2);
});

test("a checkout runs from its sources, under the settings of its cdk.json", async () => {
  await using place = await checkoutWith({ country: "GB", approval: 2 });
  await place.write("spring.csv", list(3).replaceAll("+44", "0"));
  const checked = await place.bulkSend(["check", "spring.csv"]);
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("before a second person approves it") });
});
