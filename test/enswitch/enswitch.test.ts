import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { simulatorAccount, startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import type { Fault } from "../../infra/local/enswitch-simulator/fault.ts";
import { createEnswitch, type Enswitch, type EnswitchOptions } from "../../shared/enswitch/enswitch.ts";
import type { Gate, SendParameters, Verdict } from "../../shared/enswitch/verdict.ts";
import { accepted, goOn, httpReply, startRawServer } from "./raw-server.ts";

const password = "p;a&s%s+ wörd";
const go: Gate = () => true;
const parameters: SendParameters = { cnumber: "2125551234", message: "Hello", stype: "", snumber: "2125550000" };
const client = (endpoint: string, options: Partial<EnswitchOptions> = {}) =>
  createEnswitch({ endpoint, answerTimeoutMs: 5_000, connectTimeoutMs: 5_000, ...options });

async function prepared(enswitch: Enswitch, changes: Partial<SendParameters> = {}, secret = password) {
  const call = await enswitch.prepare(
    { ...parameters, ...changes },
    { username: simulatorAccount.username, password: secret },
  );
  if (call.kind !== "prepared") throw new Error(`not prepared: ${call.attachment}`);
  return call;
}

const send = async (enswitch: Enswitch, changes: Partial<SendParameters> = {}, gate = go, secret = password) =>
  enswitch.fire(await prepared(enswitch, changes, secret), gate);

/** Every verdict of a test passes here: none may carry the password. */
const verdicts: Verdict[] = [];
const seen = (verdict: Verdict) => {
  verdicts.push(verdict);
  return verdict;
};
afterEach(() => {
  for (const verdict of verdicts.splice(0)) {
    expect(JSON.stringify(verdict)).not.toContain(password);
    expect(JSON.stringify(verdict)).not.toContain(encodeURIComponent(password));
  }
});

describe("the endpoint", () => {
  test.each([
    ["http to another machine", "http://pbx.example.com/api/json", /https/],
    ["credentials", "https://user:hunter2@pbx.example.com/api/json", /credentials/],
    ["a query", "https://pbx.example.com/api/json?x=1", /without/],
    ["another protocol", "ftp://pbx.example.com/", /https/],
    ["no URL", "pbx.example.com hunter2", /not a URL/],
  ])("with %s is refused in a sentence that gives nothing away", (_name, endpoint, sentence) => {
    const create = () => client(endpoint);
    expect(create).toThrow(sentence);
    expect(create).not.toThrow(/hunter2/);
  });

  test.each([
    "http://localhost:1",
    "http://127.0.0.1:1/",
    "http://[::1]:1/x",
    "https://pbx.example.com/local/api/json/",
  ])("%s is taken", async (endpoint) => {
    await using enswitch = client(endpoint);
    expect(enswitch.inFlight()).toBe(0);
  });
});

describe("a call", () => {
  const tricky = "100% sure; a&b=c + d %20 😀\r\nnew line “ß” \u0001 !'()*~";

  test.each(["/api/json", "/local/api/json", ""])(
    "arrives as it was meant, below %o, encoded once, all in the body",
    async (basePath) => {
      await using simulator = await startEnswitchSimulator({
        basePath,
        account: { username: simulatorAccount.username, password },
      });
      await using enswitch = client(simulator.endpoint);
      const verdict = seen(await send(enswitch, { message: tricky, stype: "phone", snumber: "1;2", customer: "42" }));
      expect(verdict).toEqual({ kind: "submitted", code: 204 });
      expect(simulator.calls()).toMatchObject([
        {
          method: "POST",
          path: `${basePath}/messages/text/send/`,
          inUrl: [],
          passwordRight: true,
          parameters: { cnumber: "2125551234", message: tricky, stype: "phone", snumber: "1;2", customer: "42" },
        },
      ]);
    },
  );

  test("is written with %20 for spaces, an empty stype and no customer", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.requests(1);
      connection.socket.end(httpReply(accepted));
    });
    await using enswitch = client(server.endpoint);
    seen(await send(enswitch, { message: "a b+c;d&e%20\n" }));
    const request = server.connections[0]?.received() ?? "";
    expect(request).toMatch(/^POST \/api\/json\/messages\/text\/send\/ HTTP\/1\.1\r\n/);
    expect(request).toContain("user-agent: bulk-send\r\n");
    expect(request.split("\r\n\r\n")[1]).toBe(
      "auth_username=simulator&auth_password=p%3Ba%26s%25s%2B%20w%C3%B6rd&cnumber=2125551234" +
        "&message=a%20b%2Bc%3Bd%26e%2520%0A&stype=&snumber=2125550000",
    );
  });

  test("survives half of a surrogate pair", async () => {
    await using simulator = await startEnswitchSimulator();
    await using enswitch = client(simulator.endpoint);
    await send(enswitch, { message: "a\ud83d" }, go, simulatorAccount.password);
    expect(simulator.calls()[0]?.parameters["message"]).toBe("a\uFFFD");
  });

  test("carries files from 1 on, inline and from attachments, each attachment loaded once", async () => {
    await using simulator = await startEnswitchSimulator();
    const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256));
    const loads: string[] = [];
    await using enswitch = client(simulator.endpoint, {
      loadAttachment: async (attachment) => {
        loads.push(attachment);
        return attachment === "price list.pdf" ? content : undefined;
      },
    });
    const files = [
      { filename: "a.txt", base64: Buffer.from("~~~???").toString("base64") },
      { filename: "b & c.pdf", attachment: "price list.pdf" },
    ];
    for (const _row of [1, 2]) await send(enswitch, { files }, go, simulatorAccount.password);
    expect(loads).toEqual(["price list.pdf"]);
    expect(simulator.calls()).toHaveLength(2);
    for (const call of simulator.calls()) {
      expect(call.accepted).toBe(true);
      expect(call.files).toEqual([
        { filename: "a.txt", bytes: 6, sha256: createHash("sha256").update("~~~???").digest("hex") },
        { filename: "b & c.pdf", bytes: 100_000, sha256: createHash("sha256").update(content).digest("hex") },
      ]);
    }
  });

  test("is not prepared without its attachment, and prepared again after loading failed", async () => {
    let failing = true;
    await using enswitch = client("http://127.0.0.1:1", {
      loadAttachment: async (attachment) => {
        if (attachment === "gone.pdf") return undefined;
        if (failing) throw new Error("storage is out");
        return Buffer.from("x");
      },
    });
    const credentials = { username: "u", password: "p" };
    const withFile = (attachment: string) => ({ ...parameters, files: [{ filename: "f", attachment }] });
    expect(await enswitch.prepare(withFile("gone.pdf"), credentials)).toEqual({
      kind: "missing-attachment",
      attachment: "gone.pdf",
    });
    await expect(enswitch.prepare(withFile("a.pdf"), credentials)).rejects.toThrow("storage is out");
    failing = false;
    expect(await enswitch.prepare(withFile("a.pdf"), credentials)).toHaveProperty("kind", "prepared");
  });
});

