import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { optOuts } from "../../cli/commands/opt-outs.ts";
import { screen } from "./screen.ts";
import { list, workplace } from "./workplace.ts";

test("people reply STOP to the simulator if that is wanted, and the next list leaves them out", async () => {
  await using place = await workplace({ country: "GB" });
  await place.write("spring.csv", list(6));
  const first = await place.bulkSend(["run", "spring.csv", "--replies", "1", "--rate", "1", "--json"]);
  expect(first).toMatchObject({ code: 0 });
  const { optedOut } = JSON.parse(first.out);
  expect(optedOut).toBeGreaterThan(0);

  // Two more than could have answered: a list of which nobody is left is refused.
  await place.write("autumn.csv", list(8));
  const second = await place.bulkSend(["run", "autumn.csv", "--replies", "0", "--json"]);
  // On a slow machine one more may answer between the report and the end of the command.
  const { skipped, submitted } = JSON.parse(second.out).counts;
  expect(skipped).toBeGreaterThanOrEqual(optedOut);
  expect(submitted).toBe(8 - skipped);
  expect(second.err).toContain(`8 rows: ${submitted} would be sent, 0 invalid, ${skipped} skipped.`);
  expect(second.err).toContain("its owner has opted out");

  const add = (number: string) => place.bulkSend(["opt-outs", "add", number, "--local"]);
  expect(await add("1/2/3")).toMatchObject({ code: 2, err: expect.stringMatching(/too short/u) });
  expect((await add("+44 7700 900987")).out).toMatch(/^1 number added to [^;]*\. Rows/u);
  expect((await add("+44 7700 900987")).out).toMatch(/^0 numbers added to .*; 1 number was on it before\./u);

  const remove = (...words: string[]) => place.bulkSend(["opt-outs", "remove", "07700 900987", "--local", ...words]);
  const unanswered = await remove();
  expect(unanswered).toMatchObject({ code: 2, out: "" });
  expect(unanswered.err).toMatch(/^\+447700900987 {2}\d{4}-\d\d-\d\d .* added by hand\n/u);
  expect(unanswered.err).toMatch(
    /texted again[^\n]*\nNobody can be asked here, and nothing was taken off[^\n]*--yes[^\n]*\n$/u,
  );
  const here = { data: join(place.path, ".bulk-send-simulator"), stack: "BulkSend" };
  const no = async (question: string) => !asked.push(question);
  const asked: string[] = [];
  const { terminal, text } = screen();
  await optOuts("remove", ["+447700900987"], here, terminal, no);
  expect(text()).toMatch(/^\+447700900987 {2}[\s\S]*\nNobody was taken off\.$/u);
  expect(asked).toEqual(["Text this person again?"]);
  // A program that somebody watches gets its answer, too.
  await optOuts("remove", ["+447700900987"], { ...here, json: true }, terminal, no);
  expect(JSON.parse(text().split("\n").at(-1) ?? "")).toEqual({ what: "remove", numbers: [] });
  expect((await remove("--yes")).out).toMatch(/^1 number taken off /u);
  // Both within one second, of which the list has no parts.
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    await optOuts("add", ["+447700900986"], here, terminal, no);
    await optOuts("remove", ["+447700900986"], { ...here, yes: true }, terminal, no);
  } finally {
    vi.useRealTimers();
  }
  expect(text()).toMatch(/\n1 number added to [^\n]*\n1 number taken off [^\n]*$/u);
  // Of whom nobody is on the list, nobody is texted again.
  expect(await remove()).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^0 numbers taken off .*; 1 number not on it/u),
  });
});

test("replies need a country, and are not for a real endpoint", async () => {
  await using place = await workplace({ country: "" });
  await place.write("spring.csv", list(1));
  const wrong = await place.bulkSend(["run", "spring.csv", "--replies", "1"]);
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toMatch(/^--replies needs a country: the setting country/u);
  expect(await readdir(place.path)).not.toContain(".bulk-send-simulator");
  const flagged = await place.bulkSend(["run", "spring.csv", "--replies", "0", "--country", "GB"]);
  expect(flagged).toMatchObject({ code: 0 });
});
