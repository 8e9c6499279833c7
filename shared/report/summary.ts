import * as z from "zod";
import { PauseCode } from "../account/pause.ts";
import { EndReason, HistoryEntry, RowStatus } from "../campaign/campaign.ts";
import { Defaults, Options } from "../campaign/options.ts";
import { Cost } from "../campaign/prices.ts";
import { ZoneGroup } from "../campaign/recipient-hours.ts";
import { ListWarning } from "../plan/head.ts";

/** The version of the format of `summary.json`. A change that breaks readers increments it. */
export const summaryVersion = 1;

const count = z.int().nonnegative();
const instant = z.iso.datetime();

/** What a campaign is doing, or how it ended. */
export const SummaryState = z.enum([
  "running",
  /** Nothing is being sent; it continues by itself. */
  "waiting",
  /** Nothing is sent until someone acts. */
  "paused",
  /** Over; the last answers are still to come and the report is being written. */
  "ending",
  "complete",
  /** The upload was refused as a whole; nothing was sent. */
  "refused",
  /** The file was only checked; nothing was sent. */
  "checked",
]);
export type SummaryState = z.infer<typeof SummaryState>;

/** A message as it will read. */
const ShownMessage = z.object({
  row: z.int().positive(),
  line: z.int().positive().optional().describe("The line in which a spreadsheet shows the row."),
  cnumber: z.string(),
  message: z.string(),
  snumber: z.string(),
  segments: count.optional(),
});

/** What a check says about the list besides its figures. */
const CheckedList = z.object({
  list: z.string().describe("The version of the list that was judged."),
  options: z.string().optional().describe("The version of its options; missing where there are none."),
  lacks: z
    .array(z.enum(["cnumber", "message", "snumber"]))
    .optional()
    .describe("What neither list nor options give, where that is why it is refused; the options could."),
  columns: z
    .array(z.object({ name: z.string(), meaning: z.string() }))
    .optional()
    .describe("The columns, and what each is taken for; missing where the list was not understood."),
  rows: z
    .array(z.object({ line: z.int().positive(), cells: z.array(z.string()) }))
    .optional()
    .describe("The first rows, and those with the longest cells, by which a text can be tried."),
  longest: ShownMessage.optional().describe("The message of most segments, the first of them."),
  planned: count
    .optional()
    .describe(
      "The messages by whose number it is decided whether it would wait for approval: those to be sent, and those to people whom suppression lists leave out for now.",
    ),
});
export type CheckedList = z.infer<typeof CheckedList>;

