import type { EnvFor, ReporterEnv, SenderEnv, SplitterEnv } from "../functions/environment.ts";
import { recipientZone } from "../shared/campaign/options.ts";
import type { ConsoleSettings } from "../shared/console/console-settings.ts";
import { type Folder, folders } from "../shared/ports/bucket-layout.ts";
import type { Rates } from "./rates.ts";
import type { Settings } from "./settings.ts";

/** The name of a private certificate authority's file in a function's bundle. */
export const caFileInBundle = "ca.pem";

/** The folder of the console's page in the reporter's bundle. */
export const pageInBundle = "page";

/** The stack's functions, by their files in `functions/`, without the ending. */
export const handlerNames = ["splitter", "sender", "reporter"] as const;
export type HandlerName = (typeof handlerNames)[number];

/** What the settings of a stack decide. */
export interface Decided {
  readonly settings: Settings;
  readonly rates: Rates;
  /** Where messages are sent. */
  readonly endpoint: string;
}

type Variables<Env> = { readonly [Name in keyof Env]?: Env[Name] | undefined };

/**
 * The environment variables that the settings decide, for each function; all others name a stack's resources. Those that
 * are `undefined` are left out.
 */
export function toldToFunctions({ settings, rates, endpoint }: Decided) {
  const common = {
    SENDS_PER_SECOND: String(settings.sendsPerSecond),
    MAX_PER_DAY: settings.maxMessagesPerDay === undefined ? undefined : String(settings.maxMessagesPerDay),
    DAY_ZONE: settings.maxMessagesPerDay === undefined ? undefined : zoneOf(settings),
    POWERTOOLS_SERVICE_NAME: settings.stackName,
  };
  const splitter = {
    ...common,
    BATCH_ROWS: String(rates.batchRows),
    VISIBILITY_SECONDS: String(rates.visibilitySeconds),
    RETAIN_DAYS: String(settings.retainDays),
    GRACE_SECONDS: String(rates.graceSeconds),
    SNUMBER: settings.snumber,
    STYPE: settings.stype,
    CUSTOMER: settings.customer,
    COUNTRY: settings.country,
    WINDOW: settings.window === undefined ? undefined : JSON.stringify(settings.window),
    APPROVAL: settings.approval === "never" ? undefined : JSON.stringify(settings.approval),
    COUNTRIES: settings.countries === undefined ? undefined : JSON.stringify(settings.countries),
    PRICES: settings.prices === undefined ? undefined : JSON.stringify(settings.prices),
    OPT_OUT: settings.optOut === undefined ? undefined : JSON.stringify(settings.optOut),
  } satisfies Variables<EnvFor<typeof SplitterEnv>>;
  const authority = settings.caFile === undefined ? undefined : `/var/task/${caFileInBundle}`;
  const sender = {
    ...common,
    ENDPOINT: endpoint,
    ANSWER_TIMEOUT_MS: String(rates.answerTimeoutMs),
    CONSUMERS: String(rates.consumers),
    CA_FILE: authority,
  } satisfies Variables<EnvFor<typeof SenderEnv>>;
  // The reporter announces missed uploads and starts passes, so it knows what the splitter knows.
  const reporter = {
    ...splitter,
    KEEP_DAYS: String(settings.keepDays),
    ENDPOINT: endpoint,
    CA_FILE: settings.optOut === undefined ? undefined : authority,
    MANUAL_URL: settings.manualUrl,
  } satisfies Variables<EnvFor<typeof ReporterEnv>>;
  return { splitter, sender, reporter };
}

/** What the console's page shows of how the stack sends; not whether it only simulates that, which no setting says. */
export const toldToPage = ({ settings }: Pick<Decided, "settings">): Omit<ConsoleSettings["sending"], "simulated"> => ({
  sendsPerSecond: settings.sendsPerSecond,
  zone: zoneOf(settings),
  country: settings.country,
  sender: settings.snumber,
  prices: settings.prices,
  countries: settings.countries,
  approval: settings.approval === "never" ? undefined : settings.approval,
  optOut: settings.optOut && { footer: settings.optOut.footer },
  maxMessagesPerDay: settings.maxMessagesPerDay,
  keepDays: settings.keepDays,
});

/** Environment variables without those that are `undefined`. */
export const present = (variables: { readonly [name: string]: string | undefined }): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** The stack's outputs that the settings decide, by key: what they say, and their values. */
export function decidedOutputs({ settings, rates, endpoint }: Decided): {
  readonly [key: string]: readonly [description: string, value: string];
} {
  return {
    Endpoint: ["Where messages are sent.", endpoint],
    SendsPerSecond: ["The account's maximum rate, in calls per second.", String(settings.sendsPerSecond)],
    ...(settings.maxMessagesPerDay === undefined
      ? {}
      : { MaxMessagesPerDay: ["The most messages of a day.", String(settings.maxMessagesPerDay)] }),
    ...(settings.optOut === undefined
      ? {}
      : { OptOut: ["How replies are read, as JSON.", JSON.stringify(settings.optOut)] }),
    KeepDays: ["How long lists and reports are kept, in days.", String(settings.keepDays)],
    BatchRows: ["Rows per batch.", String(rates.batchRows)],
    VisibilitySeconds: ["Visibility time-out of the batches queue, in seconds.", String(rates.visibilitySeconds)],
  };
}

/** When objects of the bucket expire. */
export interface Expiry {
  /** The lifecycle rule's id. */
  readonly id: string;
  /** Absent: all objects. */
  readonly prefix?: Folder;
  /** Days after which an object expires; absent: never. */
  readonly days?: number;
  /** Days after which a version is removed that was replaced, deleted or has expired. */
  readonly noncurrentDays: number;
}

/** Days between the last day on which the reporter may read a plan and its expiry, so that the two never race. */
const workSlackDays = 7;

/** How long what was replaced, deleted or has expired can be brought back, in days. */
const undoDays = 7;

/** What people's data is in, apart from suppression lists, which protect people and are kept. */
const forgotten = [folders.campaigns, folders.check, folders.attachments, folders.reports] as const;

/** The bucket's lifecycle, as the settings decide it. */
export function expiries({ keepDays, retainDays }: Pick<Settings, "keepDays" | "retainDays">): readonly Expiry[] {
  // Attachments are read while their campaign is sent: those uploaded with it stay as long as it may take.
  const daysKept = (folder: Folder) =>
    folder === folders.attachments ? Math.max(keepDays, retainDays + workSlackDays) : keepDays;
  return [
    { id: "work-is-short-lived", prefix: folders.work, days: retainDays + workSlackDays, noncurrentDays: 1 },
    ...forgotten.map((prefix) => ({
      id: `forget-${prefix.slice(0, -1)}`,
      prefix,
      days: daysKept(prefix),
      noncurrentDays: undoDays,
    })),
    { id: "old-versions", noncurrentDays: keepDays },
  ];
}

/** The stack's zone, in which the calls of a day are counted: its window's, unless that is each recipient's own. */
const zoneOf = ({ window }: Settings): string | undefined =>
  window === undefined || window.timezone === recipientZone ? undefined : window.timezone;
