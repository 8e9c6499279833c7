import { createHmac } from "node:crypto";
import type { AccessKey } from "../gateway/principals.ts";

/** Where the page is on its server. */
export const consolePath = "/console/";

/** A running cloud, as those know it who have its operator's key. */
interface KnownCloud {
  readonly endpoint: string;
  readonly credentials: AccessKey;
}

/**
 * The secrets that let somebody into the console. Each start has others, because it has another access key, and whoever may
 * read that key needs no other way to know them.
 */
export const consoleSecrets = ({ secretAccessKey }: AccessKey) => ({
  /** Good for anybody who has it. */
  link: secretOf(secretAccessKey, "link"),
  /** Good only for processes of the user who runs the cloud: others on this machine can read the arguments of a browser. */
  ownProcesses: secretOf(secretAccessKey, "own processes"),
});

const secretOf = (secretAccessKey: string, use: string) =>
  createHmac("sha256", secretAccessKey).update(`console\n${use}`).digest("base64url");

/** A link that lets in; its secret is in the fragment, which browsers send to nobody. */
export const linkWith = (endpoint: string, secret: string): string => `${endpoint}${consolePath}#key=${secret}`;

/** The link to a running cloud's console, for a person. */
export const consoleLink = ({ endpoint, credentials }: KnownCloud): string =>
  linkWith(endpoint, consoleSecrets(credentials).link);

/** The link for the command line of a browser; `undefined` where it is not known which user's process is asking. */
export const ownConsoleLink = ({ endpoint, credentials }: KnownCloud): string =>
  linkWith(endpoint, consoleSecrets(credentials).ownProcesses);
