import * as z from "zod";
import { ApprovalRule } from "../campaign/approval-rule.ts";
import { Prices } from "../campaign/prices.ts";

const text = z.string().min(1);

/** How people sign in: by the link that a local cloud prints, or with a user pool of AWS. */
const SignIn = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("link") }),
  z.object({
    kind: z.literal("pool"),
    /** The user pool as an OpenID provider: `https://cognito-idp.<region>.amazonaws.com/<userPoolId>`. */
    issuer: z.url(),
    clientId: text,
    /** Where its login pages are, without a scheme. */
    domain: text,
    userPoolId: text,
    identityPoolId: text,
  }),
]);

/** What the page shows of how the stack sends, as its settings say. */
const Sending = z.object({
  /** The account's maximum rate, in calls per second. */
  sendsPerSecond: z.number().positive(),
  /** The time zone (IANA) of the stack's hours; absent where it has none, or where they are each recipient's own. */
  zone: text.optional(),
  country: text.optional(),
  sender: text.optional(),
  prices: Prices.optional(),
  countries: z.array(text).optional(),
  /** Which campaigns wait for a second person; absent: none. */
  approval: ApprovalRule.optional(),
  /** Whether replies are read, and the sentence that is put under texts that name no way to stop. */
  optOut: z.object({ footer: text.optional() }).optional(),
  maxMessagesPerDay: z.int().positive().optional(),
  keepDays: z.int().positive().optional(),
  /** Whether everything goes to the built-in simulator, so that nobody gets anything. */
  simulated: z.boolean(),
});

/** What the page is told about its stack, in `config.json` beside it. Nothing in it is secret. */
export const ConsoleSettings = z.object({
  /** Of the page's files: another version means that the page has changed. */
  version: text,
  stackName: text,
  region: text,
  bucket: text,
  table: text,
  /** URL of the queue whose messages make the reporter look at once. */
  nudges: z.url(),
  /** The one origin of all services of a local cloud; absent on AWS. */
  endpoint: z.url().optional(),
  signIn: SignIn,
  sending: Sending,
});
export type ConsoleSettings = z.infer<typeof ConsoleSettings>;
