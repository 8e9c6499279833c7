import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Summary } from "../../shared/report/summary.ts";
import { until } from "../support/until.ts";
import { column, list, workplace } from "./workplace.ts";

const csv = "phone,name,snumber\n+447700900001,Ann,100\n+447700900002,Bob,100\n999123456,Eve,100\nabc,Zoe,100\n";

test("a list is sent through the simulator and reported; repeated, it sends nothing; changed, it is refused", async () => {
  await using place = await workplace();
  await place.write("spring.csv", csv);
  await place.write("spring.json", '{"message":"Hello {{name}}"}');

  const first = await place.bulkSend(["run", "spring.csv", "--rate", "50"]);
  expect(first).toMatchObject({ code: 0 });
  expect(first.err).toMatch(
    /^spring: 4 rows: 3 would be sent, 1 invalid, 0 skipped\.\n {2}1 invalid: [^\n]* \(line 5\)[^\n]*\nWarning: Some numbers have their country code and some have not[^\n]*\n\nLine 2, to \+447700900001 from 100, 1 segment:\n {2}Hello Ann\n/,
  );
  expect(first.out).toContain("2 submitted, 1 failed, 1 invalid");
  expect(first.out).toContain("reports/spring/");
  expect(column(await place.read("reports/spring/report.csv"), "send_status")).toEqual([
    "submitted",
    "submitted",
    "failed",
    "invalid",
  ]);
  const calls = await place.simulatedCalls();
  expect(calls.map((call) => call.parameters["message"]).toSorted()).toEqual(["Hello Ann", "Hello Bob", "Hello Eve"]);

  const again = await place.bulkSend(["run", "spring.csv", "--rate", "50", "--out", "copy", "--json"]);
  expect(again).toMatchObject({ code: 0 });
  expect(again.err).toContain("complete already");
  expect(again.err).not.toContain("would be sent");
  const summary = Summary.loose().parse(JSON.parse(again.out));
  expect(summary).toMatchObject({ state: "complete", counts: { submitted: 2, failed: 1, invalid: 1 } });
  expect(await place.read("copy/report.csv")).toBe(await place.read("reports/spring/report.csv"));
  expect(await place.simulatedCalls()).toHaveLength(3);

  await place.write("spring.csv", csv.replace("Bob", "Rob"));
  const changed = await place.bulkSend(["run", "spring.csv", "--rate", "50"]);
  expect(changed).toMatchObject({ code: 2, out: "" });
  expect(changed.err.trimEnd().split("\n")).toEqual([
    expect.stringMatching(
      /^spring has been sent before, with other content; .*or use reports\/spring\/not-sent\.xlsx\.$/,
    ),
  ]);
  expect(await place.simulatedCalls()).toHaveLength(3);
});

test("what was not sent is sent by the command that is shown, under a name of its own", async () => {
  await using place = await workplace();
  await place.write("spring.csv", csv);
  await place.write("words.json", '{"message":"Hello {{name}}"}');
  const first = await place.bulkSend(["run", "spring.csv", "--options", "words.json", "--from", "100", "--rate", "50"]);
  const command =
    /then send it under a new name: npx bulk-send (run reports\/spring\/not-sent\.xlsx --name spring-2 --options words\.json --from 100 --rate 50)$/mu;
  const [, again = ""] = command.exec(first.out) ?? [];
  expect(again).not.toBe("");
  const later = await place.bulkSend(["status", "spring", "--local"]);
  expect(later.out).toMatch(
    /then send it under a new name: npx bulk-send run reports\/spring\/not-sent\.xlsx --name spring-2 --message "Hello \{\{name\}\}" --from 100 --rate 50 --data \.bulk-send-simulator$/mu,
  );
  const nameless = await place.bulkSend(again.replace(/ --name \S+/u, "").split(" "));
  expect(nameless).toMatchObject({ code: 2, err: expect.stringContaining("Name it with --name, such as spring-2.") });
  const second = await place.bulkSend(again.split(" "));
  expect(second).toMatchObject({ code: 0, out: expect.stringMatching(/^spring-2 \(simulated\): 2 rows: /u) });
});

