import { defineConfig } from "vitest/config";

/** Tests that start whole clouds and command lines: two at a time and after the others, or they make each other late. */
const whole = [
  "test/cli/**/*.test.ts",
  "test/crash/**/*.test.ts",
  "test/pipeline/**/*.test.ts",
  "test/infra/app.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "parts", include: ["test/**/*.test.ts"], exclude: whole, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: "whole", include: whole, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
