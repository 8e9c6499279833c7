import { expect, it } from "vitest";
import { createLoadAttachment } from "../../shared/send/load-attachment.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";

const mebibyte = 1024 * 1024;

it("an attachment is loaded whole, and is none when it is gone or has become too large", async () => {
  const bucket = createMemoryBucket(createManualClock());
  const load = createLoadAttachment(bucket);
  bucket.store("attachments/offer.pdf", new Uint8Array(mebibyte).fill(7));
  expect(await load("attachments/offer.pdf", undefined)).toEqual(Buffer.alloc(mebibyte, 7));
  bucket.store("attachments/offer.pdf", new Uint8Array(mebibyte + 1));
  expect(await load("attachments/offer.pdf", undefined)).toBeUndefined();
  expect(await load("attachments/gone.pdf", undefined)).toBeUndefined();
});

it("an attachment that was replaced or deleted is loaded as it was planned, and is none when that version is gone", async () => {
  const bucket = createMemoryBucket(createManualClock());
  const load = createLoadAttachment(bucket);
  const planned = bucket.store("attachments/offer.pdf", "20 % off");
  bucket.store("attachments/offer.pdf", "50 % off");
  expect(String(await load("attachments/offer.pdf", planned))).toBe("20 % off");
  await bucket.delete(["attachments/offer.pdf"]);
  expect(String(await load("attachments/offer.pdf", planned))).toBe("20 % off");
  expect(await load("attachments/offer.pdf", "expired")).toBeUndefined();
});
