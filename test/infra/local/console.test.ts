import { spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { HeadBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { ownConsoleLink } from "../../../infra/local/console/console-link.ts";
import { userIn } from "../../../infra/local/console/peer-user.ts";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../../infra/local/embedded-cloud.ts";
import { preparedStack } from "../../../infra/local/prepared-stack.ts";
import { ConsoleSettings } from "../../../shared/console/console-settings.ts";
import { Session } from "../../../shared/console/session.ts";
import { signedHeaders } from "./sign-request.ts";
import { dataDirectory } from "./small-cloud.ts";

/** The services of the whole stack, and its console. */
async function startConsole(dataDir: string) {
  const stack = preparedStack({
    endpoint: "https://pbx.example.com/api/json",
    sendsPerSecond: 20,
    country: "GB",
    snumber: "442079460000",
    approval: 100,
    optOut: { footer: "Reply STOP to stop" },
  });
  const cloud = await startEmbeddedCloud({
    dataDir,
    stack,
    functions: false,
    environment: { SIMULATED: "true" },
    onLog: (line) => expect(line).toBe(""),
  });
  const { link = "" } = cloud.console ?? {};
  return { cloud, link, secret: secretIn(link), [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

const secretIn = (link: string) => new URL(link).hash.replace("#key=", "");

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks for exactly this path with exactly these headers, as no browser's `fetch` would. */
async function ask(
  cloud: Pick<EmbeddedCloud, "endpoint">,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Answer> {
  const { hostname, port } = new URL(cloud.endpoint);
  const asked = request({ hostname, port, path, method, headers });
  asked.end();
  const [response] = await once(asked, "response");
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

const openSession = async (cloud: EmbeddedCloud, secret: string) =>
  Session.parse(JSON.parse((await ask(cloud, "/console/session", bearer(secret), "POST")).body));

/** What must hold of every answer, whoever gets it. */
function expectSafe({ headers }: Answer): void {
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["content-security-policy"]).not.toContain("unsafe");
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  });
  expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  // Over plain HTTP it would lock people out of everything else on this machine.
  expect(headers["strict-transport-security"]).toBeUndefined();
}

test("who has the link gets the page, its settings, and keys that the services take", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const { cloud, secret } = it;
  expect(it.link).toBe(`${cloud.endpoint}/console/#key=${secret}`);

  const page = await ask(cloud, "/console/");
  expect(page).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
  expectSafe(page);
  expect(page.headers["cache-control"]).toBe("no-store");
  expect(await ask(cloud, "/console/index.html")).toMatchObject({ status: 200, body: page.body });
  expect(await ask(cloud, "/console")).toMatchObject({ status: 308, headers: { location: "/console/" } });
  const assets = [...page.body.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) {
    const asset = await ask(cloud, `/console/${path}`);
    expect(asset).toMatchObject({ status: 200, headers: { "cache-control": expect.stringContaining("immutable") } });
    expectSafe(asset);
  }
  const notices = await ask(cloud, "/console/THIRD-PARTY-NOTICES.txt");
  expect(notices.headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(notices.body).toMatch(/^preact@?.*\(MIT\)/m);
  const head = await ask(cloud, "/console/", {}, "HEAD");
  expect(head).toMatchObject({ status: 200, body: "", headers: { "content-length": page.headers["content-length"] } });

  const told = await ask(cloud, "/console/config.json", bearer(secret));
  expectSafe(told);
  expect(told).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
  expect(ConsoleSettings.parse(JSON.parse(told.body))).toEqual({
    version: expect.stringMatching(/^[0-9a-f]{16}$/),
    stackName: "BulkSend",
    region: cloud.region,
    bucket: cloud.outputs["BucketName"],
    table: cloud.outputs["TableName"],
    nudges: cloud.outputs["NudgesQueueUrl"],
    endpoint: cloud.endpoint,
    signIn: { kind: "link" },
    sending: {
      ...{ sendsPerSecond: 20, country: "GB", sender: "442079460000", approval: 100, keepDays: 90, simulated: true },
      optOut: { footer: "Reply STOP to stop" },
    },
  });

  const opened = await ask(cloud, "/console/session", bearer(secret), "POST");
  expectSafe(opened);
  expect(opened).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
  const session = Session.parse(JSON.parse(opened.body));
  expect(session.roles).toEqual(["uploader", "reader", "operator", "approver"]);
  expect(session.credentials.accessKeyId).not.toBe(cloud.credentials.accessKeyId);
  using s3 = clientOf(cloud, session);
  await s3.send(new HeadBucketCommand({ Bucket: cloud.outputs["BucketName"] }));
  // Loading the page again makes no other keys.
  expect(await openSession(cloud, secret)).toEqual(session);
});

function clientOf(cloud: EmbeddedCloud, { credentials }: Session): S3Client & Disposable {
  const { endpoint, region } = cloud;
  // The client writes into what it is given.
  const own = { ...credentials };
  const s3 = new S3Client({ endpoint, region, credentials: own, forcePathStyle: true, maxAttempts: 1 });
  return Object.assign(s3, { [Symbol.dispose]: () => s3.destroy() });
}

test("a page that was opened as localhost calls localhost", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const { port } = new URL(it.cloud.endpoint);
  const host = `localhost:${port}`;
  const origin = `http://${host}`;
  const told = await ask(it.cloud, "/console/config.json", { ...bearer(it.secret), host, origin });
  const { endpoint, nudges } = ConsoleSettings.parse(JSON.parse(told.body));
  expect(endpoint).toBe(origin);
  expect(nudges.startsWith(`${origin}/`)).toBe(true);
});

test("nobody gets settings or keys without the secret, or with one of an earlier start", async () => {
  await using directory = await dataDirectory();
  let earlier: string;
  {
    await using first = await startConsole(directory.path);
    earlier = first.secret;
  }
  await using it = await startConsole(directory.path);
  expect(it.secret).not.toBe(earlier);
  const wrong: readonly Readonly<Record<string, string>>[] = [
    {},
    bearer(""),
    bearer(earlier),
    bearer(`${it.secret}A`),
    bearer(it.secret.slice(1)),
    bearer(`${it.secret.slice(0, -2)}__`),
    bearer(`${it.secret}, ${it.secret}`),
    { authorization: it.secret },
    { authorization: `Basic ${Buffer.from(`:${it.secret}`).toString("base64")}` },
    { cookie: `key=${it.secret}` },
  ];
  for (const headers of wrong) {
    for (const [path, method] of [
      ["/console/session", "POST"],
      [`/console/session?key=${it.secret}`, "POST"],
      ["/console/config.json", "GET"],
    ] as const) {
      const refused = await ask(it.cloud, path, headers, method);
      expect(refused).toMatchObject({ status: 401, body: "", headers: { "www-authenticate": "Bearer" } });
      expectSafe(refused);
    }
  }
  expect(await ask(it.cloud, "/console/session", bearer(it.secret), "POST")).toMatchObject({ status: 200 });
});

test("another website gets nothing, by whatever name it has this machine, even with the secret", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const { host, port } = new URL(it.cloud.endpoint);
  const asks = [
    ["/console/", "GET"],
    ["/console", "GET"],
    ["/console/config.json", "GET"],
    ["/console/session", "POST"],
    ["/console/session", "OPTIONS"],
  ] as const;
  const refused = async (headers: Readonly<Record<string, string>>, status: number) => {
    for (const [path, method] of asks) {
      const answer = await ask(it.cloud, path, { ...bearer(it.secret), ...headers }, method);
      expect(answer).toMatchObject({ status, body: "" });
      expectSafe(answer);
    }
  };
  for (const name of [
    `evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `localhost.evil.example:${port}`,
    "127.0.0.1",
    "localhost",
    `127.0.0.1:${Number(port) + 1}`,
    `127.0.0.1:${port}@evil.example`,
    `[::1]:${port}`,
  ]) {
    await refused({ host: name }, 421);
  }
  for (const origin of [
    "https://evil.example",
    `http://evil.example:${port}`,
    `https://${host}`,
    `http://127.0.0.1:${Number(port) + 1}`,
    `http://localhost:${port}`,
    `http://${host}.evil.example`,
    "null",
    "",
  ]) {
    await refused({ origin }, 403);
  }
  // What browsers say of requests that have no origin: images, scripts, frames.
  for (const site of ["cross-site", "same-site"]) {
    for (const destination of ["script", "image", "iframe", "empty"]) {
      const mode = destination === "iframe" ? "navigate" : "no-cors";
      await refused({ "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": destination }, 403);
    }
  }
  const followed = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  expect(await ask(it.cloud, "/console/", followed)).toMatchObject({ status: 200 });
  expect(await ask(it.cloud, "/console/config.json", { ...followed, ...bearer(it.secret) })).toMatchObject({
    status: 403,
  });
  // Nor does a service let a page of another website ask it anything.
  const preflight = { origin: "https://evil.example", "access-control-request-method": "PUT" };
  for (const path of ["/", `/${it.cloud.outputs["BucketName"]}/campaigns/list.csv`]) {
    const answer = await ask(it.cloud, path, preflight, "OPTIONS");
    expect(answer.status).toBe(403);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  }
});

test("only the page's own files can be asked for, and only as they are meant", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  for (const path of [
    "/console/../cloud.json",
    "/console/..%2fcloud.json",
    "/console/%2e%2e/contents.json",
    "/console/contents.json",
    "/console/assets/../contents.json",
    "/console/assets/..%5c..%5ccontents.json",
    "/console/assets",
    "/console/assets/",
    "/console//index.html",
    "/console/./index.html",
    "/console/index.html%00",
    "/console/__proto__",
    "/console/constructor",
    "/console//etc/passwd",
  ]) {
    const missing = await ask(it.cloud, path, bearer(it.secret));
    expect([path, missing.status, missing.body]).toEqual([path, 404, ""]);
    expectSafe(missing);
  }
  for (const [path, methods, allowed] of [
    ["/console/", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"], "GET, HEAD"],
    ["/console/config.json", ["POST", "PUT", "DELETE"], "GET, HEAD"],
    ["/console/session", ["GET", "HEAD", "PUT", "DELETE"], "POST"],
  ] as const) {
    for (const method of methods) {
      const refused = await ask(it.cloud, path, bearer(it.secret), method);
      expect(refused).toMatchObject({ status: 405, body: "", headers: { allow: allowed } });
    }
  }
  // What else is at this address belongs to the services, which take signed requests only.
  expect(await ask(it.cloud, "/consoles/", bearer(it.secret))).toMatchObject({ status: 403 });
});

test("a browser's command line, which others can read, lets in nobody but this user's own processes", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const secret = secretIn(ownConsoleLink(it.cloud));
  expect(secret).not.toBe(it.secret);
  const isLinux = process.platform === "linux";
  const own = await ask(it.cloud, "/console/session", bearer(secret), "POST");
  // Elsewhere nobody knows whose process it is.
  expect(own.status).toBe(isLinux ? 200 : 401);
  if (!isLinux || process.getuid?.() !== 0) return;
  const asOther = async (used: string) => {
    const { hostname, port } = new URL(it.cloud.endpoint);
    const script = `
      const [, host, port, secret] = process.argv;
      require("node:http").request(
        { host, port, path: "/console/session", method: "POST", headers: { authorization: "Bearer " + secret } },
        (response) => { console.log(response.statusCode); process.exit(); },
      ).end();`;
    const child = spawn(process.execPath, ["-e", script, hostname, port, used], { uid: 65_534, gid: 65_534, cwd: "/" });
    return (await text(child.stdout)).trim();
  };
  expect(await asOther(it.secret)).toBe("200");
  expect(await asOther(secret)).toBe("401");
});

test("Linux's list of connections tells whose process is at the other end", async () => {
  const table = (...lines: string[]) =>
    ["  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", ...lines].join(
      "\n",
    );
  const line = (local: string, remote: string, state: string, user: number) =>
    `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${user}        0 1458846 1 0 100 0 0 10 0`;
  const [server, client] = ["0100007F:1F90", "0100007F:A1B2"];
  const peer = { remotePort: 0xa1b2, localPort: 0x1f90 };
  // Both ends are listed; the server's own end says nothing about the client.
  expect(userIn(table(line(server, client, "01", 0), line(client, server, "01", 1000)), peer)).toBe(1000);
  expect(userIn(table(line(server, client, "01", 0)), peer)).toBeUndefined();
  expect(userIn(table(line(client, server, "06", 1000)), peer)).toBeUndefined();
  expect(userIn(table(line("0200000A:A1B2", server, "01", 1000)), peer)).toBeUndefined();
  expect(userIn(table(line(client, "0200000A:1F90", "01", 1000)), peer)).toBeUndefined();
  expect(userIn("", peer)).toBeUndefined();
  const both = (address: string) => `0000000000000000FFFF0000${address}`;
  expect(userIn(table(line(both(client), both(server), "01", 1001)), peer)).toBe(1001);
  expect(userIn(table(line(client, server, "01", 1000)), { remotePort: undefined, localPort: 0x1f90 })).toBeUndefined();
});

test("sessions can be ended, and the link gives another", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const first = await openSession(it.cloud, it.secret);
  it.cloud.console?.expireSessions();
  using old = clientOf(it.cloud, first);
  const bucket = new HeadBucketCommand({ Bucket: it.cloud.outputs["BucketName"] });
  await expect(old.send(bucket)).rejects.toThrow();
  using s3 = clientOf(it.cloud, await openSession(it.cloud, it.secret));
  await s3.send(bucket);
});

