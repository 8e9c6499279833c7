import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { showHidden } from "../hidden-characters.ts";
import type { Mail } from "../ports/mail.ts";

/** SNS's limits: subjects are one line without control characters, below 100 characters; texts at most 256 KiB. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
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

const ellipsis = "...";
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * A subject as SNS accepts it: one line without control characters, at most 99 UTF-16 units long and never cut inside of
 * a character. Marks that reverse the direction of writing are dropped, because with them a name could pass for another.
 */
export function mailSubject(subject: string): string {
  const line = subject
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  if (line === "") return "Bulk send";
  if (line.length <= limits.subject) return line;
  let kept = "";
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length + segment.length > limits.subject - ellipsis.length) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${ellipsis}`;
}

/** A text as SNS accepts it: not empty, without hidden characters, and cut to 256 KiB of whole characters. */
function mailText(mail: string): string {
  if (mail === "") return "(no text)";
  const text = showHidden(mail, (code) => `(U+${code})`);
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= limits.textBytes) return text;
  // A character cut in two decodes to U+FFFD, which is dropped.
  return bytes
    .subarray(0, limits.textBytes)
    .toString()
    .replace(/\uFFFD$/, "");
}
