import * as z from "zod";
import { type ExitCode, exitCodes, Failure, Refused } from "./exit.ts";

/** What a failed command says and its exit code: one line for a person. */
export function explainError(error: unknown): { readonly sentence: string; readonly code: ExitCode } {
  if (!(error instanceof Error)) return { sentence: oneLine(String(error)), code: exitCodes.other };
  if (error instanceof Refused) return { sentence: oneLine(error.message), code: exitCodes.refused };
  if (error instanceof Failure) return { sentence: oneLine(error.message), code: exitCodes.other };
  if (error.name === "EndpointError") return { sentence: oneLine(error.message), code: exitCodes.refused };
  return { sentence: oneLine(foreignError(error)), code: exitCodes.other };
}

/** Errors from the AWS SDK and the system that a person can do something about; others keep their own message. */
function foreignError(error: Error): string {
  switch (error.name) {
    case "CredentialsProviderError":
    case "TokenProviderError":
      if (process.argv.includes("--profile") || (process.env["AWS_PROFILE"] ?? "") !== "") {
        return "The AWS profile has no usable credentials; check its name and ~/.aws/config, or sign in again, for example with aws sso login.";
      }
      return `There are no AWS credentials: sign in (aws sso login, or aws configure), or name a profile with --profile${orLocal()}.`;
    case "ExpiredToken":
    case "ExpiredTokenException":
      return "The AWS credentials have expired; sign in again, for example with aws sso login.";
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
    case "InvalidSignatureException":
      return "AWS does not accept the credentials; check the profile, or sign in again.";
    default:
  }
  // The response to S3's HEAD has no body, so there is no message.
  if (isDenied(error)) return notPermitted(deniedNames.has(error.name) ? error.message : "S3 only answered HTTP 403.");
  if (/Region is missing/i.test(error.message)) {
    return `No AWS region is set; add --region, or set one for the profile${orLocal()}.`;
  }
  if (/no space left/i.test(error.message)) return diskFull;
  if (/quota exceeded|file too large/i.test(error.message)) return quotaReached;
  const code = "code" in error ? String(error.code) : "";
  const listening = Listening.safeParse(error);
  if (listening.success) return portTaken(code, listening.data.port);
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ECONNREFUSED":
    case "ETIMEDOUT":
      return `The service cannot be reached (${code}); check the network and the region.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "EBUSY":
      return closedFile(error, code);
    case "ENOSPC":
      return diskFull;
    case "EDQUOT":
    case "EFBIG":
      return quotaReached;
    default:
      return error.message === "" ? error.name : error.message;
  }
}

/** A file of which the system says no more than a code and, in Node's message, what was tried. */
function closedFile(error: Error, code: string): string {
  // Of two files, one that takes the place of the other, it is the other that is in the way.
  const path = "dest" in error ? error.dest : "path" in error ? error.path : undefined;
  if (path === undefined) return `A file cannot be written or read: ${error.message}.`;
  return `${path} cannot be read or written: ${whyClosed(code, process.platform)}.`;
}

/** On Windows a file that is open in another program, such as a report in Excel, has no other code than one without rights. */
export function whyClosed(code: string, platform: NodeJS.Platform): string {
  if (code === "EROFS") return "the file system is read-only";
  const isOpen = "another program has it open; close it there, and repeat the command";
  if (code === "EBUSY") return isOpen;
  const noRight = "you have no right to do so; look whose it is, and at its permissions and those of its folder";
  return platform === "win32" ? `${noRight}. Or ${isOpen}` : noRight;
}

/** What to do instead, but for the commands that are about a stack on AWS alone. */
const orLocal = () =>
  ["people", "console"].includes(process.argv[2] ?? "") ? "" : ", or add --local for the campaigns on this machine";

const diskFull = "The disk is full; free some space and repeat the command, which continues where it left off.";

const quotaReached =
  "The disk quota, or the size that a file may have here, is reached; free some space or raise the limit and repeat the command, which continues where it left off.";

/** A port that could not be listened on. */
const Listening = z.object({ syscall: z.literal("listen"), port: z.number() });

const portTaken = (code: string, port: number) =>
  code === "EADDRINUSE"
    ? `Port ${port} is in use; stop what is using it, or choose another with --port.`
    : `Port ${port} cannot be used (${code}); choose another with --port, above 1023.`;

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

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ").trim();
