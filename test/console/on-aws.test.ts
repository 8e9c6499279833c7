import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { keysFor } from "../../console/sign-in/pool-keys.ts";
import type { EmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { createDynamoTable } from "../../shared/aws/dynamo-table.ts";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import { personTag } from "../../shared/campaign/identity.ts";
import { rolesIn } from "../../shared/console/groups.ts";
import type { Session } from "../../shared/console/session.ts";
import { type Workplace, workplace } from "../cli/workplace.ts";
import type { SignInService } from "./sign-in-service.ts";
import { type StackOnAws, startStackOnAws } from "./stack-on-aws.ts";

/**
 * A stack with a console, by its own template: the reporter publishes the page, people are added at the command line, they
 * sign in with their mail and password, and the keys that they get do what their roles allow and nothing else.
 */
const resources = new AsyncDisposableStack();
let stack: StackOnAws;
let cloud: EmbeddedCloud;
let service: SignInService;
let place: Workplace;

beforeAll(async () => {
  stack = resources.use(await startStackOnAws({ approval: "always" }));
  ({ cloud, service } = stack);
  place = resources.use(await workplace());
  vi.stubGlobal("fetch", (...[target, init]: Parameters<typeof fetch>) => {
    const { host } = new URL(target instanceof Request ? target.url : target);
    return service.hosts.includes(host) ? service.fetch(target, init) : realFetch(target, init);
  });
}, 120_000);

const realFetch = fetch;

afterAll(async () => {
  vi.unstubAllGlobals();
  await resources.disposeAsync();
});

const clientOf = (credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}) => ({ endpoint: cloud.endpoint, region: cloud.region, credentials, forcePathStyle: true, maxAttempts: 1 });

const policy = (name: string) =>
  cloud.stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith(`People${name}`))?.logicalId ?? name;

/** A command of somebody who has the operators' policy. */
const asOperator = (...words: readonly string[]) => {
  const { accessKeyId, secretAccessKey } = cloud.credentialsOf(policy("Operator"));
  return place.bulkSend(words, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: service.endpoint,
    AWS_REGION: cloud.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
};

const Tokens = z.object({ id_token: z.string(), refresh_token: z.string() });

/** Signs in on the login pages, with the password of the last invitation, and redeems the code. */
async function tokensOf(mail: string) {
  const { signIn, invitations } = service;
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const page = cloud.outputs["ConsoleUrl"] ?? "";
  const asked = { response_type: "code", client_id: signIn.clientId, redirect_uri: page, scope: "openid email" };
  const query = new URLSearchParams({ ...asked, state: "s", code_challenge: challenge, code_challenge_method: "S256" });
  const password = invitations.findLast((invitation) => invitation.mail === mail)?.password ?? "none";
  const back = await service.fetch(`https://${signIn.domain}/login?${query}`, {
    method: "POST",
    body: new URLSearchParams({ username: mail, password }),
    redirect: "manual",
  });
  const code = new URL(back.headers.get("location") ?? page).searchParams.get("code");
  if (code === null) return undefined;
  const redeem = (more: Record<string, string>) =>
    service.fetch(`https://${signIn.domain}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: signIn.clientId,
        redirect_uri: page,
        ...more,
      }),
    });
  const stolen = await redeem({ code: `${code}`, code_verifier: randomBytes(32).toString("base64url") });
  expect(stolen.status).toBe(400);
  // The code was good for one attempt.
  expect((await redeem({ code, code_verifier: verifier })).status).toBe(400);
  const again = await service.fetch(`https://${signIn.domain}/login?${query}`, {
    method: "POST",
    body: new URLSearchParams({ username: mail, password }),
    redirect: "manual",
  });
  const second = new URL(again.headers.get("location") ?? page).searchParams.get("code") ?? "";
  return Tokens.parse(await (await redeem({ code: second, code_verifier: verifier })).json());
}

const Claims = z.object({ sub: z.string(), "cognito:groups": z.array(z.string()).default([]) });

/** What somebody gets who signs in: the keys by the page's own code. */
async function signedIn(mail: string) {
  const tokens = await tokensOf(mail);
  const claims = Claims.parse(JSON.parse(Buffer.from(tokens?.id_token.split(".")[1] ?? "", "base64url").toString()));
  return {
    sub: claims.sub,
    roles: rolesIn(claims["cognito:groups"]),
    credentials: await keysFor(service.signIn, tokens?.id_token ?? ""),
  };
}