test("a server that names the instant from which calls may be made again is waited for until then", async () => {
  const at = new Date(Date.now() + 600_000).toUTCString();
  await using server = await startRawServer(async (connection) => {
    await connection.requests(1);
    connection.socket.end(`HTTP/1.1 429 Too Many Requests\r\nretry-after: ${at}\r\ncontent-length: 0\r\n\r\n`);
  });
  await using enswitch = client(server.endpoint);
  const verdict = seen(await send(enswitch));
  expect(verdict.kind).toBe("not-sent");
  const wait = verdict.kind === "not-sent" ? (verdict.retryAfterMs ?? Number.NaN) : Number.NaN;
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(600_000);
});

describe("before anything is written", () => {
  test("a refused connection is not sent", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch))).toEqual({
      kind: "not-sent",
      cause: `connection refused by 127.0.0.1:${server.port}`,
    });
  });

  test("a failed TLS handshake is not sent", async () => {
    await using server = await startRawServer(({ socket }) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await using enswitch = client(server.endpoint.replace("http:", "https:"));
    expect(seen(await send(enswitch))).toMatchObject({ kind: "not-sent", cause: expect.stringContaining("TLS") });
  });

  test("a connection that does not open in time is not sent, and is not written later", async () => {
    // TLS never answers, so the connection stays half made.
    await using server = await startRawServer(() => {});
    await using enswitch = client(server.endpoint.replace("http:", "https:"), { connectTimeoutMs: 100 });
    let asked = 0;
    const verdict = await send(enswitch, {}, () => ++asked > 0);
    expect(seen(verdict)).toEqual({
      kind: "not-sent",
      cause: `no connection to 127.0.0.1:${server.port} within 0.1 s`,
    });
    await enswitch[Symbol.asyncDispose]();
    await server.allClosed();
    expect(asked).toBe(0);
    expect(enswitch.inFlight()).toBe(0);
  });

  test("a connection that opens just after its time-out is not written to", async () => {
    await using server = await startRawServer(({ socket }) => socket.on("data", () => socket.end(httpReply(accepted))));
    await using enswitch = client(server.endpoint, { connectTimeoutMs: 50 });
    let asked = 0;
    const call = await prepared(enswitch);
    const verdict = enswitch.fire(call, () => ++asked > 0);
    // The thread is busy until the time-out is due and the connection is open, both unseen: the time-out comes first.
    process.nextTick(() => {
      for (const until = performance.now() + 100; performance.now() < until; );
    });
    expect(seen(await verdict).kind).toBe("not-sent");
    // When a second call has its answer, the first connection has long been open.
    expect(seen(await send(enswitch, { cnumber: "2" })).kind).toBe("submitted");
    await enswitch[Symbol.asyncDispose]();
    await server.allClosed();
    expect(asked).toBe(0);
    expect(server.connections.map((each) => each.received()).join("")).not.toContain("cnumber=2125551234");
  });

  test("a gate that says no keeps every byte back, and the connection serves the next call", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.requests(1);
      connection.socket.write(httpReply(accepted));
    });
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch, { message: "withdrawn" }, () => false))).toEqual({ kind: "not-fired" });
    expect(server.connections.map((each) => each.received())).toEqual([""]);
    expect(seen(await send(enswitch, { message: "meant" }))).toEqual({ kind: "submitted", code: 204 });
    expect(server.connections).toHaveLength(1);
    expect(server.connections[0]?.received()).not.toContain("withdrawn");
  });

  test("a gate that throws fails the call without a byte", async () => {
    await using server = await startRawServer(() => {});
    await using enswitch = client(server.endpoint);
    const gate = () => {
      throw new Error("a bug");
    };
    await expect(send(enswitch, {}, gate)).rejects.toThrow("a bug");
    expect(server.connections[0]?.received()).toBe("");
    expect(enswitch.inFlight()).toBe(0);
  });

  test("the gate is asked once, with the connection open and nothing written", async () => {
    await using server = await startRawServer(async (connection) => {
      await connection.requests(1);
      connection.socket.end(httpReply(accepted));
    });
    await using enswitch = client(server.endpoint);
    const bytes: (number | undefined)[] = [];
    const gate = () => bytes.push(server.connections[0]?.received().length ?? 0) > 0;
    expect(seen(await send(enswitch, {}, gate)).kind).toBe("submitted");
    expect(bytes).toEqual([0]);
  });
});

