import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import {
  type EnswitchSimulator,
  simulatorAccount,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { writeXml } from "../../infra/local/gateway/xml.ts";
import { preparedStack } from "../../infra/local/prepared-stack.ts";
import { sites } from "../../infra/rates.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { Summary } from "../../shared/report/summary.ts";
import { startServer } from "../aws/emulators.ts";
import { column, list, type Workplace, workplace } from "./workplace.ts";

/**
 * The command line as it is used with a stack on AWS: without --local and --data, with the stack found by its outputs and
 * the credentials of somebody who has one of the stack's policies and nothing else.
 */
let directory: Awaited<ReturnType<typeof mkdtempDisposable>>;
let simulator: EnswitchSimulator;
let cloud: EmbeddedCloud;
let place: Workplace;

beforeAll(async () => {
  directory = await mkdtempDisposable(join(tmpdir(), "on-a-stack-"));
  simulator = await startEnswitchSimulator({ latencyMs: { min: 5, max: 40 } });
  const settings = { endpoint: simulator.endpoint, sendsPerSecond: 100, maxMessagesPerDay: 100_000, country: "GB" };
  const { entries } = await preparedStack(settings);
  // One machine has no use for an address, so the prepared stack has none.
  const { template } = synthesise({ ...settings, notifyEmail: "ann@example.com" }, sites.local);
  cloud = await startEmbeddedCloud({ dataDir: directory.path, stack: { template, entries } });
  place = await workplace();
  await place.write("spring.csv", list(40));
  await place.write("long.csv", list(3000).replaceAll("4477009", "4477008"));
});

afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await cloud?.[Symbol.asyncDispose]();
  await simulator?.[Symbol.asyncDispose]();
  await directory?.remove();
}, 60_000);

/** The environment of somebody with that policy; without the metadata service, so that nothing asks the network. */
const environmentOf = (policy: "Operator" | "Uploader" | "Reader") => {
  const found = cloud.stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith(`People${policy}`));
  const { accessKeyId, secretAccessKey } = cloud.credentialsOf(found?.logicalId ?? policy);
  return { ...nobody(), AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
};

const nobody = () => ({
  AWS_ENDPOINT_URL: cloud.endpoint,
  AWS_REGION: cloud.region,
  AWS_EC2_METADATA_DISABLED: "true",
});

const as = (policy: "Operator" | "Uploader" | "Reader") => (args: string, input?: string) =>
  place.bulkSend(args.split(" "), environmentOf(policy), input);

/** One or more sentences on one line, without a stack trace. */
const oneLine = /^[A-Z][^\n]*[.)]\n$/;

