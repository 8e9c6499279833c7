import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awsFault } from "../../cli/aws-fault.ts";
import { connect, Failure } from "../../library/index.ts";
import { startServer } from "../aws/emulators.ts";

beforeEach(() => {
  for (const name of [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
  ]) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** What a program is told that connects. */
const failureOf = async (...address: Parameters<typeof connect>) => {
  const failure = await connect(...address).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  return failure instanceof Failure ? failure : new Failure("");
};

test("a program without region or credentials is told what to set, in its own words, and has the SDK's error", async () => {
  const nowhere = await failureOf();
  expect(nowhere.message).toBe("No AWS region is set; name one with `region`, in AWS_REGION, or in the profile.");
  expect(nowhere.cause).toMatchObject({ message: expect.stringContaining("Region is missing") });
  const nobody = await failureOf({ region: "eu-west-2" });
  expect(nobody.message).toBe(
    "There are no AWS credentials: sign in (aws sso login, or aws configure), or name a profile with `profile`.",
  );
  expect(nobody.cause).toMatchObject({ name: "CredentialsProviderError" });
  const unknown = await failureOf({ region: "eu-west-2", profile: "nobody" });
  expect(unknown.message).toMatch(/^The AWS profile has no usable credentials/u);
});

test("what AWS answers that a person can do something about is a sentence, and nothing else is hidden", async () => {
  let answer = { status: 403, code: "ExpiredToken", message: "The security token is expired" };
  await using server = await startServer((_request, response) => {
    const { status, code, message } = answer;
    response.writeHead(status, { "content-type": "text/xml" });
    response.end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  });
  vi.stubEnv("AWS_ENDPOINT_URL", server.endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  const here = { region: "eu-west-2" };
  expect((await failureOf(here)).message).toMatch(/^The AWS credentials have expired; sign in again/u);
  answer = { status: 403, code: "SignatureDoesNotMatch", message: "The request signature" };
  expect((await failureOf(here)).message).toMatch(/^AWS does not accept the credentials/u);
  answer = { status: 400, code: "ValidationError", message: "Stack with id BulkSend does not exist" };
  expect((await failureOf(here)).message).toMatch(/^There is no stack BulkSend in this account and region/u);
  answer = { status: 400, code: "Strange", message: "Nobody knows" };
  await expect(connect(here)).rejects.toMatchObject({ name: "Strange", message: "Nobody knows" });
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  expect((await failureOf(here)).message).toMatch(
    /^The service cannot be reached \(ECONNREFUSED\); check the network/u,
  );
});

test("a service that is silent is called so, and a signal that ends by time is not", () => {
  const words = {
    region: "",
    profile: "",
    hasProfile: false,
    instead: "",
    unreachable: (code: string) => `away: ${code}`,
  };
  expect(awsFault(Object.assign(new Error("Connection timed out"), { name: "TimeoutError" }), words)).toBe(
    "away: no answer in time",
  );
  expect(awsFault(new DOMException("The operation was aborted", "TimeoutError"), words)).toBeUndefined();
});