describe("after the call was written", () => {
  const afterRequest =
    (answer: (socket: import("node:net").Socket) => void) =>
    async (connection: import("./raw-server.ts").RawConnection) => {
      await connection.requests(1);
      answer(connection.socket);
    };

  test.each([
    ["a reset", (socket) => socket.resetAndDestroy()],
    ["a close", (socket) => socket.end()],
    ["half a head and a close", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Le")],
    ["half a body and a close", (socket) => socket.end(httpReply(accepted).slice(0, -5))],
    [
      "half a body and a reset",
      (socket) => socket.write(httpReply(accepted).slice(0, -5), () => socket.resetAndDestroy()),
    ],
    ["half an unmeasured body", (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${accepted.slice(0, -5)}`)],
    [
      "half a chunked body",
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{ "re\r\n'),
    ],
    ["no HTTP", (socket) => socket.end("204 OK\r\n\r\n")],
    ["a 100 nobody asked for and a close", (socket) => socket.end(goOn)],
    ["half a 100 and a close", (socket) => socket.end(goOn.slice(0, 11))],
    ["a 100 that never ends", (socket) => socket.end(`HTTP/1.1 100 Continue\r\nX: ${"x".repeat(100_000)}`)],
    ["a page behind a 100", (socket) => socket.end(`${goOn}${httpReply("<html></html>")}`)],
    ["another protocol", (socket) => socket.end("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")],
    ["a yes in another protocol", (socket) => socket.end(`HTTP/1.1 101 Switching\r\n\r\n${httpReply(accepted)}`)],
    ["a yes behind a status with a letter", (socket) => socket.end(`HTTP/1.1 1x0 No\r\n\r\n${httpReply(accepted)}`)],
    ["a page", (socket) => socket.end(httpReply("<html></html>"))],
    ["nothing in a 204", (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n")],
    ["a bad gateway", (socket) => socket.end(httpReply("<html>", "HTTP/1.1 502 Bad Gateway"))],
    ["an unavailable service", (socket) => socket.end(httpReply("<html>", "HTTP/1.1 503 No\r\nRetry-After: 5"))],
    ["a flood", (socket) => socket.end(httpReply("x".repeat(200_000)))],
    ["a flood of a head", (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`)],
  ] satisfies [string, (socket: import("node:net").Socket) => void][])(
    "%s is unknown, and nothing is written twice",
    async (_name, answer) => {
      await using server = await startRawServer(afterRequest(answer));
      await using enswitch = client(server.endpoint);
      let asked = 0;
      expect(seen(await send(enswitch, {}, () => ++asked > 0)).kind).toBe("unknown");
      await enswitch[Symbol.asyncDispose]();
      expect(asked).toBe(1);
      const written = server.connections.map((each) => each.received()).join("");
      expect(written.match(/POST /g)).toHaveLength(1);
    },
  );

  test("early hints are no answer yet", async () => {
    await using server = await startRawServer(
      afterRequest((socket) => socket.end(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${httpReply(accepted)}`)),
    );
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch)).kind).toBe("submitted");
  });

  test.each([
    ["a 100", goOn],
    ["a 100 with a header and no reason", "HTTP/1.1 100\r\nServer: x\r\n\r\n"],
    ["a 100 of HTTP/1.0", "HTTP/1.0 100 Continue\r\n\r\n"],
    ["several of them", goOn.repeat(3)],
    ["a 102", "HTTP/1.1 102 Processing\r\n\r\n"],
    ["an interim answer that nobody knows", "HTTP/1.1 199 Whatever\r\n\r\n"],
    ["a 100 behind early hints", `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${goOn}`],
    ["early hints behind a 100", `${goOn}HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n`],
  ])("%s nobody asked for is no answer yet, however it arrives", async (_name, interim) => {
    await using server = await startRawServer(async (connection, index) => {
      const { socket } = connection;
      await connection.requests(1);
      const whole = interim + httpReply(accepted);
      // Whole; in two; or byte by byte, each once the one before is through.
      const pieces = [[whole], [interim, httpReply(accepted)], whole.split("")][index] ?? [];
      for (const piece of pieces) {
        await new Promise((resolve) => socket.write(piece, resolve));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    for (const _arrival of ["whole", "in two", "in bytes"]) {
      await using enswitch = client(server.endpoint);
      expect(seen(await send(enswitch))).toEqual({ kind: "submitted", code: 204 });
    }
    expect(server.connections).toHaveLength(3);
  });

  test("a 100 before each answer on one connection is none of them", async () => {
    await using server = await startRawServer(({ socket }) =>
      socket.on("data", () => socket.write(goOn + httpReply(accepted))),
    );
    await using enswitch = client(server.endpoint);
    for (const _call of Array.from({ length: 5 })) expect(seen(await send(enswitch)).kind).toBe("submitted");
    expect(server.connections.length).toBeLessThanOrEqual(2);
  });

  test("a body that looks like a 100 is a body", async () => {
    const text = `${goOn}${accepted}`;
    await using server = await startRawServer(
      afterRequest((socket) => {
        socket.write(httpReply(text).slice(0, -text.length));
        setImmediate(() => socket.end(text));
      }),
    );
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch))).toMatchObject({ kind: "unknown", cause: expect.stringContaining("HTTP 200") });
  });

  test("a verdict whose connection closes behind it counts", async () => {
    await using server = await startRawServer(
      afterRequest((socket) => socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${accepted}`)),
    );
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch)).kind).toBe("submitted");
  });

  test.each([
    ["no head", ""],
    ["a 100 only", goOn],
    ["a head only", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"],
    ["half a body", 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{ "responses"'],
  ])("%s within the time-out is unknown", async (_name, text) => {
    await using server = await startRawServer(afterRequest((socket) => socket.write(text)));
    await using enswitch = client(server.endpoint, { answerTimeoutMs: 150 });
    expect(seen(await send(enswitch))).toEqual({
      kind: "unknown",
      cause: `no complete answer from 127.0.0.1:${server.port} within 0.15 s`,
    });
    await server.allClosed();
  });

  test("the time-out counts the whole answer, however steadily it drips", async () => {
    await using server = await startRawServer(
      afterRequest((socket) => {
        const drip = setInterval(() => socket.write(" "), 20);
        socket.on("close", () => clearInterval(drip));
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
      }),
    );
    await using enswitch = client(server.endpoint, { answerTimeoutMs: 200 });
    expect(seen(await send(enswitch))).toMatchObject({ kind: "unknown", cause: expect.stringContaining("0.2 s") });
  });

  test("a redirect is not followed", async () => {
    await using server = await startRawServer(
      afterRequest((socket) => socket.end(httpReply("", "HTTP/1.1 307 Elsewhere\r\nLocation: /elsewhere"))),
    );
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch))).toEqual({
      kind: "wrong-endpoint",
      cause: `${server.endpoint}/messages/text/send/ answered HTTP 307 without an Enswitch verdict`,
    });
    expect(server.connections).toHaveLength(1);
  });

  test("an answer of 64 KiB is read to its end", async () => {
    await using server = await startRawServer(
      afterRequest((socket) => socket.end(httpReply(accepted.padEnd(64 * 1024)))),
    );
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch))).toEqual({ kind: "submitted", code: 204 });
  });

  test("an answer of more than 64 KiB is not read to its end", async () => {
    await using server = await startRawServer(
      afterRequest((socket) => socket.end(httpReply(accepted + " ".repeat(70_000)))),
    );
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch))).toEqual({
      kind: "unknown",
      cause: `the answer of 127.0.0.1:${server.port} is longer than 64 KiB`,
    });
  });

  test.each([
    ["compressed", httpReply("xyz", "HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip"), "unknown"],
    ["cut", httpReply("<html>", "HTTP/1.1 404 Not Found").slice(0, -1), "unknown"],
    ["cut, of unknown length", `HTTP/1.1 404 Not Found\r\n\r\n${accepted.slice(0, -5)}`, "unknown"],
    ["a page", httpReply("<html>", "HTTP/1.1 404 Not Found"), "wrong-endpoint"],
    ["none, after 408", httpReply("", "HTTP/1.1 408 Request Timeout\r\nConnection: close"), "not-sent"],
    ["none, after 425", httpReply("", "HTTP/1.1 425 Too Early\r\nConnection: close"), "not-sent"],
    ["none, after 421", httpReply("", "HTTP/1.1 421 Misdirected Request\r\nConnection: close"), "not-sent"],
    ["none, after 499", httpReply("", "HTTP/1.1 499 Client Closed\r\nConnection: close"), "unknown"],
  ])("an HTTP error whose body is %s is judged by what it proves", async (_name, answer, kind) => {
    await using server = await startRawServer(afterRequest((socket) => socket.end(answer)));
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch)).kind).toBe(kind);
    expect(server.connections[0]?.received()).toContain("accept-encoding: identity\r\n");
  });

  test.each([
    ["closed", (socket: Socket) => socket.end(), "not-sent"],
    // A reset overtakes what was sent before it, so that nothing of a whole page may come, either.
    ["broken off", (socket: Socket) => socket.resetAndDestroy(), undefined],
  ] as const)(
    "an HTTP error that ends because its connection is %s may have been more than what came",
    async (...row) => {
      const [, end, ofWhole] = row;
      for (const [page, kind] of [
        ["", "unknown"],
        ["<html>Too many", "unknown"],
        ["<html>Too many</html>", ofWhole],
      ]) {
        if (kind === undefined) continue;
        await using server = await startRawServer(
          afterRequest((socket) => {
            socket.write(`HTTP/1.1 429 Too Many Requests\r\nServer: x\r\n\r\n${page}`, () => setImmediate(end, socket));
          }),
        );
        await using enswitch = client(server.endpoint);
        expect([page, seen(await send(enswitch)).kind]).toEqual([page, kind]);
      }
    },
  );

  test("an echoed password is in no part of a verdict, whatever its form", async () => {
    const forms = [password, password.trim(), encodeURIComponent(password), Buffer.from(password).toString("base64")];
    for (const code of ["400", "401", "402", "403", "404"]) {
      const responses = forms.map((form) => ({ code, key: form, message: `no ${form}` }));
      await using server = await startRawServer(
        afterRequest((socket) => socket.end(httpReply(JSON.stringify({ responses })))),
      );
      await using enswitch = client(server.endpoint);
      const verdict = JSON.stringify(seen(await send(enswitch)));
      for (const form of forms) expect(verdict).not.toContain(form);
    }
  });

  test("an echoed password is struck out", async () => {
    const echo = {
      responses: [{ code: "401", key: "", message: `no user with ${password} or ${encodeURIComponent(password)}` }],
    };
    await using server = await startRawServer(afterRequest((socket) => socket.end(httpReply(JSON.stringify(echo)))));
    await using enswitch = client(server.endpoint);
    expect(seen(await send(enswitch))).toEqual({
      kind: "unauthenticated",
      code: 401,
      message: "no user with *** or ***",
    });
  });
});