test("a page in the bucket is to a browser like another website's, which reads nothing of the console", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const { host } = new URL(it.cloud.endpoint);
  const target = `/${it.cloud.outputs["BucketName"]}/attachments/evil.html`;
  const page = "<script>sessionStorage</script>";
  const { endpoint, region } = it.cloud;
  const credentials = { ...it.cloud.credentials };
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const named = { Bucket: it.cloud.outputs["BucketName"], Key: "attachments/evil.html", ContentType: "text/html" };
  await s3.send(new PutObjectCommand({ ...named, Body: page }));
  s3.destroy();
  const shown = await ask(it.cloud, target, signedHeaders(it.cloud, { method: "GET", host, target }));
  expect(shown).toMatchObject({ status: 200, body: page, headers: { "content-type": "text/html" } });
  expect(shown.headers["content-security-policy"]).toMatch(/^sandbox /);
  expect(shown.headers["content-security-policy"]).not.toContain("allow-same-origin");
});

test("a client that goes away in the middle harms nobody", async () => {
  await using directory = await dataDirectory();
  await using it = await startConsole(directory.path);
  const { hostname, port, host } = new URL(it.cloud.endpoint);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(`POST /console/session HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\nhalf`);
  socket.destroy();
  expect(await ask(it.cloud, "/console/")).toMatchObject({ status: 200 });
});
