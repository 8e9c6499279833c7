import { afterEach, expect, test, vi } from "vitest";
import { onInterruption } from "../../cli/interruption.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const before = new Map(signals.map((signal) => [signal, process.listeners(signal)]));

function forget(): void {
  vi.restoreAllMocks();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (before.get(signal)?.includes(listener) !== true) process.off(signal, listener);
    }
  }
}
afterEach(forget);

/** Gets these signals one after the other, and says whether work was to be finished, how often that was said, and the code of an end at once. */
function after(...received: readonly NodeJS.Signals[]) {
  forget();
  const exit = vi.spyOn(process, "exit").mockImplementation(() => {
    throw new Error("ends at once");
  });
  const say = vi.fn<() => void>();
  expect(onInterruption(say).aborted).toBe(false);
  for (const signal of received) {
    try {
      process.emit(signal);
    } catch {
      return { said: say.mock.calls.length, code: exit.mock.calls[0]?.[0] };
    }
  }
  return { said: say.mock.calls.length, code: undefined };
}

test.each(signals)("%s lets work in progress be finished", (signal) => {
  expect(after(signal)).toEqual({ said: 1, code: undefined });
});

test("Ctrl-C or SIGTERM behind any of them ends at once; another SIGHUP does not", () => {
  expect(after("SIGHUP", "SIGHUP")).toEqual({ said: 1, code: undefined });
  expect(after("SIGTERM", "SIGHUP")).toEqual({ said: 1, code: undefined });
  expect(after("SIGHUP", "SIGINT")).toEqual({ said: 1, code: 130 });
  expect(after("SIGINT", "SIGTERM")).toEqual({ said: 1, code: 130 });
});
