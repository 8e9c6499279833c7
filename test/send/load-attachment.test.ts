import { expect, it } from "vitest";
import { createLoadAttachment } from "../../shared/send/load-attachment.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const mebibyte = 1024 * 1024;

it("an attachment is loaded whole, and is none when it is gone or has become too large", async () => {
  const bucket = createMemoryBucket(createManualClock());
  const load = createLoadAttachment(bucket);
  bucket.store("attachments/offer.pdf", new Uint8Array(mebibyte).fill(7));
  expect(await load("attachments/offer.pdf")).toEqual(Buffer.alloc(mebibyte, 7));
  bucket.store("attachments/offer.pdf", new Uint8Array(mebibyte + 1));
  expect(await load("attachments/offer.pdf")).toBeUndefined();
  expect(await load("attachments/gone.pdf")).toBeUndefined();
});
