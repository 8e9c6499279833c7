import type { SendingWindow } from "../shared/campaign/given-options.ts";

/** A stack's settings, as its owner gives them. All but `endpoint` have a default; what is `undefined` is absent. */
export interface GivenSettings {
  /** The prefix of the Enswitch API's functions, such as "https://pbx.example.com/api/json"; needed to deploy. */
  readonly endpoint?: string | undefined;
  /** The highest rate of the whole Enswitch account, in calls per second: 0.05 to 1,000; 10, if absent. */
  readonly sendsPerSecond?: number | undefined;
  /** The most calls of a day, in the time zone of `window`, else of UTC; no limit, if absent. */
  readonly maxMessagesPerDay?: number | undefined;
  /** The number or name to send from where lists and options have none. */
  readonly snumber?: string | undefined;
  /** What `snumber` is: "phone": a telephone line; "": a number. */
  readonly stype?: "" | "phone" | undefined;
  /** The customer in Enswitch to send as: digits. */
  readonly customer?: string | undefined;
  /** The country of numbers without a country code: an ISO code such as "GB". */
  readonly country?: string | undefined;
  /** The hours in which anything may be sent; campaigns can only narrow them. */
  readonly window?: SendingWindow | undefined;
  /** The only countries that may be texted, as ISO codes; all, if absent. Needs `country`. */
  readonly countries?: string[] | undefined;
  /** What a segment costs by country (ISO code), and in all others as `default`, in a currency (ISO 4217). */
  readonly prices?: { currency: string; perSegment: { [country: string]: number } } | undefined;
  /** The address that gets mail when a campaign is over, or something needs a person. */
  readonly notifyEmail?: string | undefined;
  /** Which campaigns wait for a second person: none, all, or those that send to more rows than this. */
  readonly approval?: "never" | "always" | number | undefined;
  /** Whether and how replies are read for people who want no more texts; they are not, if absent. Needs `country`. */
  readonly optOut?:
    | boolean
    | {
        words?: string[] | undefined;
        footer?: string | undefined;
        numberField?: string | undefined;
        ownNumbers?: string[] | undefined;
      }
    | undefined;
  /** How long lists, checks, attachments and reports are kept, in days; 90, if absent. */
  readonly keepDays?: number | undefined;
  /** How long a campaign may take, in days; 90, if absent. */
  readonly retainDays?: number | undefined;
  /** Whether the stack has a CloudWatch dashboard; it has, if absent. */
  readonly dashboard?: boolean | undefined;
  /** Whether the stack has a page for people who have no terminal; it has not, if absent. */
  readonly console?: boolean | undefined;
  /** Whether its people need an authenticator app to sign in; "optional", if absent. */
  readonly consoleMfa?: "optional" | "required" | undefined;
  /** The beginning of its login pages' address, which nobody else in the region may have; made up, if absent. */
  readonly consoleDomain?: string | undefined;
  /** Where people read docs/operations.md: alarms, mails and pages lead to its entries. */
  readonly manualUrl?: string | undefined;
  /** The stack's name; "BulkSend", if absent. */
  readonly stackName?: string | undefined;
  /** Where the sender runs when Enswitch is reached through a VPC. `vpcId` is only a note. */
  readonly vpc?: { vpcId?: string | undefined; subnetIds: string[]; securityGroupIds: string[] } | undefined;
  /** Path of a private certificate authority's PEM file, relative to the current directory. */
  readonly caFile?: string | undefined;
}
