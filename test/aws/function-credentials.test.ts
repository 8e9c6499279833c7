import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultProvider } from "../../shared/aws/function-credentials.ts";

describe("a function's credentials", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("are those that Lambda puts into its environment", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ASIA1");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "session");
    expect(await defaultProvider()()).toEqual({
      accessKeyId: "ASIA1",
      secretAccessKey: "secret",
      sessionToken: "session",
    });
  });

  it("need no session token", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIA1");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "");
    expect(await defaultProvider()()).toMatchObject({ accessKeyId: "AKIA1", sessionToken: undefined });
  });

  it("are missed by name where there are none", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    await expect(defaultProvider()()).rejects.toThrow("AWS_ACCESS_KEY_ID");
  });
});
