import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tidy } from "../../cli/commands/tidy.ts";
import { openAtRest } from "../../cli/local-cloud.ts";
import { screen } from "./screen.ts";

test("nothing is said to be removed from a directory that something runs on, since only a start removes it", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-tidy-"));
  const { terminal, text } = screen();
  {
    await using _running = await openAtRest(directory.path);
    await expect(tidy({ data: directory.path }, terminal)).rejects.toThrow(
      `bulk-send is running on ${directory.path}; stop it first.`,
    );
  }
  expect(text()).toBe("");
  expect(await tidy({ data: directory.path }, terminal)).toBe(0);
  expect(text()).toContain(`What had expired in ${directory.path} is removed`);
});