describe("connections", () => {
  test("are used again while the server keeps them", async () => {
    await using server = await startRawServer(({ socket }) =>
      socket.on("data", () => socket.write(httpReply(accepted))),
    );
    await using enswitch = client(server.endpoint);
    for (const _call of Array.from({ length: 5 })) expect(seen(await send(enswitch)).kind).toBe("submitted");
    // Not one: a call right behind an answer finds that connection not yet released.
    expect(server.connections.length).toBeLessThanOrEqual(2);
  });

  test("that the server has closed are replaced before anything is written", async () => {
    await using server = await startRawServer(({ socket }) => socket.on("data", () => socket.end(httpReply(accepted))));
    await using enswitch = client(server.endpoint);
    for (const _call of Array.from({ length: 20 })) expect(seen(await send(enswitch)).kind).toBe("submitted");
    expect(server.connections).toHaveLength(20);
  });

  test("that the server has closed while this process could not run are not written to when it runs again", async () => {
    const closed = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(new URL("./closing-server.ts", import.meta.url), { workerData: closed });
    try {
      const [port] = await once(worker, "message");
      await using enswitch = client(`http://127.0.0.1:${port}/api/json`);
      const calls = [await prepared(enswitch), await prepared(enswitch)];
      for (const [index, call] of calls.entries()) {
        const due = new Promise((resolve) => setTimeout(resolve, 1));
        // The timer is due, and the close has arrived; which is seen first is up to the event loop.
        if (index > 0) Atomics.wait(closed, 0, 0);
        await due;
        expect(seen(await enswitch.fire(call, go))).toEqual({ kind: "submitted", code: 204 });
      }
    } finally {
      await worker.terminate();
    }
  });

  test("are opened ahead, used by calls, and replaced by spares", async () => {
    await using server = await startRawServer(({ socket }) =>
      socket.on("data", () => socket.write(httpReply(accepted))),
    );
    await using enswitch = client(server.endpoint);
    enswitch.warm(3);
    await server.opened(3);
    const first = await Promise.all([send(enswitch), send(enswitch)]);
    expect(first.map((verdict) => seen(verdict).kind)).toEqual(["submitted", "submitted"]);
    await server.opened(5);
    const used = server.connections
      .filter((each) => each.received() !== "")
      .map((each) => server.connections.indexOf(each));
    expect(used).toEqual([0, 1]);
  });

  test("in stock that the server closes are dropped, not written to", async () => {
    await using server = await startRawServer(({ socket }, index) => {
      if (index < 4) socket.end();
      else socket.on("data", () => socket.write(httpReply(accepted)));
    });
    await using enswitch = client(server.endpoint);
    enswitch.warm(4);
    await server.opened(4);
    expect(seen(await send(enswitch)).kind).toBe("submitted");
    expect(server.connections.slice(0, 4).map((each) => each.received())).toEqual(["", "", "", ""]);
  });

  test("in stock that got an unasked answer are dropped", async () => {
    await using server = await startRawServer(({ socket }, index) => {
      if (index < 2) socket.write(httpReply("", "HTTP/1.1 408 Request Time-out"));
      else socket.on("data", () => socket.write(httpReply(accepted)));
    });
    await using enswitch = client(server.endpoint);
    enswitch.warm(2);
    await server.opened(2);
    expect(seen(await send(enswitch)).kind).toBe("submitted");
    expect(server.connections.slice(0, 2).map((each) => each.received())).toEqual(["", ""]);
  });

  test("that cannot be opened ahead fail nothing", async () => {
    const server = await startRawServer(() => {});
    await server[Symbol.asyncDispose]();
    await using enswitch = client(server.endpoint);
    enswitch.warm(10);
    expect(seen(await send(enswitch))).toMatchObject({ kind: "not-sent" });
  });

  test("are all gone after disposal: idle, in stock, opening, and under a call", async () => {
    await using server = await startRawServer(() => {});
    await using tls = await startRawServer(() => {});
    const enswitch = client(server.endpoint);
    const opening = client(tls.endpoint.replace("http:", "https:"));
    enswitch.warm(3);
    opening.warm(3);
    const written = send(enswitch);
    const unwritten = send(opening);
    await server.opened(4);
    await tls.opened(4);
    await server.connections.find((each) => each.received() !== "")?.requests(1);
    await Promise.all([enswitch[Symbol.asyncDispose](), opening[Symbol.asyncDispose]()]);
    expect(seen(await written).kind).toBe("unknown");
    expect(seen(await unwritten).kind).toBe("not-fired");
    await server.allClosed();
    await tls.allClosed();
    expect(enswitch.inFlight() + opening.inFlight()).toBe(0);
    expect(seen(await send(enswitch))).toEqual({ kind: "not-fired" });
    const left = process.getActiveResourcesInfo().filter((name) => /TCPConnect|TLS/.test(name));
    expect(left).toEqual([]);
  });
});

