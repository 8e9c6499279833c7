import { describe, expect, test } from "vitest";
import { runProgram } from "../support/run-program.ts";
import { NothingToTry, select } from "./selection.ts";

describe("the tests that judge a file", () => {
  const nearest = (path: string, ...tests: string[]) => select([path], { tests, nearest: true });

  test("are all of the folder of its name, and of those that know it as well", () => {
    const { paths, tests } = select(["shared/account/lanes.ts"], {
      tests: ["test/csv/totals.test.ts"],
      nearest: false,
    });
    expect(paths).toEqual(["shared/account/lanes.ts"]);
    expect(tests).toEqual(
      expect.arrayContaining([
        "test/account/lanes.test.ts",
        "test/account/pacer.test.ts",
        "test/send/tally.test.ts",
        "test/csv/totals.test.ts",
      ]),
    );
  });

  test("are on request those that have its name alone, and others that are named", () => {
    const own = ["test/send/sender.test.ts", "test/send/sender-connections.test.ts"];
    expect(nearest("shared/send/sender.ts").tests.toSorted()).toEqual(own.toSorted());
    expect(nearest("shared/send/lease.ts", ...own).tests).toEqual(own);
    expect(nearest("shared/read-number.ts").tests).toEqual(["test/read-number.test.ts"]);
  });

  test("judge each of a folder's files once", () => {
    const { paths, tests } = select(["shared/ports", "shared/ports/queue.ts"], {
      tests: ["test/ports"],
      nearest: false,
    });
    expect([new Set(paths).size, new Set(tests).size]).toEqual([paths.length, tests.length]);
    expect(paths).toContain("shared/ports/queue.ts");
  });
});

test.each([
  ["a place that is not there", ["shared/nowhere.ts"], [], /^shared\/nowhere\.ts is not there: give a source file/],
  ["a folder without sources", ["docs"], [], /^docs holds none: give a source file/],
  ["tests that are not there", ["shared/send"], ["test/nowhere"], /^test\/nowhere is not there: give a test file/],
  ["a file without a test of its name", ["shared/send/lease.ts"], [], /^No tests have the name of shared\/send\/lease/],
])("%s is refused", (_what, places, tests, sentence) => {
  const refused = () => select(places, { tests, nearest: true });
  expect(refused).toThrow(NothingToTry);
  expect(refused).toThrow(sentence);
});

test.each([
  ["nothing", [], /^Usage: npm run mutate/],
  ["a share that is none", ["shared/send", "--sample", "0"], /^Usage: npm run mutate/],
  ["an option that there is not", ["shared/send", "--fast"], /^Unknown option '--fast'.*\nUsage: npm run mutate/],
  ["a place that is not there", ["shared/nowhere.ts"], /^shared\/nowhere\.ts is not there/],
  ["a file of kinds alone", ["shared/enswitch/verdict.ts"], /^No mistake can be made in shared/],
  [
    "a sample of none",
    ["shared/send/sender.ts", "--sample", "5000", "--from", "4000"],
    /^The sample has none of the \d+ mistakes that can be made in shared\/send\/sender\.ts\.\n$/,
  ],
])("whoever asks for %s gets a sentence in place of a stack", async (_what, args, sentence) => {
  const { code, text } = await runProgram(process.execPath, ["test/mutation/main.ts", ...args]);
  expect(text).toMatch(sentence);
  expect(text).not.toMatch(/^ +at /m);
  expect(code).toBe(2);
});
