import * as z from "zod";
import { quoted } from "../shared/shorten.ts";

/** How whoever calls AWS names what it needs, in a sentence. */
export interface WordsForAws {
  readonly region: string;
  readonly profile: string;
  /** Whether a profile was named. */
  readonly hasProfile: boolean;
  /** What to do instead of signing in, as the end of a sentence; empty if nothing. */
  readonly instead: string;
  /** That it does not answer, in a sentence, with the system's code for why. */
  readonly unreachable: (code: string) => string;
}

/** Whether the environment names a profile of the AWS configuration. */
export const hasProfileInEnvironment = (): boolean => (process.env["AWS_PROFILE"] ?? "") !== "";

/**
 * What went wrong with AWS and what to do, in one sentence, where a person can do something about it: credentials, rights, region,
 * network. `undefined` for every other error.
 */
export function awsFault(
  error: Error,
  { region, profile, hasProfile, instead, unreachable: away }: WordsForAws,
): string | undefined {
  switch (error.name) {
    case "CredentialsProviderError":
    case "TokenProviderError":
      return hasProfile
        ? "The AWS profile has no usable credentials; check its name and ~/.aws/config, or sign in again, for example with aws sso login."
        : `There are no AWS credentials: sign in (aws sso login, or aws configure), or name a profile with ${profile}${instead}.`;
    case "ExpiredToken":
    case "ExpiredTokenException":
      return "The AWS credentials have expired; sign in again, for example with aws sso login.";
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
    case "InvalidSignatureException":
      return "AWS does not accept the credentials; check the profile, or sign in again.";
    // The SDK sets its own clock by AWS's, which does not always help.
    case "RequestTimeTooSkewed":
    case "RequestExpired":
    case "RequestInTheFuture":
      return "The clock of this machine is wrong by minutes, so that AWS does not accept what it signs; set date and time right.";
    default:
  }
  // The response to S3's HEAD has no body, so there is no message.
  if (isDenied(error)) return notPermitted(deniedNames.has(error.name) ? error.message : "S3 only answered HTTP 403.");
  if (/Region is missing/i.test(error.message)) {
    return `No AWS region is set; name one with ${region}, in AWS_REGION, or in the profile${instead}.`;
  }
  const wrongRegion = /^Region not accepted: region="(.*)" is not/u.exec(error.message)?.[1];
  if (wrongRegion !== undefined) {
    return `${quoted(wrongRegion, 40)} is not how AWS writes a region; name one such as eu-west-2 with ${region}, in AWS_REGION, or in the profile.`;
  }
  // A signal that ends by time has an error of that name, too.
  const isSilent = error.name === "TimeoutError" && !(error instanceof DOMException);
  const code = isSilent ? "no answer in time" : "code" in error ? String(error.code) : "";
  if (certificateCodes.has(code)) return notTrusted(code);
  return isSilent || unreachableCodes.has(code) ? away(code) : undefined;
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes, those that networks cause which look into connections. */
const certificateCodes: ReadonlySet<string> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_NOT_YET_VALID",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

const notTrusted = (code: string) =>
  `The certificate that came in place of AWS's is not accepted (${code}): if the network looks into encrypted connections, name the file with its certificate authority in NODE_EXTRA_CA_CERTS; else check the date of this machine.`;

/** That a service of AWS does not answer. */
export const awsUnreachable = (code: string): string =>
  `The service cannot be reached (${code}); check the network and the region.`;

const unreachableCodes: ReadonlySet<string> = new Set(
  "ENOTFOUND EAI_AGAIN ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH ETIMEDOUT".split(" "),
);

const deniedNames: ReadonlySet<string> = new Set(["AccessDenied", "AccessDeniedException", "AuthorizationError"]);

/** Whether AWS refused a call because the caller has no right to it. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && (deniedNames.has(error.name) || Forbidden.safeParse(error).success);
}

const Forbidden = z.object({
  message: z.enum(["", "UnknownError"]),
  $metadata: z.object({ httpStatusCode: z.literal(403) }),
});

const notPermitted = (message: string) =>
  `AWS does not permit this: ${message.replace(/\.?$/u, ".")} Ask the person who runs the stack for its operator policy.`;