describe("with the operator's policy and nothing else", () => {
  test("the doctor says what to do after a deployment", async () => {
    const found = await as("Operator")("doctor");
    expect(found.code).toBe(1);
    expect(found.out).toContain("TODO  credentials: none are stored");
    expect(found.out).toContain("ok    endpoint: ");
    expect(found.out).toContain("TODO  mail: ann@example.com has yet to confirm");
    expect(found.out).toContain("ok    concurrency: AWS lets 1000 functions run at once");
    expect(found.out).not.toContain("permit");
  });

  test("the most messages of a day are shown, and set up to the stack's, which the history says", async () => {
    const cap = (...args: readonly string[]) => as("Operator")(["cap", ...args].join(" "));
    const shown =
      "At most 100,000 messages a day are sent; the stack allows at most 100,000. Of today's, 0 are used, or planned for the next seconds.\n";
    expect(await cap()).toMatchObject({ code: 0, out: shown });
    expect(await cap("50000")).toMatchObject({ code: 0, out: "At most 50,000 messages a day are sent now.\n" });
    expect(JSON.parse((await cap("--json")).out)).toEqual({ perDay: 50_000, used: 0, ceiling: 100_000 });
    const above = await cap("200000");
    expect(above).toMatchObject({ code: 1, err: expect.stringContaining("from 1 to 100,000") });
    const done = JSON.parse((await as("Operator")("history --json")).out);
    expect(done).toMatchObject([{ what: "changed the daily limit", detail: "50,000 a day", by: expect.any(String) }]);
    expect((await as("Uploader")("cap 10")).code).toBe(1);
    expect(await cap("100000")).toMatchObject({ code: 0 });
  });

  test("credentials come from standard input, and the folders that people look for are created", async () => {
    const { username, password } = simulatorAccount;
    const stored = await as("Operator")("credentials", `${username}\n${password}\n`);
    expect(stored).toMatchObject({ code: 0, err: "" });
    expect(stored.out).not.toContain(password);
    const again = await place.bulkSend(["credentials"], {
      ...environmentOf("Operator"),
      ENSWITCH_USERNAME: username,
      ENSWITCH_PASSWORD: password,
    });
    expect(again).toMatchObject({ code: 0 });
    expect((await as("Operator")("doctor")).out).toContain(`ok    credentials: those of ${username} are stored.`);
  });

  test("the doctor is content when only what is optional is not set up", async () => {
    await using topic = await startServer(async (_request, response) => {
      response.end(
        "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions/></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>",
      );
    });
    const environment = { ...environmentOf("Operator"), AWS_ENDPOINT_URL_SNS: topic.settings.endpoint };
    const found = await place.bulkSend(["doctor"], environment);
    expect(found.out).toContain("note  mail: nobody gets mail; set notifyEmail and deploy, or subscribe to the topic.");
    expect(found.out).not.toContain("TODO");
    expect(found.code).toBe(0);
    const told = JSON.parse((await place.bulkSend(["doctor", "--json"], environment)).out);
    expect(told).toContainEqual(expect.objectContaining({ what: "mail", ok: false, optional: true }));
  });

  test("credentials are stored even if the reporter cannot be told at once, which is said", async () => {
    const { username, password } = simulatorAccount;
    const outputs = { ...cloud.outputs, NudgesQueueUrl: "http://127.0.0.1:1/000000000000/nudges" };
    await using stacks = await startServer(async (_request, response) => {
      const member = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      const stack = { StackName: "BulkSend", StackStatus: "CREATE_COMPLETE", Outputs: { member } };
      const result = { DescribeStacksResult: { Stacks: { member: stack } } };
      response.end(writeXml({ DescribeStacksResponse: result }));
    });
    const nowhere = { ...environmentOf("Operator"), AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.settings.endpoint };
    const stored = await place.bulkSend(["credentials"], nowhere, `${username}\n${password}\n`);
    expect(stored).toMatchObject({
      code: 0,
      out: expect.stringContaining(`The credentials of ${username} are stored`),
    });
    expect(stored.err).toMatch(/^The reporter could not be told at once: [^\n]+\.$/m);
  });

  test("a list's text goes to the person's own phone", async () => {
    const tested = await as("Operator")("test +447700900999 spring.csv --yes");
    expect(tested).toMatchObject({ code: 0 });
    expect(simulator.calls().at(-1)?.parameters).toMatchObject({ cnumber: "+447700900999", message: "Hello 0" });
  });

  test("suppression, upload, status and report", async () => {
    expect(await as("Operator")("suppress list")).toMatchObject({ code: 0, out: "" });
    expect(await as("Operator")("suppress add +447700900001")).toMatchObject({ code: 0 });
    expect(await as("Operator")("suppress list")).toMatchObject({ code: 0, out: "+447700900001\n" });
    const uploaded = await as("Operator")("upload spring.csv");
    expect(uploaded).toMatchObject({ code: 0 });
    expect(uploaded.out).toContain("To watch it: npx bulk-send status spring --watch");
    // At once, as the line above says: perhaps before it is judged.
    const watched = await as("Operator")("status spring --watch");
    expect(watched).toMatchObject({ code: 0 });
    expect(watched.out).toContain("39 submitted, 1 skipped");
    expect((await as("Operator")("upload spring.csv")).out).toContain(
      "with exactly this content; nothing was uploaded. It is complete.",
    );
    const reported = await as("Operator")("report spring -o there");
    expect(reported).toMatchObject({ code: 0 });
    expect(column(await place.read("there/report.csv"), "send_status").filter((s) => s === "submitted")).toHaveLength(
      39,
    );
    expect(await as("Operator")("suppress remove 0044(0)7700-900001")).toMatchObject({ code: 0 });
    expect(await as("Operator")("suppress list")).toMatchObject({ code: 0, out: "" });
  });

  test("pause, rate, resume and cancel, and who did it", async () => {
    expect(await as("Operator")("rate 20")).toMatchObject({ code: 0 });
    expect((await as("Operator")("rate")).out).toBe("The rate is 20 a second; the stack allows at most 100.\n");
    expect(await as("Operator")("rate 101")).toMatchObject({ code: 1 });
    await as("Operator")("upload long.csv");
    await expect.poll(async () => (await as("Operator")("pause long")).code, { interval: 200 }).toBe(0);
    const status = await as("Operator")("status long");
    expect(status.code).toBe(3);
    expect(status.out.trimEnd().split("\n").at(-1)).toMatch(/^Paused by AIDA[0-9A-F]{17}/);
    expect(await as("Operator")("pause")).toMatchObject({ code: 0 });
    expect(await as("Operator")("status")).toMatchObject({ code: 3 });
    expect(await as("Operator")("resume")).toMatchObject({ code: 0 });
    expect(await as("Operator")("resume long")).toMatchObject({ code: 0 });
    expect(await as("Operator")("cancel long")).toMatchObject({ code: 0 });
    const watched = await as("Operator")("status long --watch");
    expect(watched).toMatchObject({ code: 0 });
    const summary = Summary.parse(JSON.parse((await as("Operator")("report long --json")).out));
    expect(summary.counts.submitted + summary.counts.cancelled).toBe(3000);
  });

  test("nothing was denied, and nothing is granted that no command needs", () => {
    const operator = cloud.stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith("PeopleOperator"))?.arn;
    expect(cloud.usage.denials().filter(({ role }) => role === operator)).toEqual([]);
    const reasons = [
      /^s3:AbortMultipartUpload /, // when a large upload fails half-way
      /^s3:(Get|Put)Object .*\/(check|attachments)\/\*$/, // lists and files that people put there by S3's own tools
    ];
    const unused = cloud.usage
      .grants()
      .filter(({ role, used }) => role === operator && used === 0)
      .map(({ action, resource }) => `${action} ${resource}`);
    expect(unused.filter((grant) => !reasons.some((reason) => reason.test(grant)))).toEqual([]);
  });
});

