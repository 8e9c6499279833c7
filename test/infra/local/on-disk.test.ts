import fs from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { openBlobs } from "../../../infra/local/s3/blobs.ts";
import { openJournal } from "../../../infra/local/s3/journal.ts";
import { dataDirectory } from "./small-cloud.ts";

const asked = vi.hoisted((): unknown[][] => []);
vi.mock("node:fs", async (importOriginal) => {
  const real = await importOriginal<typeof fs>();
  return {
    ...real,
    createWriteStream: (...given: Parameters<typeof real.createWriteStream>) => {
      asked.push(["createWriteStream", ...given]);
      return real.createWriteStream(...given);
    },
    fdatasyncSync: (descriptor: number) => {
      asked.push(["fdatasync", real.fstatSync(descriptor).size]);
      real.fdatasyncSync(descriptor);
    },
  };
});

test("what the object store has acknowledged is on disk, and its owner's alone", async () => {
  asked.length = 0;
  await using directory = await dataDirectory();
  const blobs = await openBlobs(directory.path);
  const { blob } = await blobs.receive(
    (async function* () {
      yield Buffer.from("numbers");
    })(),
  );
  const file = join(directory.path, blob);
  expect(asked).toEqual([["createWriteStream", file, { mode: 0o600, flush: true }]]);

  asked.length = 0;
  const journal = openJournal(join(directory.path, "journal.ndjson"));
  const sizes = ["one", "another"].map((key) => {
    journal.append({ bucket: "b", key, remove: "1" });
    return fs.statSync(join(directory.path, "journal.ndjson")).size;
  });
  journal.close();
  // Each line is synced once it is written.
  expect(asked).toEqual(sizes.map((size) => ["fdatasync", size]));
});