const bucketName = () => cloud.outputs["BucketName"] ?? "";

/** Uploads a list, with the tag that names somebody or without; the HTTP status of the answer. */
async function upload(credentials: Session["credentials"], key: string, person?: string): Promise<number | undefined> {
  const client = new S3Client(clientOf(credentials));
  const Tagging = person === undefined ? undefined : `${personTag}=${person}`;
  return statusOf(
    client.send(new PutObjectCommand({ Bucket: bucketName(), Key: key, Body: "phone,message\n", Tagging })),
  );
}

const statusOf = (call: Promise<{ $metadata: { httpStatusCode?: number } }>) =>
  call.then(
    ({ $metadata }) => $metadata.httpStatusCode,
    (error: unknown) =>
      z.object({ $metadata: z.object({ httpStatusCode: z.number() }) }).parse(error).$metadata.httpStatusCode,
  );

const readsReports = (credentials: Session["credentials"]) =>
  statusOf(
    new S3Client(clientOf(credentials)).send(new ListObjectsV2Command({ Bucket: bucketName(), Prefix: "reports/" })),
  );

test("the reporter publishes the page as it was built, and tells it what it needs", async () => {
  const { settings, pageFiles, pagesName } = stack;
  expect(settings).toMatchObject({ stackName: "BulkSend", bucket: bucketName(), sending: { approval: "always" } });
  const { files } = z
    .object({ files: z.array(z.object({ path: z.string(), contentType: z.string() })) })
    .parse(JSON.parse(await readFile(join(pageFiles, "contents.json"), "utf8")));
  expect(files.map(({ path }) => path)).toContain("index.html");
  const client = new S3Client(clientOf(cloud.credentials));
  for (const { path, contentType } of files) {
    const found = await client.send(new GetObjectCommand({ Bucket: pagesName, Key: `console/${path}` }));
    expect(found.ContentType).toBe(contentType);
    expect(await found.Body?.transformToByteArray()).toEqual(new Uint8Array(await readFile(join(pageFiles, path))));
  }
  expect(cloud.usage.denials()).toEqual([]);
});

