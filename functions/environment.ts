import * as z from "zod";
import type { DayLimit } from "../shared/account/day-limit.ts";
import { ApprovalRule } from "../shared/campaign/approval-rule.ts";
import { type Defaults, recipientZone, Window } from "../shared/campaign/options.ts";
import { Prices } from "../shared/campaign/prices.ts";
import type { ConsoleSettings } from "../shared/console/console-settings.ts";
import type { PublishPageDeps } from "../shared/console/publish-page.ts";
import type { ListTexts, ListTextsOptions } from "../shared/enswitch/list-texts.ts";
import { OptOutSetting } from "../shared/opt-outs/opt-out-setting.ts";
import { jsonOf } from "../shared/read-json.ts";
import type { ReporterDeps } from "../shared/reconcile/reporter.ts";

const optional = z.string().min(1).optional();
const number = z.coerce.number().positive();

/** What every function is told about the stack. */
const Common = z.object({
  TABLE: z.string().min(1),
  BUCKET: z.string().min(1),
  BATCHES_QUEUE_URL: z.url(),
  NUDGES_QUEUE_URL: z.url(),
  /** The stack's `sendsPerSecond`: the ceiling of the account's rate. */
  SENDS_PER_SECOND: number,
  /** The stack's `maxMessagesPerDay`, and the time zone of its days. */
  MAX_PER_DAY: number.int().optional(),
  DAY_ZONE: optional,
  /** The stack's name: what its metrics and log lines are told apart by. */
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
});

/** Environment of the splitter (and of the reporter, for the feed they share). */
export const SplitterEnv = Common.extend({
  /** Rows per batch, from the rate arithmetic. */
  BATCH_ROWS: z.coerce.number().int().min(1).max(25),
  /** Visibility time-out of the batches queue in seconds: the measure of "stalled". */
  VISIBILITY_SECONDS: number,
  RETAIN_DAYS: number,
  /** How long an upload waits that may lack its options or its list. */
  GRACE_SECONDS: z.coerce.number().int().nonnegative(),
  UPLOADS_QUEUE_URL: z.url(),
  SNUMBER: optional,
  STYPE: z.enum(["", "phone"]).optional(),
  CUSTOMER: optional,
  COUNTRY: optional,
  WINDOW: jsonOf(Window).optional(),
  /** Which campaigns wait for a second person; absent: none. */
  APPROVAL: jsonOf(ApprovalRule).optional(),
  PRICES: jsonOf(Prices).optional(),
  COUNTRIES: jsonOf(z.array(z.string()).min(1)).optional(),
  /** Whether and how replies are read; absent: they are not. */
  OPT_OUT: jsonOf(OptOutSetting).optional(),
  /** SNS topic for mails to people. */
  TOPIC_ARN: optional,
  /** Set by the local cloud where everything goes to the built-in simulator; never in a template. */
  SIMULATED: z.literal("true").optional(),
});

/** Environment of the sender. */
export const SenderEnv = Common.extend({
  ENDPOINT: z.url(),
  SECRET_ARN: z.string().min(1),
  ANSWER_TIMEOUT_MS: number,
  /** How many executions may run at once, from the rate arithmetic. */
  CONSUMERS: number,
  /** Set by the local cloud, where a write costs nothing: how often outcomes are noted; never in a template. */
  NOTE_EVERY_MS: number.optional(),
  /** Set by the local cloud, where a function has more than a share of a processor: the fastest that one execution sends, calls per second; never in a template. */
  LANE_RATE: number.optional(),
  /** Set by the local cloud, where an invocation costs nothing: when a row is tried again that missed its slot while another execution sends; never in a template. */
  AFTER_OTHERS_MS: number.optional(),
  /** Set by Lambda, never in a template: how the environment came to be. Other values may be added. */
  AWS_LAMBDA_INITIALIZATION_TYPE: optional,
  /** Path of a PEM file with a private certificate authority, inside the function's bundle. */
  CA_FILE: optional,
});

/** Where the console's page is, and where people sign in to it. */
const ConsolePlace = z.object({
  /** The folder of the page's files in the reporter's bundle, as an absolute path. */
  files: z.string().min(1),
  /** The bucket that the page is served from. */
  bucket: z.string().min(1),
  /** The stack's region. */
  region: z.string().min(1),
  /** As the page's settings have it. */
  pool: z.object({
    issuer: z.string().min(1),
    clientId: z.string().min(1),
    domain: z.string().min(1),
    userPoolId: z.string().min(1),
    identityPoolId: z.string().min(1),
  }),
});
export type ConsolePlace = z.infer<typeof ConsolePlace>;

