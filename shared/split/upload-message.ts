import * as z from "zod";
import { readJson } from "../read-json.ts";

/** An upload to look at: an object's key (decoded) and version, and who put it there. */
export interface Announcement {
  readonly key: string;
  readonly version: string | undefined;
  readonly by: string;
  /** When S3 had the whole object, epoch milliseconds; `undefined` for one that was found without an event. */
  readonly at: number | undefined;
}

/** S3's event notification. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
const S3Event = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      eventTime: z.string().optional(),
      userIdentity: z.object({ principalId: z.string() }).optional(),
      s3: z.object({ object: z.object({ key: z.string(), versionId: z.string().optional() }) }),
    }),
  ),
});

/** What S3 sends when a notification is set up. */
const TestEvent = z.object({ Event: z.literal("s3:TestEvent") });

/** What the reporter sends about an upload whose event was lost. */
const MissedUpload = z.object({ kind: z.literal("found"), key: z.string(), version: z.string() });

/** The message about an upload that was found by listing the bucket. */
export const missedUploadMessage = (key: string, version: string): string =>
  JSON.stringify({ kind: "found", key, version } satisfies z.infer<typeof MissedUpload>);

/** Who uploaded what the event does not say it of, and what was found without an event. */
const unknown = { event: "unknown", listing: "unknown (found by listing)" } as const;

/** Whether S3 said who it was. */
export const isKnownUploader = (by: string): boolean => by !== unknown.event && by !== unknown.listing;

/** Reads a message of the uploads queue; `undefined` when it has none of the known forms. */
export function readUploadMessage(body: string): readonly Announcement[] | undefined {
  const parsed = z.union([S3Event, TestEvent, MissedUpload]).safeParse(readJson(body));
  if (!parsed.success) return undefined;
  const message = parsed.data;
  if ("Event" in message) return [];
  if ("kind" in message) return [{ key: message.key, version: message.version, by: unknown.listing, at: undefined }];
  return message.Records.filter(({ eventName }) => eventName.startsWith("ObjectCreated:")).flatMap(
    ({ s3, userIdentity, eventTime }) => {
      const key = decodeKey(s3.object.key);
      const by = userIdentity?.principalId ?? unknown.event;
      const at = Date.parse(eventTime ?? "");
      return key === undefined
        ? []
        : [{ key, version: s3.object.versionId, by, at: Number.isNaN(at) ? undefined : at }];
    },
  );
}

/** Keys in events are form-encoded: a space is a plus. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
