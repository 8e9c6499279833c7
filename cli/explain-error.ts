import * as z from "zod";
import { isDiskFull } from "../infra/local/disk-full.ts";
import { awsFault, awsUnreachable, hasProfileInEnvironment, type WordsForAws } from "./aws-fault.ts";
import { type ExitCode, exitCodes, Failure, Refused } from "./exit.ts";

/** What a failed command says and its exit code: one line for a person. */
export function explainError(thrown: unknown): { readonly sentence: string; readonly code: ExitCode } {
  const error = causeOf(thrown);
  if (!(error instanceof Error)) return { sentence: oneLine(String(error)), code: exitCodes.other };
  if (error instanceof Refused) return { sentence: oneLine(error.message), code: exitCodes.refused };
  if (error instanceof Failure) return { sentence: oneLine(error.message), code: exitCodes.other };
  if (error.name === "EndpointError") return { sentence: oneLine(error.message), code: exitCodes.refused };
  return { sentence: oneLine(foreignError(error)), code: exitCodes.other };
}

/** What went wrong first: what failed after it, while things were closed, mostly follows from it. But a full disk is why anything fails. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error) || !("suppressed" in error) || !("error" in error)) return error;
  const [first, last] = [causeOf(error.suppressed), causeOf(error.error)];
  return isDiskFull(last) ? last : first;
}

/** Errors from the AWS SDK and the system that a person can do something about; others keep their own message. */
function foreignError(error: Error): string {
  const ofAws = awsFault(error, wordsOfCommands());
  if (ofAws !== undefined) return ofAws;
  if (/no space left/i.test(error.message)) return diskFull;
  if (/quota exceeded|file too large/i.test(error.message)) return quotaReached;
  const code = "code" in error ? String(error.code) : "";
  const listening = Listening.safeParse(error);
  if (listening.success) return portTaken(code, listening.data.port);
  switch (code) {
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

/** How a command line names what AWS needs, and what to do instead, but for the commands that are about a stack on AWS alone. */
const wordsOfCommands = (): WordsForAws => ({
  profile: "--profile",
  region: "--region",
  hasProfile: process.argv.some((word) => /^--profile(?:=|$)/u.test(word)) || hasProfileInEnvironment(),
  instead: ["people", "console"].includes(process.argv[2] ?? "")
    ? ""
    : ", or add --local for the campaigns on this machine",
  unreachable: awsUnreachable,
});

const diskFull = "The disk is full; free some space and repeat the command, which continues where it left off.";

const quotaReached =
  "The disk quota, or the size that a file may have here, is reached; free some space or raise the limit and repeat the command, which continues where it left off.";

/** A port that could not be listened on. */
const Listening = z.object({ syscall: z.literal("listen"), port: z.number() });

const portTaken = (code: string, port: number) =>
  code === "EADDRINUSE"
    ? `Port ${port} is in use; stop what is using it, or choose another with --port.`
    : `Port ${port} cannot be used (${code}); choose another with --port, above 1023.`;

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ").trim();
