import { expect, test } from "vitest";
import { atTerminal, list, workplace } from "./workplace.ts";

const settings = { country: "GB", approval: 2 };

test("a list above the number waits where nobody can be asked, and --yes answers", async () => {
  await using place = await workplace(settings);
  await place.write("spring.csv", list(3));
  const checked = await place.bulkSend(["check", "spring.csv"]);
  expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("before a second person approves it") });
  const waiting = await place.bulkSend(["run", "spring.csv"]);
  expect(waiting.code).toBe(3);
  expect(waiting.out).toContain("To approve it: npx bulk-send approve spring --data .bulk-send-simulator\n");
  expect(await place.simulatedCalls()).toEqual([]);

  // Nothing that is given again answers in somebody's place, and neither does resuming.
  expect(await place.bulkSend(["run", "spring.csv"])).toMatchObject({ code: 3 });
  const resumed = await place.bulkSend(["resume", "spring", "--local"]);
  expect(resumed).toMatchObject({ code: 1, err: expect.stringContaining("waits for approval") });
  expect(await place.simulatedCalls()).toEqual([]);

  const approved = await place.bulkSend(["run", "spring.csv", "--yes"]);
  expect(approved).toMatchObject({ code: 0, err: expect.stringContaining("3 messages, 3 segments: 3 to GB.") });
  expect(await place.simulatedCalls()).toHaveLength(3);
  const history = await place.bulkSend(["history", "spring", "--local"]);
  expect(history.out).toMatch(/ approved by \S+ \(on this machine, where nobody vouches for names\)\n/);
});

test("at a terminal the person is asked with the figures: no uploads nothing, yes sends", async () => {
  await using place = await workplace(settings);
  await place.write("spring.csv", list(3));
  const question = "Send 3 texts (3 to GB)?";
  const refused = await place.bulkSend(["run", "spring.csv"], atTerminal, "n\n");
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(question) });
  expect(refused.err).toContain("Nothing was sent.");
  expect(await place.bulkSend(["status", "spring", "--local"])).toMatchObject({ code: 1 });

  const sent = await place.bulkSend(["run", "spring.csv"], atTerminal, "y\n");
  expect(sent).toMatchObject({ code: 0, err: expect.stringContaining(question) });
  expect(await place.simulatedCalls()).toHaveLength(3);

  // A list that does not exceed the number asks nobody.
  await place.write("small.csv", list(2).replaceAll("4477009", "4477008"));
  const small = await place.bulkSend(["run", "small.csv"], atTerminal);
  expect(small).toMatchObject({ code: 0, err: expect.not.stringContaining("Send 2 texts") });
});

test("the demonstration waits for nobody, whatever the settings say", async () => {
  await using place = await workplace({ ...settings, approval: "always", maxMessagesPerDay: 1 });
  const demo = await place.bulkSend(["run", "--demo", "--json"]);
  expect(demo.code).toBe(0);
  expect(JSON.parse(demo.out)).toMatchObject({ state: "complete", counts: { invalid: 1, unknown: 1 } });
});

test("who is suppressed while a list waits is not among those whom somebody approves", async () => {
  await using place = await workplace(settings);
  await place.write("spring.csv", list(3));
  expect(await place.bulkSend(["run", "spring.csv"])).toMatchObject({ code: 3 });
  await place.bulkSend(["suppress", "add", "+447700900001", "--local"]);
  const approved = await place.bulkSend(["approve", "spring", "--local", "--yes"]);
  expect(approved).toMatchObject({ code: 0, err: expect.stringContaining("2 messages, 2 segments: 2 to GB.") });
  expect(approved.err).toContain("3 rows: 2 would be sent, 0 invalid, 1 skipped.");
  expect(approved.err).toMatch(/^Counted .* UTC; who is suppressed or opts out later is left out, too\.$/mu);
});
