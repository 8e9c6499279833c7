import { randomUUID } from "node:crypto";
import * as z from "zod";
import { jsonOf } from "../../../shared/read-json.ts";
import type { Service } from "../gateway/call.ts";
import { notAuthorized, parseJsonObject, sendJson, sendJsonError, targetOf } from "../gateway/message-bodies.ts";
import { accountId, region } from "../template/resources.ts";

/** An event that the default bus has accepted. */
export interface AcceptedEvent {
  readonly source: string;
  readonly detailType: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

const PutEntry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  /** Seconds since 1970. */
  Time: z.number().optional(),
});
type PutEntry = z.infer<typeof PutEntry>;

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const PutEvents = z.object({ Entries: z.array(PutEntry).min(1).max(10) });

/** The largest entry: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
const maximumBytes = 256 * 1024;

const defaultBus = `arn:aws:events:${region}:${accountId}:event-bus/default`;

/** EventBridge, but only its default bus without any rule: it hands what it accepts to `onEvent`, in order. */
export function createEventBridge(onEvent: (event: AcceptedEvent) => void): Service {
  return async (call) => {
    const operation = targetOf(call.request);
    call.count(operation);
    const parsed = PutEvents.safeParse(parseJsonObject(await call.body()));
    if (operation !== "PutEvents" || !parsed.success) {
      const message = "The embedded cloud's EventBridge knows PutEvents with 1 to 10 entries.";
      return sendJsonError(call.response, 400, "ValidationException", message);
    }
    const { Entries: entries } = parsed.data;
    for (const { Source: source = "", DetailType: type = "", EventBusName: bus } of entries) {
      const arn = bus === undefined || bus === "default" ? defaultBus : bus;
      if (!call.allows("events:PutEvents", arn, { "events:source": [source], "events:detail-type": [type] })) {
        const message = notAuthorized(call.principal, "events:PutEvents", arn);
        return sendJsonError(call.response, 400, "AccessDeniedException", message);
      }
    }
    const results = entries.map((entry) => {
      const event = readEntry(entry);
      if (typeof event === "string") return { ErrorCode: event, ErrorMessage: "The entry is not valid." };
      onEvent(event);
      return { EventId: randomUUID() };
    });
    sendJson(call.response, 200, {
      FailedEntryCount: results.filter((result) => "ErrorCode" in result).length,
      Entries: results,
    });
  };
}

const Detail = jsonOf(z.record(z.string(), z.unknown()));

/** The event of an entry, or the code of the error with which EventBridge refuses it. */
function readEntry(entry: PutEntry): AcceptedEvent | string {
  const { Source: source = "", DetailType: detailType = "", Detail: text = "", EventBusName: bus, Time: time } = entry;
  if (source === "" || detailType === "" || text === "") return "InvalidArgument";
  if (bus !== undefined && bus !== "default" && bus !== defaultBus) return "InvalidArgument";
  if (Buffer.byteLength(source + detailType + text) > maximumBytes) return "InvalidArgument";
  const detail = Detail.safeParse(text);
  if (!detail.success) return "MalformedDetail";
  return { source, detailType, at: time === undefined ? Date.now() : Math.round(time * 1000), detail: detail.data };
}