describe("with less than that", () => {
  test("the uploader uploads, and learns in one line what is not permitted", async () => {
    await place.write("autumn.csv", list(2).replaceAll("4477009", "4477007"));
    await place.write("nobody.csv", "phone,message,snumber\nabc,Hello,100\n");
    const nothing = await as("Uploader")("upload nobody.csv");
    expect(nothing).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("Nothing was uploaded: every row"),
    });
    const uploaded = await as("Uploader")("upload autumn.csv");
    expect(uploaded).toMatchObject({
      code: 0,
      err: expect.stringContaining("which may not be the stack's:\nautumn: 2 rows"),
    });
    expect(uploaded.err).toContain("Hello 0");
    await expect.poll(async () => (await as("Operator")("list")).out).toContain("autumn");
    for (const command of ["list", "status", "report spring", "pause spring", "rate 5", "suppress add +447700900002"]) {
      const denied = await as("Uploader")(command);
      expect(denied, command).toMatchObject({ code: 1, out: "" });
      expect(denied.err, command).toMatch(oneLine);
      expect(denied.err, command).toContain("AWS does not permit this: ");
      expect(denied.err, command).toContain("operator policy");
    }
    const stored = await as("Uploader")("credentials", "ann\nsecret-word\n");
    expect(stored).toMatchObject({ code: 1 });
    expect(stored.err).toMatch(oneLine);
    expect(`${stored.out}${stored.err}`).not.toContain("secret-word");
  });

  test("the reader reads reports, and uploads nothing", async () => {
    expect(await as("Reader")("report spring -o read")).toMatchObject({ code: 0 });
    expect(await place.read("read/summary.json")).toContain('"complete"');
    // S3 answers 403 here, as it does to everybody who may not list the whole bucket.
    const none = await as("Reader")("report spring-2 -o none");
    expect(none).toMatchObject({ code: 1, out: "" });
    expect(none.err).toMatch(/^There is no report for spring-2, or it has expired after 90 days \(keepDays\)\. /);
    await place.write("winter.csv", list(2));
    const denied = await as("Reader")("upload winter.csv");
    expect(denied).toMatchObject({ code: 1, out: "" });
    // Above it stands what would be sent.
    expect(`${denied.err.trimEnd().split("\n").at(-1)}\n`).toMatch(oneLine);
    expect(denied.err).not.toContain("    at ");
  });

  test("a missing stack, missing credentials, and credentials that AWS does not know", async () => {
    const none = await as("Operator")("list --stack Nothing");
    expect(none).toMatchObject({ code: 1, out: "" });
    expect(none.err).toMatch(oneLine);
    expect(none.err).toContain("stack Nothing");
    const everything = {
      ...nobody(),
      AWS_ACCESS_KEY_ID: cloud.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: cloud.credentials.secretAccessKey,
    };
    const absent = await place.bulkSend(["list", "--stack", "Nothing"], everything);
    expect(absent).toMatchObject({ code: 1, out: "" });
    expect(absent.err).toContain("There is no stack Nothing in this account and region");
    const anonymous = await place.bulkSend(["list"], nobody());
    expect(anonymous).toMatchObject({ code: 1, out: "" });
    expect(anonymous.err).toMatch(/^There are no AWS credentials: .*--local[^\n]*\n$/);
    const stranger = await place.bulkSend(["list"], { ...everything, AWS_ACCESS_KEY_ID: "AKIANOBODY" });
    expect(stranger).toMatchObject({ code: 1, out: "" });
    expect(stranger.err).toMatch(/^AWS does not accept the credentials[^\n]*\n$/);
    const { AWS_REGION: _region, ...nowhere } = everything;
    const lost = await place.bulkSend(["list"], nowhere);
    expect(lost).toMatchObject({ code: 1, out: "" });
    expect(lost.err).toMatch(/^No AWS region is set[^\n]*\n$/);
  });
});