describe("people", () => {
  test("who are added get an invitation, and what they may do is said", async () => {
    const added = await asOperator("people", "add", "anna@example.com", "--role", "uploader", "--role", "reader");
    expect(added).toMatchObject({ code: 0, err: "" });
    expect(added.out).toBe(
      `anna@example.com may use ${cloud.outputs["ConsoleUrl"]} as uploader, reader. An invitation with a first password is on its way.\n`,
    );
    expect(service.invitations.map(({ mail }) => mail)).toEqual(["anna@example.com"]);
    for (const words of [
      ["ben@example.com", "--role", "approver"],
      ["carla@example.com", "--role", "uploader", "--role", "approver"],
      ["dora@example.com", "--role", "operator"],
    ]) {
      expect((await asOperator("people", "add", ...words, "--json")).code).toBe(0);
    }
  });

  test("are listed with what they may do and the id that the history has", async () => {
    const listed = await asOperator("people", "list");
    expect(listed.code).toBe(0);
    expect(listed.out.replace(/[0-9a-f-]{36}/g, "<id>").split("\n")).toEqual([
      "mail               may                         state    id",
      "anna@example.com   uploader, reader            invited  <id>",
      "ben@example.com    reader, approver            invited  <id>",
      "carla@example.com  uploader, reader, approver  invited  <id>",
      "dora@example.com   uploader, reader, operator  invited  <id>",
      "",
    ]);
    const json = z.array(z.object({ mail: z.string(), roles: z.array(z.string()), id: z.uuid() }));
    expect(json.parse(JSON.parse((await asOperator("people", "list", "--json")).out))).toHaveLength(4);
  });

  test.each([
    [["people", "add", "anna@example.com"], /Say what the person may do, with --role uploader/],
    [["people", "add", "anna@example.com", "--role", "boss"], /must be uploader, reader, operator or approver/],
    [["people", "add", "anna", "--role", "reader"], /anna is not an e-mail address/],
    [["people", "remove"], /Name the e-mail address of the person to remove/],
    [["people", "list", "--local"], /console of this machine has no people/],
  ])("%j is refused in a sentence", async (words, sentence) => {
    const { code, out, err } = await asOperator(...words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(sentence);
  });

  test("who upload do it as who they are: with their own tag, with nobody else's, and not without", async () => {
    const anna = await signedIn("anna@example.com");
    const carla = await signedIn("carla@example.com");
    expect(anna.roles).toEqual(["uploader", "reader"]);
    expect(await upload(anna.credentials, "check/first.csv", anna.sub)).toBe(200);
    expect(await upload(anna.credentials, "check/second.csv")).toBe(403);
    expect(await upload(anna.credentials, "check/third.csv", carla.sub)).toBe(403);
    expect(await upload(anna.credentials, "reports/first.csv", anna.sub)).toBe(403);
    expect(await readsReports(anna.credentials)).toBe(200);
  });

  test("who approve do it as who they are, and upload nothing", async () => {
    const ben = await signedIn("ben@example.com");
    const carla = await signedIn("carla@example.com");
    expect(await upload(ben.credentials, "campaigns/own.csv", ben.sub)).toBe(403);
    expect(await readsReports(ben.credentials)).toBe(200);
    const approvals = createApprovals(
      createDynamoTable(new DynamoDBClient(clientOf(ben.credentials)), cloud.outputs["TableName"] ?? ""),
    );
    const given = { run: "run-1", at: Date.now() };
    await approvals.give("spring", { ...given, approver: { kind: "tagged", userId: ben.sub } });
    await expect(
      approvals.give("spring", { ...given, approver: { kind: "tagged", userId: carla.sub } }),
    ).rejects.toThrow();
    await expect(
      approvals.give("spring", { ...given, approver: { kind: "person", userId: ben.sub } }),
    ).rejects.toThrow();
  });

  test("who operate upload with their tag like the others", async () => {
    const dora = await signedIn("dora@example.com");
    expect(await upload(dora.credentials, "check/dora.csv", dora.sub)).toBe(200);
    expect(await upload(dora.credentials, "check/dora.csv", "somebody-else")).toBe(403);
  });

  test("whose roles change have the new ones at the next sign-in, and no invitation once they have signed in", async () => {
    const before = service.invitations.length;
    const changed = await asOperator("people", "add", "anna@example.com", "--role", "reader");
    expect(changed.out).toBe(`anna@example.com may use ${cloud.outputs["ConsoleUrl"]} as reader.\n`);
    expect(service.invitations).toHaveLength(before);
    const anna = await signedIn("anna@example.com");
    expect(anna.roles).toEqual(["reader"]);
    expect(await upload(anna.credentials, "check/fourth.csv", anna.sub)).toBe(403);
    expect(await readsReports(anna.credentials)).toBe(200);
  });

  test("who are not yet in are invited again", async () => {
    await asOperator("people", "add", "emil@example.com", "--role", "uploader");
    const again = await asOperator("people", "add", "emil@example.com", "--role", "uploader");
    expect(again.out).toMatch(/invitation.*\nWithout the role reader, no result of a list is shown\.\n$/);
    expect(service.invitations.filter(({ mail }) => mail === "emil@example.com")).toHaveLength(2);
  });

  test("get no keys with a token that has ended", async () => {
    const tokens = await tokensOf("ben@example.com");
    await expect(keysFor(service.signIn, tokens?.id_token ?? "")).resolves.toHaveProperty("sessionToken");
    service.pass(16 * 60);
    await expect(keysFor(service.signIn, tokens?.id_token ?? "")).rejects.toThrow("NotAuthorizedException");
  });

  test("who are removed neither sign in nor get keys with what they still have", async () => {
    const tokens = await tokensOf("carla@example.com");
    const removed = await asOperator("people", "remove", "carla@example.com");
    expect(removed).toMatchObject({ code: 0, err: "" });
    expect(removed.out).toMatch(/^carla@example\.com cannot sign in any more; .* another hour at most\.\n$/);
    expect(service.leftSignedIn).toEqual([]);
    expect(await tokensOf("carla@example.com")).toBeUndefined();
    await expect(keysFor(service.signIn, tokens?.id_token ?? "")).rejects.toThrow("NotAuthorizedException");
    const again = await asOperator("people", "remove", "carla@example.com");
    expect(again).toMatchObject({ code: 1, out: "" });
    expect(again.err).toContain(
      "nobody with the address carla@example.com. To see who there is: npx bulk-send people list",
    );
  });
});
