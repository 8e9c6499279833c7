import { Logger } from "@aws-lambda-powertools/logger";
import type { Log } from "../ports/log.ts";
import { loggedError } from "./logged-error.ts";

/**
 * The log of a function: one JSON object a line on standard output, with the function's name as `service`. The level
 * is that of the function's logging configuration or of `POWERTOOLS_LOG_LEVEL` (INFO without either).
 */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: service });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, error, fields = {}) => logger.error(message, { ...fields, failure: loggedError(error) }),
  };
}