test("a list of which nothing can be sent is refused before anything begins, and its name is not used up", async () => {
  await using place = await workplace();
  await place.write("spring.csv", "phone,message,snumber\nabc,Hello,100\n+447700900001,,100\n");
  const refused = await place.bulkSend(["run", "spring.csv"]);
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toMatch(
    /^spring: 2 rows: 0 would be sent, 2 invalid, 0 skipped\.\n[\s\S]*\nNothing was sent, and the name spring is free: every row of spring\.csv is invalid or skipped\.\n$/u,
  );
  expect(existsSync(join(place.path, ".bulk-send-simulator"))).toBe(false);

  // In a directory that is there, too, where people may have opted out since.
  await place.write("autumn.csv", "phone,message,snumber\n+447700900009,Hello,100\n");
  expect(await place.bulkSend(["run", "autumn.csv"])).toMatchObject({ code: 0 });
  expect(await place.bulkSend(["opt-outs", "add", "+447700900001", "--local"])).toMatchObject({ code: 0 });
  await place.write("spring.csv", "phone,message,snumber\n+447700900001,Hello,100\n");
  const suppressed = await place.bulkSend(["run", "spring.csv"]);
  expect(suppressed).toMatchObject({ code: 2, out: "" });
  expect(suppressed.err).toContain("every row of spring.csv is invalid or skipped.");
  await place.write("spring.csv", "phone,message,snumber\n+447700900002,Hello,100\n");
  expect(await place.bulkSend(["run", "spring.csv"])).toMatchObject({ code: 0 });
});

test.each([
  ["an empty file", "", /is empty/],
  ["column names alone", "phone,message,snumber\n", /no rows/],
  ["a picture", Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(500, 7)]), /PNG/],
  ["no column of numbers", "name,city,message,snumber\nA,B,hi,1\n", /No column holds the phone numbers/],
])("what cannot be a campaign, %s, is refused in one sentence", async (_, content, sentence) => {
  await using place = await workplace();
  await place.write("list.csv", content);
  const refused = await place.bulkSend(["run", "list.csv"]);
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err.trimEnd().split("\n")).toEqual([expect.stringMatching(sentence)]);
  // It was judged before anything was started.
  for (const data of [".bulk-send", ".bulk-send-simulator"]) expect(existsSync(join(place.path, data))).toBe(false);
});

test("a pause by a person ends the command with the figures it comes to, on its page, too, and with nothing to be fixed", async () => {
  await using place = await workplace();
  await place.write("spring.csv", list(3_000));
  await using running = place.start(["run", "spring.csv", "--rate", "20"]);
  await until("messages are counted", () => / [1-9]\d* simulated, 0 failed/u.test(running.err()));
  expect(await place.bulkSend(["pause", "spring", "--data", ".bulk-send-simulator"])).toMatchObject({ code: 0 });
  const { code, out, err } = await running.finished;
  expect(code).toBe(3);
  const [, said] =
    /^spring is paused with ([\d,]+) rows? simulated so far\. To go on, give the same command again after: npx bulk-send resume spring --data \S+\nPaused by \S+\.\n$/u.exec(
      out,
    ) ?? [];
  expect(said).toBeDefined();
  expect(err.trimEnd().split("\n").at(-1)).toBe(`${said} of 3,000 rows: ${said} simulated, 0 failed, 0 unknown`);
  expect(JSON.parse(await place.read("reports/spring/summary.json"))).toMatchObject({
    state: "paused",
    counts: { submitted: Number(said?.replaceAll(",", "")) },
  });
});

test("a refused list can be corrected, including its options, and is then sent", async () => {
  await using place = await workplace();
  await place.write("list.csv", "phone,snumber\n+447700900001,100\n");
  const refused = await place.bulkSend(["run", "list.csv", "--rate", "50"]);
  expect(refused).toMatchObject({ code: 2 });
  await place.write("list.csv", "phone,snumber\n+447700900002,100\n");
  await place.write("list.json", '{"message":"Hi"}');
  const sent = await place.bulkSend(["run", "list.csv", "--rate", "50"]);
  expect(sent).toMatchObject({ code: 0 });
  expect((await place.simulatedCalls()).map((call) => call.parameters["cnumber"])).toEqual(["+447700900002"]);
});

test("without credentials nothing starts, and the sentence names what to set", async () => {
  await using place = await workplace();
  await place.write("spring.csv", list(3));
  const finished = await place.bulkSend(["run", "spring.csv", "--endpoint", "http://127.0.0.1:9/api/json"]);
  expect(finished).toMatchObject({ code: 2 });
  expect(finished.err).toMatch(/ENSWITCH_USERNAME.*ENSWITCH_PASSWORD/);
  for (const data of [".bulk-send", ".bulk-send-simulator"]) expect(existsSync(join(place.path, data))).toBe(false);
});

test("two runs in one directory: the second says that it is in use", async () => {
  await using place = await workplace();
  await place.write("long.csv", list(2000));
  await place.write("other.csv", list(2));
  await using first = place.start(["run", "long.csv", "--rate", "20"]);
  await expect.poll(async () => (await place.simulatedCalls()).length).toBeGreaterThan(0);
  const second = await place.bulkSend(["run", "other.csv"]);
  expect(second).toMatchObject({ code: 1 });
  expect(second.err).toContain("Another bulk-send is already working on");
  expect(first.child.exitCode).toBeNull();
});
