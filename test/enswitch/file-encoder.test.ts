import { expect, test } from "vitest";
import { createFileEncoder } from "../../shared/enswitch/file-encoder.ts";

const mebibyte = 1024 * 1024;

/** Attachments by name, of so many bytes of `A`, and the loads that were asked for. */
function createAttachments(sizes: Readonly<Record<string, number>>) {
  const loads: string[] = [];
  const encode = createFileEncoder(async (attachment, version) => {
    loads.push(version === undefined ? attachment : `${attachment} ${version}`);
    const size = sizes[attachment];
    return size === undefined ? undefined : Buffer.alloc(size, attachment);
  });
  return {
    loads,
    encode: (attachment: string, version?: string) => encode({ filename: "f", attachment, version }),
  };
}

test("each version of an attachment is another content", async () => {
  const { loads, encode } = createAttachments({ a: 3 });
  for (const version of ["1", "2", undefined, "1", "2", undefined]) await encode("a", version);
  expect(loads).toEqual(["a 1", "a 2", "a"]);
});

test("an attachment that several rows ask for at once is loaded once", async () => {
  const { loads, encode } = createAttachments({ a: 3 });
  const encoded = await Promise.all([encode("a"), encode("a"), encode("a")]);
  expect(encoded.map((content) => content?.toString())).toEqual(["YWFh", "YWFh", "YWFh"]);
  expect(loads).toEqual(["a"]);
});

test("of a view into a larger memory only what it shows is encoded", async () => {
  const memory = Buffer.from("before the content after");
  const encode = createFileEncoder(async () => memory.subarray(7, 18));
  expect((await encode({ filename: "f", attachment: "a" }))?.toString()).toBe("dGhlIGNvbnRlbnQ%3D");
});

test("without anything that loads attachments there are none, but files in the list are encoded", async () => {
  const encode = createFileEncoder(undefined);
  expect(await encode({ filename: "f", attachment: "a" })).toBeUndefined();
  expect((await encode({ filename: "f", base64: "a+b/" }))?.toString()).toBe("a%2Bb%2F");
});

test("some 32 MiB of what was encoded are kept, and beyond that it begins again", async () => {
  const { loads, encode } = createAttachments({ a: 11 * mebibyte, b: 11 * mebibyte, c: 11 * mebibyte });
  // Base64 makes four bytes of three: two of them are 29 MiB.
  for (const attachment of ["a", "b", "a", "b"]) await encode(attachment);
  expect(loads).toEqual(["a", "b"]);
  await encode("c");
  for (const attachment of ["b", "a", "b", "a"]) await encode(attachment);
  expect(loads).toEqual(["a", "b", "c", "b", "a"]);
});
