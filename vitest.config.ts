import { defineConfig } from "vitest/config";

/** Tests that start whole clouds, command lines and browsers: one at a time, or they make each other late. */
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
        test: { name: "whole", include: whole, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