/** `reports/<name>/summary.json`: a campaign in figures and in words, while it runs and when it is over. */
export const Summary = z
  .object({
    schemaVersion: z.literal(summaryVersion),
    name: z.string(),
    state: SummaryState,
    stateText: z.string().describe("The state in one sentence for a person."),
    simulated: z
      .literal(true)
      .optional()
      .describe("Set where everything went to the built-in simulator: no message left the machine."),
    reason: z.string().optional().describe("Why it is waiting or paused, ended early or was refused."),
    pause: z.object({ code: PauseCode, at: instant, by: z.string().optional() }).optional(),
    rows: count.describe("Data rows of the file."),
    counts: z
      .record(RowStatus, count)
      .describe("Rows by status. When complete they add up to rows; before that they are close, but not exact."),
    remaining: count.describe("Rows that may still be sent."),
    zones: z
      .array(
        ZoneGroup.extend({
          zones: z.array(z.string()).describe("IANA names of all zones that these recipients may be in."),
          opensAt: instant.optional().describe("When their hours begin next; missing when they have begun."),
          closesAt: instant.optional().describe("When the hours end that have begun or begin next."),
          doneAt: instant.optional().describe("When the last of them will be sent if nothing delays it."),
          late: count.optional().describe("Rows that are not sent before the campaign ends, if nothing changes."),
        }),
      )
      .optional()
      .describe("Where hours are by the recipients' clocks: the rows to be sent, by the recipients' time zones."),
    segments: z
      .object({
        total: count,
        distribution: z.record(z.string(), count).describe("Messages by their number of segments."),
      })
      .describe("When complete: of the messages accepted. Before that: of all messages to be sent."),
    cost: z
      .object({
        currency: z.string().describe("ISO 4217."),
        estimated: Cost.describe("Of all messages to be sent, as the list was judged."),
        submitted: Cost.optional().describe("When complete: of the messages accepted."),
      })
      .optional()
      .describe("What it costs by the stack's prices of that time; missing where it had none."),
    unicode: z
      .object({ rows: count, causes: z.array(z.object({ character: z.string(), rows: count })) })
      .optional()
      .describe("Messages to be sent that hold only 70 characters per segment, and the characters that cause it."),
    footer: z
      .object({ text: z.string(), messages: count })
      .optional()
      .describe("The sentence that was put under messages which name no way to stop (optOut.footer), and how many."),
    optedOut: count
      .optional()
      .describe(
        "People who opted out while the campaign was under way, whoever texted them; missing where replies are not read.",
      ),
    repliesReadUntil: instant
      .optional()
      .describe("When complete: opt-outs after this are not counted, as replies could not be read up to the end."),
    seconds: z.number().nonnegative().optional().describe("For a check: how long sending takes at the rate set."),
    startedAt: instant.optional().describe("First call; until the campaign is over, the upload."),
    endedAt: instant.optional().describe("Last call; for a check or a refusal, when it was judged."),
    estimatedEndAt: instant.optional().describe("When the last row will be sent if nothing delays it."),
    waitsUntil: instant.optional().describe("When sending continues by itself."),
    endpointSilentSince: instant.optional().describe("Since when the endpoint has not been answering properly."),
    ended: EndReason.optional(),
    calls: count
      .optional()
      .describe(
        "Calls to Enswitch, including repeated ones: the sum of send_attempts. Of a row in doubt because its sender was killed, the call counts that may have been made; nobody knows whether it was.",
      ),
    rate: z.object({
      set: z.number().nonnegative().optional().describe("Calls per second that the account may make."),
      reached: z.number().nonnegative().optional().describe("Calls per second while there were calls."),
    }),
    answerMs: z
      .object({ median: z.number(), p95: z.number(), p99: z.number() })
      .optional()
      .describe("How long Enswitch took to answer, in milliseconds."),
    uploadedBy: z.string().optional(),
    approval: z
      .object({
        plan: z.string().describe("The plan that is to be approved."),
        by: z.string().optional().describe("Who approved it; absent while it waits."),
        at: instant.optional(),
      })
      .optional()
      .describe("Where somebody else than the uploader has to approve it before anything is sent."),
    recipients: z
      .array(
        z.object({
          country: z.string().describe("ISO code; empty where it cannot be told."),
          messages: count,
          segments: count,
        }),
      )
      .optional()
      .describe("While it waits for approval: messages to be sent, by country."),
    countedAt: z.iso
      .datetime()
      .optional()
      .describe(
        "While it waits for approval: when its figures were counted. Who was on a suppression list then, or had opted out, is among the skipped rows.",
      ),
    history: z
      .array(HistoryEntry.extend({ at: instant }))
      .describe("Who uploaded, paused, resumed or cancelled it, or changed the rate, and when."),
    options: Options.describe("The campaign's own options."),
    defaults: Defaults.describe("The stack's settings, used where the options say nothing."),
    dialect: z
      .object({
        encoding: z.string(),
        guessed: z.boolean(),
        delimiter: z.string(),
        samples: z.array(z.string()).describe("Cells whose letters depend on a guessed encoding."),
        sheet: z.string().optional().describe("The sheet that was read, where the list is a workbook."),
      })
      .optional(),
    problems: z
      .array(
        z.object({
          status: RowStatus,
          code: z.int().optional(),
          key: z.string().optional(),
          reason: z.string(),
          count,
          rows: z.array(z.int().positive()).describe("The first rows, numbered from 1 below the header."),
          lines: z.array(z.int().positive()).optional().describe("The lines in which a spreadsheet shows those rows."),
          examples: z.array(z.string()).optional(),
        }),
      )
      .describe("Why rows were not sent or are in doubt."),
    warnings: z
      .array(ListWarning)
      .optional()
      .describe("What a person should look at: how the list was read where that was in doubt, and likely oversights."),
    ignoredUploads: z.array(z.object({ version: z.string(), reason: z.string() })),
    messages: z
      .array(ShownMessage)
      .optional()
      .describe("For a check, or while it waits for approval: the first messages as they will read."),
    checked: CheckedList.optional().describe(
      "For a check: what was judged, and what of the list a text can be tried on.",
    ),
    files: z.array(z.object({ name: z.string(), holds: z.string() })),
    nextSteps: z.array(z.string()).describe("What to do next, by file name."),
    updatedAt: instant,
  })
  .meta({ title: "summary.json", description: "A bulk-send campaign in figures and in words." });
export type Summary = z.infer<typeof Summary>;

/** Recipients in the same zones, as a summary shows them. */
export type SummaryZones = NonNullable<Summary["zones"]>[number];
