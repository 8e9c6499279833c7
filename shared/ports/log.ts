/** What a log line may carry besides its message: names, counts and ids; never a phone number, a text or a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The log as the core sees it: one sentence a line, with the facts as fields. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  /** Something a person may want to know, though nothing needs to be done. */
  warn(message: string, fields?: LogFields): void;
  /** Something went wrong; `error` is whatever was thrown. */
  error(message: string, error: unknown, fields?: LogFields): void;
}
