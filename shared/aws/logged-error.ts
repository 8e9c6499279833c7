import * as z from "zod";
import { sourcePositions } from "./source-positions.ts";

/** An error as it may stand in a log. */
export interface LoggedError {
  readonly name: string;
  readonly message: string;
  /** Code positions only: the first line of a stack repeats the message. */
  readonly stack?: string;
  /** The request's id at AWS, which their support asks for. */
  readonly requestId?: string;
  readonly cause?: LoggedError;
}

/** How many causes of causes are told. */
const deepest = 5;

const fromAws = z.object({ $metadata: z.object({ requestId: z.string() }) });

/**
 * What of an error may be logged: nothing but name, message, code positions, AWS request id and causes. Other
 * properties are left out, as they can hold requests, answers and rows. Messages of foreign errors may quote what they
 * failed on, so runs of seven and more digits are masked, and so is the excerpt in a JSON parser's message.
 */
export function loggedError(error: unknown, depth = 1): LoggedError {
  if (!(error instanceof Error)) return { name: "NoError", message: `a ${typeof error} was thrown` };
  const aws = fromAws.safeParse(error);
  return {
    name: error.name,
    message: masked(error),
    stack: error.stack === undefined ? undefined : sourcePositions(codePositions(error.stack)),
    requestId: aws.success ? aws.data.$metadata.requestId : undefined,
    cause: error.cause === undefined || depth === deepest ? undefined : loggedError(error.cause, depth + 1),
  };
}

const codePositions = (stack: string): string =>
  stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");

function masked(error: Error): string {
  if (error instanceof SyntaxError && error.message.includes("JSON")) return "a text is not valid JSON";
  return error.message.replace(/\+?\d{7,}/g, "<digits>");
}
