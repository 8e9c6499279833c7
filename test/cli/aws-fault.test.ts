import { describe, expect, test, vi } from "vitest";
import { awsFault, awsUnreachable, isDenied } from "../../cli/aws-fault.ts";
import { explainError } from "../../cli/explain-error.ts";

const words = { region: "R", profile: "P", hasProfile: false, instead: ", or do without", unreachable: awsUnreachable };

/** An error as the AWS SDK throws it. */
const named = (name: string, message = "", more: object = {}) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...more });

describe("what a person can do something about is said in one sentence", () => {
  test.each([
    [["CredentialsProviderError", "TokenProviderError"], /^There are no AWS credentials: .* with P, or do without\.$/u],
    [["ExpiredToken", "ExpiredTokenException"], /^The AWS credentials have expired; sign in again/u],
    [
      [
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
      ],
      /^AWS does not accept the credentials; /u,
    ],
    [
      ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"],
      /^The clock of this machine is wrong by minutes/u,
    ],
    [
      ["AccessDenied", "AccessDeniedException", "AuthorizationError"],
      /^AWS does not permit this: Who are you\. Ask the person who runs the stack/u,
    ],
  ])("%j", (names, sentence) => {
    for (const name of names) expect(awsFault(named(name, "Who are you"), words)).toMatch(sentence);
  });

  test("a profile that was named is what to look at", () => {
    const fault = awsFault(named("CredentialsProviderError"), { ...words, hasProfile: true });
    expect(fault).toMatch(/^The AWS profile has no usable credentials/u);
  });

  test("a HEAD that is denied has no message", () => {
    const denied = named("403", "UnknownError", { $metadata: { httpStatusCode: 403 } });
    expect(awsFault(denied, words)).toMatch(/^AWS does not permit this: S3 only answered HTTP 403\. /u);
    expect(isDenied(denied)).toBe(true);
    expect(isDenied(named("404", "UnknownError", { $metadata: { httpStatusCode: 404 } }))).toBe(false);
  });

  test("no region", () => {
    expect(awsFault(new Error("Region is missing"), words)).toBe(
      "No AWS region is set; name one with R, in AWS_REGION, or in the profile, or do without.",
    );
  });

  test("a region as the console calls it", () => {
    const error = new Error('Region not accepted: region="EU West (London)" is not a valid hostname component.');
    expect(awsFault(error, words)).toBe(
      '"EU West (London)" is not how AWS writes a region; name one such as eu-west-2 with R, in AWS_REGION, or in the profile.',
    );
  });

  test.each(["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_HAS_EXPIRED"])(
    "a network that puts its own certificate in place of AWS's: %s",
    (code) => {
      expect(awsFault(named("Error", "certificate", { code }), words)).toMatch(
        new RegExp(
          `^The certificate that came in place of AWS's is not accepted \\(${code}\\).*NODE_EXTRA_CA_CERTS`,
          "u",
        ),
      );
    },
  );

  test.each(["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"])(
    "a network that fails with %s",
    (code) => {
      expect(awsFault(named("Error", "connect", { code }), words)).toBe(
        `The service cannot be reached (${code}); check the network and the region.`,
      );
    },
  );

  test("a service that does not answer in time, which a signal that ends by time is not", () => {
    expect(awsFault(named("TimeoutError"), words)).toMatch(/^The service cannot be reached \(no answer in time\); /u);
    expect(awsFault(new DOMException("too late", "TimeoutError"), words)).toBeUndefined();
  });
});

test("nothing else is explained", () => {
  for (const other of [named("Strange", "Nobody knows"), named("Error", "full", { code: "ENOSPC" }), new Error("")]) {
    expect(awsFault(other, words)).toBeUndefined();
  }
});

test("the command line knows whether a profile was named, however that is written", () => {
  vi.stubEnv("AWS_PROFILE", undefined);
  const { argv } = process;
  try {
    const said = (...words: readonly string[]) => {
      process.argv = [...argv.slice(0, 2), "list", ...words];
      return explainError(named("CredentialsProviderError")).sentence;
    };
    expect(said("--profile", "ann")).toMatch(/^The AWS profile has no usable credentials/u);
    expect(said("--profile=ann")).toMatch(/^The AWS profile has no usable credentials/u);
    expect(said()).toMatch(/^There are no AWS credentials: .* with --profile, or add --local/u);
  } finally {
    process.argv = argv;
    vi.unstubAllEnvs();
  }
});