/** Environment of the reporter. */
export const ReporterEnv = SplitterEnv.extend({
  /** After so many days lists and reports have expired. */
  KEEP_DAYS: number,
  /** Where people read docs/operations.md. */
  MANUAL_URL: z.url().optional(),
  SECRET_ARN: z.string().min(1),
  ENDPOINT: z.url(),
  /** Path of a PEM file with a private certificate authority, inside the function's bundle. */
  CA_FILE: optional,
  /** The console's page, as JSON, where the stack has one. */
  CONSOLE: jsonOf(ConsolePlace).optional(),
  /** Set by Lambda itself, which refuses a template that sets it: where the stack is. */
  AWS_REGION: optional,
  /** Set by the local cloud: where its data is, as an absolute path; never in a template. */
  DATA_DIRECTORY: optional,
});

/** What the stack's settings say where rows and options say nothing. */
export const defaultsOf = (env: z.output<typeof SplitterEnv>): Defaults => ({
  snumber: env.SNUMBER,
  stype: env.STYPE,
  customer: env.CUSTOMER,
  country: env.COUNTRY,
  window: env.WINDOW,
  countries: env.COUNTRIES,
  prices: env.PRICES,
  optOut: footerOf(env.OPT_OUT),
});

/** How the reporter reads replies, where the stack wants it; `connect` makes what asks the phone system for them. */
export const optOutOf = (
  { OPT_OUT, SNUMBER, CUSTOMER, COUNTRY }: z.output<typeof ReporterEnv>,
  connect: (asked: Pick<ListTextsOptions, "customer" | "numberField">) => ListTexts,
): ReporterDeps["optOut"] =>
  OPT_OUT && {
    listTexts: connect({ customer: CUSTOMER, numberField: OPT_OUT.numberField ?? "snumber" }),
    words: OPT_OUT.words,
    country: COUNTRY,
    ownNumbers: [...(SNUMBER === undefined ? [] : [SNUMBER]), ...(OPT_OUT.ownNumbers ?? [])],
  };

/** What `optOut` says about the texts that are sent. */
export const footerOf = (optOut: OptOutSetting | undefined): Defaults["optOut"] =>
  optOut?.footer === undefined ? undefined : { footer: optOut.footer, words: optOut.words };

/** What the reporter publishes the console's page with, where the stack has one; `connect` reaches its bucket and its files. */
export const consolePageOf = (
  env: z.output<typeof ReporterEnv>,
  connect: (place: ConsolePlace) => Pick<PublishPageDeps, "pages" | "built">,
): ReporterDeps["page"] =>
  env.CONSOLE && {
    ...connect(env.CONSOLE),
    settings: {
      stackName: env.POWERTOOLS_SERVICE_NAME,
      region: env.CONSOLE.region,
      bucket: env.BUCKET,
      table: env.TABLE,
      nudges: env.NUDGES_QUEUE_URL,
      signIn: { kind: "pool", ...env.CONSOLE.pool },
      sending: sendingOf(env),
    },
  };

/** What the page shows of how the stack sends; on AWS it never only simulates it. */
const sendingOf = (env: z.output<typeof ReporterEnv>): ConsoleSettings["sending"] => ({
  sendsPerSecond: env.SENDS_PER_SECOND,
  zone: zoneOf(env.WINDOW),
  country: env.COUNTRY,
  sender: env.SNUMBER,
  prices: env.PRICES,
  countries: env.COUNTRIES,
  approval: env.APPROVAL,
  optOut: env.OPT_OUT && { footer: env.OPT_OUT.footer },
  maxMessagesPerDay: env.MAX_PER_DAY,
  keepDays: env.KEEP_DAYS,
  simulated: false,
});

/** The zone of a window; none where each recipient's own counts. */
const zoneOf = (window: Defaults["window"]): string | undefined =>
  window === undefined || window.timezone === recipientZone ? undefined : window.timezone;

/** What names the stack in a command, as words. */
export function targetOf(env: z.output<typeof ReporterEnv>): readonly string[] {
  const { DATA_DIRECTORY: directory, AWS_REGION: region, POWERTOOLS_SERVICE_NAME: name } = env;
  if (directory !== undefined) return ["--data", directory];
  return ["--stack", name, ...(region === undefined ? [] : ["--region", region])];
}

/** The stack's limit of calls a day, where it has one. */
export const dayLimitOf = ({ MAX_PER_DAY, DAY_ZONE }: z.output<typeof Common>): DayLimit | undefined =>
  MAX_PER_DAY === undefined ? undefined : { calls: MAX_PER_DAY, timezone: DAY_ZONE ?? "UTC" };

/** The variables a function's environment schema asks for, so that `tsc` checks a construct against it. */
export type EnvFor<Schema extends z.ZodType> = {
  [Name in keyof z.input<Schema>]: undefined extends z.input<Schema>[Name] ? string | undefined : string;
};
