import { expect, it } from "vitest";
import { bounds } from "../../shared/bounds.ts";
import { judgeUpload } from "../../shared/split/judge-upload.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

it.each([
  ["in time", bounds.judgingMs, "end"],
  ["for too long", bounds.judgingMs + 1, "refused"],
])("a list that is judged %s ends as %s ms say", async (_, ms, kind) => {
  const bucket = createMemoryBucket();
  const version = bucket.store("campaigns/spring.csv", "to,text\n447700900001,Hello\n447700900002,Hello\n");
  // The first dates what the list means, the second begins the count.
  const instants = [0, 0];
  const clock = { now: () => instants.shift() ?? ms };
  const upload = { key: "campaigns/spring.csv", version, options: {}, defaults: { snumber: "441234" } };
  const judged = await judgeUpload({ bucket, clock }, upload);
  const kinds: string[] = [];
  for await (const event of judged ?? []) kinds.push(event.kind);
  expect(kinds.at(-1)).toBe(kind);
});
