import { SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, test } from "vitest";
import { createMails, mailSubject } from "../../shared/aws/topic.ts";
import { startServer } from "./emulators.ts";

/** What SNS was asked to publish, in order. */
async function startTopic() {
  const published: Record<string, string>[] = [];
  const server = await startServer(async (request, response) => {
    const form = new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString());
    published.push(Object.fromEntries(form));
    response.end("<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
  });
  return { published, ...server };
}

describe("a mail", () => {
  test("goes to the topic with a subject that SNS accepts and its text as it is", async () => {
    await using topic = await startTopic();
    const mail = createMails(new SNSClient(topic.settings), "arn:aws:sns:eu-west-1:123456789012:mails");
    await mail("Frühling\nis paused", "Grüße 👋\nline two");
    expect(topic.published).toMatchObject([
      {
        Action: "Publish",
        TopicArn: "arn:aws:sns:eu-west-1:123456789012:mails",
        Subject: "Frühling is paused",
        Message: "Grüße 👋\nline two",
      },
    ]);
  });

  test("shows the hidden characters of names and answers in place of having them", async () => {
    await using topic = await startTopic();
    await createMails(new SNSClient(topic.settings), "arn:aws:sns:eu-west-1:1:t")(
      "paused",
      "a\u009b31m\u0085\u202eb\nc",
    );
    expect(topic.published[0]?.["Message"]).toBe("a(U+009B)31m(U+0085)(U+202E)b\nc");
  });

  test("of more than 256 KiB is cut between characters", async () => {
    await using topic = await startTopic();
    await createMails(new SNSClient(topic.settings), "arn:aws:sns:eu-west-1:1:t")("long", `x${"é".repeat(200_000)}`);
    const message = topic.published[0]?.["Message"] ?? "";
    expect(Buffer.byteLength(message)).toBe(262_143);
    expect(message).toMatch(/^xé+$/);
  });

  test("goes nowhere without a topic", async () => {
    await using topic = await startTopic();
    await createMails(new SNSClient(topic.settings))("subject", "text");
    expect(topic.published).toEqual([]);
  });
});

test.each([
  ["Campaign spring is complete", "Campaign spring is complete"],
  ["  two\r\nlines\tand\u0000 a bell\u0007 ", "two lines and a bell"],
  ["Grüße aus Łódź – „naïve“", "Grüße aus Łódź – „naïve“"],
  ["春の知らせ 👋", "春の知らせ 👋"],
  ["Fru\u0308hling\u2028is\u0085paused", "Frühling is paused"],
  ["\u202egnirps\u202c is \ud800 paused", "gnirps is \ufffd paused"],
  ["", "Bulk send"],
  [" \n ", "Bulk send"],
  ["x".repeat(99), "x".repeat(99)],
  ["x".repeat(100), `${"x".repeat(96)}...`],
  ["é".repeat(100), `${"é".repeat(96)}...`],
  ["👋".repeat(50), `${"👋".repeat(48)}...`],
  [`${"x".repeat(95)}👩‍👩‍👧 and more`, `${"x".repeat(95)}...`],
])("the subject %j becomes %j", (subject, expected) => {
  expect(mailSubject(subject)).toBe(expected);
});
