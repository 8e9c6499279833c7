import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMetrics } from "../../shared/aws/metrics.ts";

const lines: unknown[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  vi.spyOn(console, "warn").mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("metrics are written when they are flushed, once, with their units", () => {
  const metrics = createMetrics("sender");
  metrics.add("Submitted", 3);
  metrics.add("Submitted", 1);
  metrics.add("CallMs", 120.5);
  expect(lines).toEqual([]);
  metrics.flush();
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "BulkSend",
            Dimensions: [["service"]],
            Metrics: [
              { Name: "Submitted", Unit: "Count" },
              { Name: "CallMs", Unit: "Milliseconds" },
            ],
          },
        ],
      },
      service: "sender",
      Submitted: [3, 1],
      CallMs: 120.5,
    },
  ]);
  metrics.flush();
  expect(lines).toHaveLength(1);
});

test("any number of values can be added between two flushes", () => {
  const metrics = createMetrics("sender");
  for (let n = 0; n < 250; n++) metrics.add("CallMs", n);
  metrics.flush();
  const values = lines.flatMap((line) => (line as { CallMs: number[] }).CallMs);
  expect(values).toEqual(Array.from({ length: 250 }, (_, n) => n));
});
