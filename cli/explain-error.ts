import * as z from "zod";
import { type ExitCode, exitCodes, Failure, Refused } from "./exit.ts";

/** What a failed command tells: one sentence for a person, and its exit code. */
export function explainError(error: unknown): { readonly sentence: string; readonly code: ExitCode } {
  if (!(error instanceof Error)) return { sentence: oneLine(String(error)), code: exitCodes.other };
  if (error instanceof Refused) return { sentence: oneLine(error.message), code: exitCodes.refused };
  if (error instanceof Failure) return { sentence: oneLine(error.message), code: exitCodes.other };
  if (error.name === "EndpointError") return { sentence: oneLine(error.message), code: exitCodes.refused };
  return { sentence: oneLine(foreign(error)), code: exitCodes.other };
}

/** Errors of AWS's SDK and of the system, as far as a person can do something about them. */
function foreign(error: Error): string {
  switch (error.name) {
    case "CredentialsProviderError":
    case "TokenProviderError":
      if (process.argv.includes("--profile") || (process.env["AWS_PROFILE"] ?? "") !== "")
        return "The AWS profile has no credentials that can be used; look at its name and at ~/.aws/config, or sign in again, such as with aws sso login.";
      return "There are no AWS credentials: sign in (aws sso login, or aws configure), name a profile with --profile, or add --local for the campaigns on this machine.";
    case "ExpiredToken":
    case "ExpiredTokenException":
      return "The AWS credentials have expired; sign in again, such as with aws sso login.";
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
    case "InvalidSignatureException":
      return "AWS does not accept the credentials; look at the profile, or sign in again.";
    case "AccessDenied":
    case "AccessDeniedException":
    case "AuthorizationError":
      return notPermitted(error.message);
    default:
  }
  // S3's HEAD has no body to say anything in.
  if (Forbidden.safeParse(error).success) return notPermitted("S3 says no more than HTTP 403.");
  if (/Region is missing/i.test(error.message))
    return "No AWS region is set; add --region, or set one for the profile, or add --local for the campaigns on this machine.";
  const code = "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ECONNREFUSED":
    case "ETIMEDOUT":
      return `The service cannot be reached (${code}); look at the network and the region.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `A file may not be written or read: ${error.message}.`;
    case "ENOSPC":
      return "The disk is full; make room and repeat the command, it goes on where it was.";
    default:
      return error.message === "" ? error.name : error.message;
  }
}

const Forbidden = z.object({
  message: z.enum(["", "UnknownError"]),
  $metadata: z.object({ httpStatusCode: z.literal(403) }),
});

const notPermitted = (message: string) =>
  `AWS does not permit this: ${message.replace(/\.?$/u, ".")} Ask whoever runs the stack for its operator policy.`;

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ").trim();
