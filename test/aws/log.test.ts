import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createLog } from "../../shared/aws/log.ts";
import { loggedError } from "../../shared/aws/logged-error.ts";

describe("the log", () => {
  const lines: unknown[] = [];
  beforeEach(() => {
    lines.length = 0;
    vi.stubEnv("POWERTOOLS_DEV", "true");
    for (const level of ["info", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(JSON.parse(line)));
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test("writes one JSON object a line, with level, service, message and fields", () => {
    const log = createLog("sender");
    log.info("A batch was recorded.", { campaign: "2026/spring", batch: 7, late: false, none: undefined });
    log.warn("Slow.");
    expect(lines).toMatchObject([
      { level: "INFO", service: "sender", message: "A batch was recorded.", campaign: "2026/spring", batch: 7 },
      { level: "WARN", service: "sender", message: "Slow." },
    ]);
  });

  test("writes an error beside the message and the fields, without its other properties", () => {
    const error = Object.assign(new Error("refused"), { request: { cnumber: "+447700900123" } });
    createLog("sender").error("The table could not be reached.", error, { campaign: "spring" });
    expect(lines).toMatchObject([
      {
        level: "ERROR",
        message: "The table could not be reached.",
        campaign: "spring",
        failure: { message: "refused" },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain("447700900123");
  });

  test("keeps to the level of the environment", () => {
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "ERROR");
    const log = createLog("sender");
    log.warn("unheard");
    log.error("heard", new Error("x"));
    expect(lines).toMatchObject([{ message: "heard" }]);
  });
});

describe("an error in the log", () => {
  test("has name, message, code positions, AWS request id and causes", () => {
    const cause = Object.assign(new TypeError("inner"), { $metadata: { requestId: "0a-12345678", attempts: 2 } });
    const logged = loggedError(new Error("outer", { cause }));
    expect(logged).toEqual({
      name: "Error",
      message: "outer",
      stack: expect.stringContaining("log.test.ts"),
      cause: {
        name: "TypeError",
        message: "inner",
        stack: expect.any(String),
        requestId: "0a-12345678",
      },
    });
  });

  test("never quotes numbers, in message or stack", () => {
    const logged = loggedError(new Error("bad value +447700900123 at 10.0.0.1:443"));
    expect(logged.message).toBe("bad value <digits> at 10.0.0.1:443");
    expect(logged.stack).not.toContain("447700900123");
    // A short national number is one, too; a status or a port is none.
    expect(loggedError(new Error("1234567 and 123456")).message).toBe("<digits> and 123456");
  });

  test("never quotes the JSON that could not be read", () => {
    let thrown: unknown;
    try {
      JSON.parse('{"message":"Dear Ann"');
      JSON.parse("Dear Ann");
    } catch (error) {
      thrown = error;
    }
    expect(JSON.stringify(loggedError(thrown))).not.toContain("Ann");
    try {
      JSON.parse("Dear Ann");
    } catch (error) {
      expect(JSON.stringify(loggedError(error))).not.toContain("Dear");
    }
  });

  test("may be anything that was thrown", () => {
    expect(loggedError("+447700900123")).toEqual({ name: "NoError", message: "a string was thrown" });
    expect(loggedError(undefined)).toEqual({ name: "NoError", message: "a undefined was thrown" });
  });

  test("that is its own cause ends", () => {
    const error = new Error("round");
    error.cause = error;
    expect(JSON.stringify(loggedError(error)).split("round")).toHaveLength(6);
  });
});
