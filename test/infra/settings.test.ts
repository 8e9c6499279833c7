import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "../../infra/settings.ts";
import { endpoint } from "../support/stack-settings.ts";

const sentences = (context: Record<string, unknown>) =>
  readSettings({ endpoint, ...context }).problems.map(({ sentence }) => sentence);

test("settings that are not set have their defaults, except for the endpoint", () => {
  const { settings, problems } = readSettings({});
  expect(settings).toEqual({
    sendsPerSecond: 10,
    approval: "never",
    retainDays: 90,
    dashboard: true,
    console: false,
    consoleMfa: "optional",
    keepDays: 90,
    stackName: "BulkSend",
  });
  expect(problems).toEqual([
    {
      setting: "endpoint",
      sentence:
        "endpoint is not set: set it in cdk.json (bulk-send.json for the package), or add -c endpoint=https://pbx.example.com/api/json to the command.",
    },
  ]);
});

test("an empty string in cdk.json means not set", () => {
  const names = ["snumber", "stype", "customer", "country", "window", "notifyEmail", "vpc", "caFile"];
  const { settings, problems } = readSettings({ endpoint, ...Object.fromEntries(names.map((name) => [name, ""])) });
  expect(problems).toEqual([]);
  expect(settings).toEqual({
    endpoint,
    sendsPerSecond: 10,
    approval: "never",
    retainDays: 90,
    dashboard: true,
    console: false,
    consoleMfa: "optional",
    keepDays: 90,
    stackName: "BulkSend",
  });
});

