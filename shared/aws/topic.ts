import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Mail } from "../ports/mail.ts";

/** SNS's limits: subjects are ASCII, below 100 characters; texts at most 256 KiB. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const limits = { subject: 99, textBytes: 262_144 } as const;

/** Sends mails through an SNS topic; without a topic (no address was configured) they are dropped. */
export function createMails(client: SNSClient, topicArn?: string): Mail {
  if (topicArn === undefined) return async () => {};
  return async (subject, text) => {
    await client.send(
      new PublishCommand({ TopicArn: topicArn, Subject: mailSubject(subject), Message: mailText(text) }),
    );
  };
}

/** A subject as SNS accepts it: ASCII (accents dropped, other characters "?"), one line, at most 99 characters. */
export function mailSubject(subject: string): string {
  const ascii = subject
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[‐-―−]/g, "-")
    .replace(/[‘’‚]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/ß/g, "ss")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[^ -~]/gu, "?")
    .trim();
  if (ascii === "") return "Bulk send";
  return ascii.length <= limits.subject ? ascii : `${ascii.slice(0, limits.subject - 3).trimEnd()}...`;
}

/** A text as SNS accepts it: not empty, and cut to 256 KiB of whole characters. */
function mailText(text: string): string {
  if (text === "") return "(no text)";
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= limits.textBytes) return text;
  // A character cut in two decodes to U+FFFD, which is dropped.
  return bytes
    .subarray(0, limits.textBytes)
    .toString()
    .replace(/\uFFFD$/, "");
}
