import { expect, test } from "vitest";
import {
  type AccountAction,
  historyKept,
  readAction,
  storedAction,
  withEntries,
} from "../../shared/account/history.ts";

test.each([
  [{ kind: "paused" }, "paused"],
  [{ kind: "resumed" }, "resumed"],
  [{ kind: "rate", rate: 0.5 }, "rate 0.5"],
  [{ kind: "cap", callsPerDay: 500 }, "cap 500"],
  [{ kind: "opt-outs", what: "add", numbers: 2 }, "opt-outs add 2"],
  [{ kind: "opt-outs", what: "remove", numbers: 3 }, "opt-outs remove 3"],
] satisfies [AccountAction, string][])("%o is stored as %s and read back", (action, stored) => {
  expect(storedAction(action)).toBe(stored);
  expect(readAction(stored)).toEqual(action);
});

test("a history keeps its newest fifty entries, in order", () => {
  expect(historyKept).toBe(50);
  expect(withEntries([1, 2], 3, 4)).toEqual([1, 2, 3, 4]);
  const many = Array.from({ length: 49 }, (_, index) => index);
  expect(withEntries(many, 49, 50)).toEqual([...many.slice(1), 49, 50]);
});