test("strings, as -c leaves them, become numbers and objects", () => {
  const window = { days: ["mon", "fri"], from: "09:00", to: "20:00", timezone: "Europe/London" };
  const vpc = { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-01234567"] };
  const { settings, problems } = readSettings({
    endpoint: "https://pbx.example.com/api/json/",
    sendsPerSecond: "2.5",
    retainDays: "30",
    dashboard: "false",
    approval: "1000",
    customer: 42,
    snumber: 4420,
    window: JSON.stringify(window),
    vpc: JSON.stringify(vpc),
  });
  expect(problems).toEqual([]);
  expect(settings).toEqual({
    endpoint: "https://pbx.example.com/api/json",
    sendsPerSecond: 2.5,
    approval: 1000,
    retainDays: 30,
    dashboard: false,
    console: false,
    consoleMfa: "optional",
    keepDays: 90,
    stackName: "BulkSend",
    customer: "42",
    snumber: "4420",
    window,
    vpc,
  });
});

const domainSentence = (value: string) =>
  `consoleDomain is "${value}", but must be the beginning of an address, such as "example-bulk-send": lower-case letters, digits and hyphens, at most 63, without "aws", "amazon" and "cognito".`;

const manualSentence =
  'manualUrl must be the address at which people read docs/operations.md, such as "https://wiki.example.com/bulk-send", without a part that begins with "#", or a password.';

test.each([
  ["sendsPerSecond", "fast", 'sendsPerSecond is "fast", but must be a number from 0.05 to 1000.'],
  ["sendsPerSecond", 0, "sendsPerSecond is 0, but must be a number from 0.05 to 1000."],
  ["sendsPerSecond", "1001", 'sendsPerSecond is "1001", but must be a number from 0.05 to 1000.'],
  ["sendsPerSecond", " ", 'sendsPerSecond is " ", but must be a number from 0.05 to 1000.'],
  ["console", "yes", 'console is "yes", but must be true or false.'],
  ["consoleMfa", true, 'consoleMfa is true, but must be "optional" or "required".'],
  ["consoleDomain", "Example", domainSentence("Example")],
  ["consoleDomain", "-example", domainSentence("-example")],
  ["consoleDomain", "example.org", domainSentence("example.org")],
  ["consoleDomain", "our-aws", domainSentence("our-aws")],
  ["dashboard", "no", 'dashboard is "no", but must be true or false.'],
  ["manualUrl", "docs/operations.md", manualSentence],
  ["manualUrl", "ftp://wiki.example.com/ops", manualSentence],
  ["manualUrl", "https://wiki.example.com/ops#alarms", manualSentence],
  ["manualUrl", "https://anna:secret@wiki.example.com/ops", manualSentence],
  [
    "approval",
    "sometimes",
    'approval is "sometimes", but must be "never", "always", or the number of rows above which a campaign waits, such as 1000.',
  ],
  ["retainDays", 1.5, "retainDays is 1.5, but must be a whole number of days from 1 to 3650."],
  ["stype", "sms", 'stype is "sms", but must be "phone" or empty.'],
  ["customer", "ACME", 'customer is "ACME", but must be a customer\'s id in digits.'],
  ["country", "UK", 'country is "UK", but must be an ISO country code; did you mean "GB"?'],
  ["country", "Germany", 'country is "Germany", but must be an ISO country code such as "DE".'],
  ["country", "XX", 'country is "XX", but must be an ISO country code such as "GB".'],
  ["country", "Britain", 'country is "Britain", but must be an ISO country code such as "GB".'],
  ["countries", ["GB", "UK"], 'countries is ["GB","UK"], but must be a list of ISO country codes such as ["GB","IE"].'],
  ["countries", [], 'countries is [], but must be a list of ISO country codes such as ["GB","IE"].'],
  ["notifyEmail", "ops", 'notifyEmail is "ops", but must be an e-mail address.'],
  ["caFile", "nowhere.pem", 'caFile is "nowhere.pem", but must be the path of a readable PEM file with a certificate.'],
  [
    "stackName",
    "bulk_send",
    'stackName is "bulk_send", but must be letters, digits and hyphens, beginning with a letter, at most 100.',
  ],
])("%s of %j is refused in one sentence", (name, value, sentence) => {
  expect(sentences({ country: "GB", [name]: value })).toEqual([sentence]);
});

test.each([
  ["http://pbx.example.com/api/json", "is not encrypted"],
  ["pbx.example.com", "is not a URL"],
  ["https://pbx.example.com/api?x=1", 'must end with its path, without "?" or "#"'],
  ["ftp://pbx.example.com", "must begin with https://"],
])("the endpoint %s is refused, as it %s", (wrong, why) => {
  expect(sentences({ endpoint: wrong })).toEqual([expect.stringContaining(why)]);
});

test("a password in the endpoint is refused without being repeated", () => {
  const [sentence, ...more] = sentences({ endpoint: "https://user:geheim@pbx.example.com/api" });
  expect(sentence).toContain("contains credentials");
  expect(sentence).not.toContain("geheim");
  expect(more).toEqual([]);
});

test.each(["http://localhost:8080/api", "http://127.0.0.1/api", "http://[::1]:3000"])(
  "plain http is allowed to this machine: %s",
  (local) => {
    expect(sentences({ endpoint: local })).toEqual([]);
  },
);

test("a vpc needs ids, and a window its times", () => {
  expect(sentences({ vpc: { subnetIds: ["subnet-0123456789abcdef0"] }, window: "09:00-20:00" })).toEqual([
    'window is "09:00-20:00", but must be such as {"days":["mon"],"from":"09:00","to":"20:00","timezone":"Europe/London"}; "hours" only for days that are in "days", and "timezone" by a place, not "EST" or "Etc/GMT+2".',
    'vpc is {"subnetIds":["subnet-0123456789abcdef0"]}, but must be such as {"subnetIds":["subnet-0123456789abcdef0"],"securityGroupIds":["sg-0123456789abcdef0"]}.',
  ]);
});

test("a window's zone is a place's", () => {
  const window = { from: "09:00", to: "20:00" };
  expect(sentences({ window: { ...window, timezone: "Etc/UTC" } })).toEqual([]);
  expect(sentences({ window: { ...window, timezone: "Etc/GMT-2" } })).toEqual([expect.stringContaining("by a place")]);
});

test("a window's hours are for days on which it opens", () => {
  const hours = { sat: { from: "10:00", to: "14:00" } };
  const window = { from: "09:00", to: "20:00", timezone: "Europe/London", hours };
  expect(sentences({ window })).toEqual([]);
  expect(sentences({ window: { ...window, days: ["sat", "sun"] } })).toEqual([]);
  expect(sentences({ window: { ...window, days: ["mon", "fri"] } })).toEqual([
    expect.stringMatching(/^window is .* "hours" only for days that are in "days"/),
  ]);
});

test("countries that may be texted need a country by which numbers are read", () => {
  expect(readSettings({ endpoint, country: "GB", countries: '["GB","IE"]' })).toMatchObject({
    settings: { countries: ["GB", "IE"] },
    problems: [],
  });
  expect(sentences({ countries: ["GB"] })).toEqual([
    'countries needs country, such as "GB": without it, the country of a number without + cannot be told.',
  ]);
});

test("prices are of a currency, by country, and exact", () => {
  const prices = { currency: "GBP", perSegment: { GB: 0.04, FR: 0.07, default: 0.12 } };
  expect(readSettings({ endpoint, prices: JSON.stringify(prices) })).toMatchObject({
    settings: { prices },
    problems: [],
  });
  for (const wrong of [
    { currency: "GBX", perSegment: { GB: 0.04 } },
    { currency: "GBP", perSegment: { UK: 0.04 } },
    { currency: "GBP", perSegment: { GB: -1 } },
    { currency: "GBP", perSegment: { GB: 0.123_456_7 } },
    { currency: "GBP", perSegment: {} },
    { currency: "GBP", perSegment: { GB: "0.04" } },
    { currency: "GBP", perSegment: { GB: 0.04 }, vat: 20 },
  ]) {
    expect(sentences({ prices: wrong })).toEqual([
      expect.stringContaining('but must be such as {"currency":"GBP","perSegment":{"GB":0.04,'),
    ]);
  }
});

test("every wrong setting has its own sentence, and the others still apply", () => {
  const { settings, problems } = readSettings({ endpoint, sendsPerSecond: "x", retainDays: "x", country: "GB" });
  expect(problems.map(({ setting }) => setting)).toEqual(["sendsPerSecond", "retainDays"]);
  expect(settings).toMatchObject({ endpoint, sendsPerSecond: 10, retainDays: 90, country: "GB" });
});

test.each([
  ["sendPerSecond", "sendsPerSecond"],
  ["SendsPerSecond", "sendsPerSecond"],
  ["stackname", "stackName"],
  ["endpiont", "endpoint"],
])("a typo such as %s is noticed", (name, meant) => {
  expect(readSettings({ endpoint, [name]: 1 }).problems).toEqual([
    { setting: meant, sentence: `${name} is not a setting; did you mean ${meant}?` },
  ]);
});

test("the CDK's own context is ignored", () => {
  expect(
    sentences({ "aws:cdk:bundling-stacks": [], "@aws-cdk/core:checkSecretUsage": true, tags: {}, acl: 1 }),
  ).toEqual([]);
});

test("a certificate authority is accepted by its file", async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-ca-"));
  const pem = join(directory.path, "ca.pem");
  await writeFile(pem, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  expect(readSettings({ endpoint, caFile: pem })).toMatchObject({ settings: { caFile: pem }, problems: [] });
  await writeFile(pem, "-----BEGIN PRIVATE KEY-----\n");
  expect(sentences({ caFile: pem })).toHaveLength(1);
});

test("optOut is true, or what replies are read by; it needs a country", () => {
  const read = (optOut: unknown, country: string | undefined = "GB") => readSettings({ endpoint, optOut, country });
  for (const on of [true, "true", {}, "{}"]) expect(read(on).settings.optOut).toEqual({});
  for (const off of [false, "false", "", undefined]) {
    expect(read(off, "").settings.optOut).toBeUndefined();
    expect(read(off, "").problems).toEqual([]);
  }
  const whole = {
    words: ["STOP", "GENUG"],
    footer: "Reply STOP to stop",
    numberField: "cnumber",
    ownNumbers: ["4420"],
  };
  expect(read(JSON.stringify(whole))).toMatchObject({ settings: { optOut: whole }, problems: [] });
  expect(read(true, "").problems.map(({ sentence }) => sentence)).toEqual([
    'optOut needs country, such as "GB": without it, the country of a number without + cannot be told.',
  ]);
  for (const wrong of ["yes", 1, { word: ["STOP"] }, { words: ["START"] }, { footer: "Thank you" }]) {
    expect(read(wrong).problems.map(({ setting }) => setting)).toEqual(["optOut"]);
  }
});