test("no more calls than allowed are unanswered at once", async () => {
  await using simulator = await startEnswitchSimulator({
    faults: Array.from({ length: 3 }, () => ({ kind: "hang", accept: true })),
  });
  await using enswitch = client(simulator.endpoint, { maxInFlight: 3, answerTimeoutMs: 300 });
  const calls = await Promise.all(Array.from({ length: 5 }, () => prepared(enswitch)));
  const fired = calls.map((call) => enswitch.fire(call, go));
  expect(enswitch.inFlight()).toBe(3);
  const kinds = (await Promise.all(fired)).map((verdict) => seen(verdict).kind);
  expect(kinds).toEqual(["unknown", "unknown", "unknown", "not-fired", "not-fired"]);
  expect(enswitch.inFlight()).toBe(0);
});

describe("a server that closes just when the next call comes", () => {
  test("never gets a call twice, and never makes an accepted one look unsent", async () => {
    // Closes 0 to 2 turns of its event loop after each answer, without having said so: some calls cross with the close.
    let answers = 0;
    await using server = await startRawServer(({ socket }) =>
      socket.on("data", () => {
        socket.write(httpReply(accepted));
        const close = () => socket.end();
        const turns = answers++ % 4;
        if (turns === 0) close();
        else if (turns === 1) setImmediate(close);
        else if (turns === 2) setImmediate(() => setImmediate(close));
        else setTimeout(close, 1);
      }),
    );
    await using enswitch = client(server.endpoint);
    const results = new Map<string, string>();
    for (let index = 0; index < 400; index++) {
      const cnumber = String(1_000_000 + index);
      results.set(cnumber, seen(await send(enswitch, { cnumber })).kind);
      if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const written = server.connections.map((each) => each.received()).join("");
    for (const [cnumber, kind] of results) {
      const times = written.split(`cnumber=${cnumber}&`).length - 1;
      if (kind === "submitted") expect(times).toBe(1);
      else if (kind === "unknown") expect(times).toBeLessThanOrEqual(1);
      else expect(times).toBe(0);
    }
    expect([...results.values()].filter((kind) => kind === "submitted").length).toBeGreaterThan(200);
  });
});

test("whatever goes wrong, a verdict never contradicts what the server did", async () => {
  const accept = fc.boolean();
  const fault: fc.Arbitrary<Fault | undefined> = fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    fc.record({ kind: fc.constant("hang"), accept }),
    fc.record({ kind: fc.constant("reset"), accept }),
    fc.record({ kind: fc.constant("html"), status: fc.constantFrom(200, 500, 502, 503, 504), accept }),
    fc.record({ kind: fc.constant("html"), status: fc.constantFrom(302, 404), accept: fc.constant(false) }),
    fc.record({ kind: fc.constant("codes"), codes: fc.constantFrom(["204", "400"], [500], ["x"], []), accept }),
    fc.record({ kind: fc.constant("garbage"), accept }),
    fc.constant({ kind: "too-many", retryAfter: "1" }),
  );
  const [faults = []] = fc.sample(fc.array(fault, { minLength: 300, maxLength: 300, size: "max" }), {
    numRuns: 1,
    seed: 7,
  });
  await using simulator = await startEnswitchSimulator({ latencyMs: { min: 0, max: 20 }, faults });
  await using enswitch = client(simulator.endpoint, { answerTimeoutMs: 400, maxInFlight: 40 });
  enswitch.warm(10);
  const results = new Map<string, string>();
  await Promise.all(
    Array.from({ length: 40 }, async (_, lane) => {
      for (let index = 0; index < 10; index++) {
        const cnumber = String(2_000_000 + lane * 10 + index);
        const gate = () => index % 5 !== 4;
        results.set(cnumber, seen(await send(enswitch, { cnumber }, gate, simulatorAccount.password)).kind);
      }
    }),
  );
  const calls = simulator.calls();
  expect(new Set(calls.map((call) => call.parameters["cnumber"])).size).toBe(calls.length);
  const accepted = new Set(calls.filter((call) => call.accepted).map((call) => call.parameters["cnumber"]));
  for (const [cnumber, kind] of results) {
    if (kind === "submitted") expect(accepted).toContain(cnumber);
    else if (kind !== "unknown") expect(accepted).not.toContain(cnumber);
  }
  expect(new Set(results.values())).toEqual(
    new Set(["submitted", "unknown", "not-sent", "not-fired", "wrong-endpoint"]),
  );
});
