import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { rateLimits } from "../shared/account/rate-limits.ts";
import { ApprovalRule } from "../shared/campaign/approval-rule.ts";
import { GivenWindow, Options } from "../shared/campaign/options.ts";
import { highestPrice, isExactPrice, Prices } from "../shared/campaign/prices.ts";
import { countryNamed } from "../shared/csv/country-names.ts";
import { EndpointError, parseEndpoint } from "../shared/enswitch/endpoint.ts";
import { editDistance } from "../shared/near-name.ts";
import { planOf } from "../shared/numbering-plan.ts";
import { OptOutSetting } from "../shared/opt-outs/opt-out-setting.ts";
import { readJson } from "../shared/read-json.ts";
import { quoted } from "../shared/shorten.ts";

/** Most characters of `prices`: a function's environment has room for 4 KB in all. */
const pricesLimit = 2_000;

const vpcIds = (prefix: string) =>
  z.array(z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`))).min(1);

/** The settings that a stack's owner decides on: the `context` of `cdk.json`, or `-c name=value`. */
const Settings = z.object({
  /** The prefix of the Enswitch API's functions; required by synth and deploy. */
  endpoint: z
    .string()
    .refine((text) => endpointProblem(text) === undefined)
    .transform(withoutTrailingSlash)
    .optional(),
  /** Calls per second, of the whole Enswitch account. */
  sendsPerSecond: numeric(z.number().min(rateLimits.min).max(rateLimits.max)).default(10),
  /** Calls of one day in the zone of `window`, else of UTC; never exceeded. */
  maxMessagesPerDay: numeric(z.int().min(1).max(1_000_000_000)).optional(),
  snumber: digitsOrText().optional(),
  stype: Options.shape.stype,
  customer: Options.shape.customer,
  country: z
    .string()
    .refine((code) => planOf(code) !== undefined)
    .optional(),
  window: structured(GivenWindow).optional(),
  /** The only countries that may be texted; all others' rows are invalid. */
  countries: structured(z.array(z.string().refine((code) => planOf(code) !== undefined)).min(1)).optional(),
  /** What a segment costs, by country; shown wherever a campaign's figures are. */
  prices: structured(Prices.refine(isPriceList)).optional(),
  /** The address that gets mail when a campaign is over or something needs a person. */
  notifyEmail: z.email().optional(),
  /** Which campaigns wait for a second person: none, all, or those with more rows to send than this. */
  approval: structured(ApprovalRule).default("never"),
  /** Whether and how replies are read for people who want no more texts. */
  optOut: structured(OptOutSetting).optional(),
  /** How long lists, checks, attachments and reports are kept, in days. */
  keepDays: numeric(z.int().min(1).max(3650)).default(90),
  /** How long a campaign may take, in days. */
  retainDays: numeric(z.int().min(1).max(3650)).default(90),
  /** Whether the stack has a CloudWatch dashboard. */
  dashboard: onOff().default(true),
  /** Whether the stack has a page for people who have no terminal. */
  console: onOff().default(false),
  /** Whether its people need an authenticator app to sign in. */
  consoleMfa: z.enum(["optional", "required"]).default("optional"),
  /** The beginning of its login pages' address, which nobody else in the region may have; made up without it. */
  consoleDomain: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/)
    .refine((prefix) => !/aws|amazon|cognito/.test(prefix))
    .optional(),
  /** Where people read docs/operations.md: alarms, mails and pages lead to its entries. */
  manualUrl: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[#@\s]/u.test(url) && url.length <= 500)
    .optional(),
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/)
    .default("BulkSend"),
  /** Where the sender runs when Enswitch is reached through a VPC. `vpcId` is only a note; nothing is looked up. */
  vpc: structured(
    z.strictObject({ vpcId: z.string().optional(), subnetIds: vpcIds("subnet"), securityGroupIds: vpcIds("sg") }),
  ).optional(),
  /** Path of a private certificate authority's PEM file, relative to the directory of cdk.json; absolute once read. */
  caFile: z
    .string()
    .refine(isCertificateFile)
    .transform((path) => resolve(path))
    .optional(),
});
export type Settings = z.output<typeof Settings>;
type Name = keyof Settings;

/** How the sentence "<setting> is <value>, but must be …" ends. */
const must: { readonly [name in Name]: string } = {
  endpoint: 'the whole prefix of the API, such as "https://pbx.example.com/api/json"',
  sendsPerSecond: `a number from ${rateLimits.min} to ${rateLimits.max}`,
  maxMessagesPerDay: "a whole number from 1 to 1000000000",
  snumber: "a sender's number or name",
  stype: '"phone" or empty',
  customer: "a customer's id in digits",
  country: 'an ISO country code such as "GB"',
  window:
    'such as {"days":["mon"],"from":"09:00","to":"20:00","timezone":"Europe/London"}; "hours" only for days that are in "days", and "timezone" by a place, not "EST" or "Etc/GMT+2"',
  countries: 'a list of ISO country codes such as ["GB","IE"]',
  prices: `such as {"currency":"GBP","perSegment":{"GB":0.04,"FR":0.07,"default":0.12}}: an ISO currency, ISO countries, prices from 0 to ${highestPrice} with at most six decimals; ${pricesLimit} characters at most`,
  notifyEmail: "an e-mail address",
  approval: '"never", "always", or the number of rows above which a campaign waits, such as 1000',
  optOut:
    'true, or such as {"footer":"Reply STOP to stop"}, with "words", "footer" (160 characters at most, which name one of the words), "numberField" and "ownNumbers" as they are needed; START, UNSTOP and YES cannot be among the words',
  keepDays: "a whole number of days from 1 to 3650",
  retainDays: "a whole number of days from 1 to 3650",
  dashboard: "true or false",
  console: "true or false",
  consoleMfa: '"optional" or "required"',
  consoleDomain:
    'the beginning of an address, such as "example-bulk-send": lower-case letters, digits and hyphens, at most 63, without "aws", "amazon" and "cognito"',
  manualUrl:
    'the address at which people read docs/operations.md, such as "https://wiki.example.com/bulk-send", without a part that begins with "#", or a password',
  stackName: "letters, digits and hyphens, beginning with a letter, at most 100",
  vpc: 'such as {"subnetIds":["subnet-0123456789abcdef0"],"securityGroupIds":["sg-0123456789abcdef0"]}',
  caFile: "the path of a readable PEM file with a certificate",
};

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(Settings.shape);

/** A setting that is missing or wrong, and what is wrong with it. */
export interface SettingProblem {
  readonly setting: string;
  readonly sentence: string;
}

/**
 * Reads the settings from a CDK context, where `-c` leaves strings and an empty string means "not set".
 * Whatever is missing or wrong becomes a problem with one sentence, and its default stands in: commands that need no
 * settings still work, while synth and deploy report the problems.
 */
export function readSettings(context: { readonly [name: string]: unknown }): {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
} {
  const given = Object.fromEntries(
    settingNames.map((name) => [name, context[name]]).filter(([, value]) => value !== undefined && value !== ""),
  );
  const wrong = wrongNames(given);
  const valid = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
  return {
    settings: Settings.parse(valid),
    problems: [
      ...(given["endpoint"] === undefined ? [missingEndpoint] : []),
      ...Object.entries(must)
        .filter(([setting]) => wrong.has(setting))
        .map(([setting, words]) => ({ setting, sentence: sentenceFor(setting, given[setting], words) })),
      ...(given["countries"] !== undefined && given["country"] === undefined ? [missingCountry("countries")] : []),
      ...(isOn(valid["optOut"]) && given["country"] === undefined ? [missingCountry("optOut")] : []),
      ...misspelt(Object.keys(context)),
    ],
  };
}

/** An address is never quoted, because somebody may have put a password into it. */
function sentenceFor(setting: string, value: unknown, words: string): string {
  const endpointSentence = setting === "endpoint" ? endpointProblem(String(value)) : undefined;
  if (endpointSentence !== undefined) return endpointSentence;
  if (setting === "manualUrl") return `manualUrl must be ${words}.`;
  const meant = setting === "country" ? countryNamed(String(value)) : undefined;
  // Two letters are meant as a code: it is told apart from a name, which the code is an example for.
  if (meant !== undefined && String(value).length === 2) {
    return `country is ${JSON.stringify(value)}, but must be an ISO country code; did you mean "${meant}"?`;
  }
  return `${setting} is ${JSON.stringify(value)}, but must be ${meant === undefined ? words : words.replace("GB", meant)}.`;
}

const missingEndpoint: SettingProblem = {
  setting: "endpoint",
  sentence:
    "endpoint is not set: set it in cdk.json (bulk-send.json for the package), or add -c endpoint=https://pbx.example.com/api/json to the command.",
};

const missingCountry = (setting: "countries" | "optOut"): SettingProblem => ({
  setting,
  sentence: `${setting} needs country, such as "GB": without it, the country of a number without + cannot be told.`,
});

const isOn = (optOut: unknown): boolean => optOut !== undefined && optOut !== false && optOut !== "false";

function wrongNames(given: object): ReadonlySet<PropertyKey | undefined> {
  const parsed = Settings.safeParse(given);
  return new Set(parsed.success ? [] : parsed.error.issues.map(({ path }) => path[0]));
}

/** A setting with a typo in its name would silently keep its default: the wrong rate, say. */
function misspelt(names: readonly string[]): readonly SettingProblem[] {
  return names
    .filter((name) => !settingNames.includes(name))
    .flatMap((name) => {
      const setting = settingLike(name);
      return setting === undefined ? [] : [{ setting, sentence: `${name} is not a setting; did you mean ${setting}?` }];
    });
}

/** The setting that is probably meant by a name with a typo or two. */
export const settingLike = (name: string): string | undefined =>
  settingNames.find((known) => editDistance(name.toLowerCase(), known.toLowerCase()) <= slips(known));

/**
 * A name that is no setting, nor near one: a limit under a name that nobody reads would not hold. What editors add, such as `$schema`, and
 * remarks (`//`) may stay.
 */
export const strangerAmong = (names: readonly string[]): string | undefined =>
  names.find((name) => settingLike(name) === undefined && !/^(?:\$|\/\/)/.test(name));

/** Says of a name that it is no setting, and which there are. */
export const noSetting = (name: string): string =>
  `${quoted(name, 40)} is not a setting. The settings are ${settingNames.join(", ")}.`;

/** What of a CDK app's context is settings, or may be meant as one: other constructs, and the CDK itself, keep theirs there, too. */
export const settingsAmong = (context: { readonly [name: string]: unknown }): { readonly [setting: string]: unknown } =>
  Object.fromEntries(Object.entries(context).filter(([name]) => settingLike(name) !== undefined));

/** Letters that may be wrong in a name that is still recognised: none in "vpc", which many words are near. */
const slips = (name: string) => Math.min(2, Math.floor(name.length / 4));

/** What is wrong with an endpoint, in the words of the code that will call it. */
function endpointProblem(text: string): string | undefined {
  try {
    parseEndpoint(text);
    return undefined;
  } catch (error) {
    if (error instanceof EndpointError) return error.message;
    throw error;
  }
}

function withoutTrailingSlash(text: string): string {
  return text.replace(/\/+$/, "");
}

function numeric<T extends z.ZodType<number, number>>(schema: T) {
  return z.union([z.number(), z.string().regex(/\d/).transform(Number)]).pipe(schema);
}

function onOff() {
  return z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]);
}

function digitsOrText() {
  return z.union([z.string(), z.int().nonnegative().transform(String)]);
}

function structured<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => {
    const parsed = typeof value === "string" ? readJson(value) : undefined;
    return parsed === undefined ? value : parsed;
  }, schema);
}

function isPriceList({ currency, perSegment }: Prices): boolean {
  const prices = Object.entries(perSegment);
  return (
    Intl.supportedValuesOf("currency").includes(currency) &&
    prices.length > 0 &&
    prices.every(
      ([country, price]) => (country === "default" || planOf(country) !== undefined) && isExactPrice(price),
    ) &&
    JSON.stringify(perSegment).length <= pricesLimit
  );
}

function isCertificateFile(path: string): boolean {
  try {
    // A pipe would be waited for.
    return statSync(path).isFile() && readFileSync(path, "utf8").includes("-----BEGIN CERTIFICATE-----");
  } catch {
    return false;
  }
}
