import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { startEnswitchSimulator } from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import { createListTexts, type ListTextsOptions } from "../../shared/enswitch/list-texts.ts";

const credentials = { username: "simulator", password: "simulator-password" };
const at = Date.UTC(2026, 0, 1, 12);
const listing = (endpoint: string, more: Partial<ListTextsOptions> = {}) =>
  createListTexts({ endpoint, numberField: "snumber", ...more });

/** A server on loopback that answers by `answer`. */
async function startServer(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    endpoint: `http://127.0.0.1:${address.port}/api/json`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("the texts that a phone system received", () => {
  it("are asked for by a span, as the simulator has them", async () => {
    await using simulator = await startEnswitchSimulator();
    for (const [minute, body] of ["STOP", "hello", "START"].entries()) {
      simulator.receive({ from: "447700900001", to: "442079460000", body, at: at + minute * 60_000 });
    }
    const list = listing(simulator.endpoint);
    const second = at / 1000 + 60;
    expect(await list(credentials, { from: second, until: second })).toEqual({
      kind: "texts",
      texts: [{ id: "sim-00000002", at: at + 60_000, number: "447700900001", body: "hello" }],
    });
    const all = await list(credentials, { from: 0 });
    expect(all.kind === "texts" && all.texts.map(({ body }) => body)).toEqual(["STOP", "hello", "START"]);
    expect(simulator.count()).toBe(0);
  });

  it("are written by those who answer what is sent to them", async () => {
    await using simulator = await startEnswitchSimulator({ replies: { share: 0.5, afterMs: -1_000 } });
    for (let person = 0; person < 40; person++) {
      const parameters = { cnumber: `4477009000${person + 10}`, message: "Hi", snumber: "442079460000" };
      const body = new URLSearchParams({
        auth_username: credentials.username,
        auth_password: credentials.password,
        ...parameters,
      });
      await fetch(`${simulator.endpoint}/messages/text/send/`, { method: "POST", body });
    }
    const answered = await listing(simulator.endpoint)(credentials, { from: 0 });
    const count = answered.kind === "texts" ? answered.texts.length : 0;
    expect(count).toBeGreaterThan(8);
    expect(count).toBeLessThan(32);
  });

  it("are not told to everybody, nor by every Enswitch", async () => {
    await using simulator = await startEnswitchSimulator();
    const list = listing(simulator.endpoint);
    const causeOf = async (given = credentials) => {
      const answer = await list(given, { from: 0 });
      return answer.kind === "failed" ? answer.cause : answer.kind;
    };
    expect(await causeOf({ ...credentials, password: "wrong" })).toContain("code 401");
    for (const httpStatus of ["always-200", "mirrored"] as const) {
      simulator.configure({ mayReadTexts: false, httpStatus });
      expect(await causeOf()).toContain('"texts" privilege');
    }
    simulator.configure({ listsTexts: false });
    expect(await causeOf()).toContain("3.13");
    simulator.configure({ listsTexts: true, mayReadTexts: true, customers: ["7"] });
    expect(await listing(simulator.endpoint, { customer: "8" })(credentials, { from: 0 })).toMatchObject({
      cause: "Enswitch refused messages/text/list (code 400, customer)",
    });
    expect((await listing(simulator.endpoint, { customer: "7" })(credentials, { from: 0 })).kind).toBe("texts");
  });

  it("are refused without a word of the password, wherever it is echoed", async () => {
    const [key, ...echoes] = [
      "sort",
      "Xsimulator",
      "SIMULATOR",
      "drowssap",
      "word_pass",
      "simulatorpassword",
      "Password",
    ];
    for (const echoed of [key, ...echoes]) {
      await using server = await startServer((_, response) =>
        response.end(JSON.stringify({ responses: [{ code: "400", key: echoed, message: "simulator-password" }] })),
      );
      const cause = `Enswitch refused messages/text/list (code 400${echoed === key ? `, ${echoed}` : ""})`;
      expect(await listing(server.endpoint)(credentials, { from: 0 })).toEqual({ kind: "failed", cause });
    }
  });

  it("are asked for by a form that is posted, and answered as they are", async () => {
    const asked: object[] = [];
    await using server = await startServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      asked.push({ method, url, headers, fields: [...new URLSearchParams(Buffer.concat(chunks).toString())] });
      response.end('{"responses":[{"code":"204"}]}');
    });
    const list = listing(server.endpoint, { customer: "7" });
    expect(await list(credentials, { from: 1, until: 2 })).toEqual({ kind: "texts", texts: [] });
    expect(asked).toEqual([
      {
        method: "POST",
        url: "/api/json/messages/text/list/",
        headers: expect.objectContaining({
          "content-type": "application/x-www-form-urlencoded",
          "accept-encoding": "identity",
          "content-length": expect.stringMatching(/^\d+$/),
          "user-agent": "bulk-send",
          connection: "close",
        }),
        fields: [
          ["auth_username", "simulator"],
          ["auth_password", "simulator-password"],
          ["start", "1"],
          ["end", "2"],
          ["sort", "received"],
          ["descending", "0"],
          ["customer", "7"],
        ],
      },
    ]);
  });

  it("leave no timer behind that would keep a process alive", async () => {
    await using server = await startServer((_, response) => response.end('{"responses":[{"code":"204"}]}'));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      expect((await listing(server.endpoint)(credentials, { from: 1 })).kind).toBe("texts");
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
    } finally {
      vi.useRealTimers();
    }
  });

  it("are waited for fifteen seconds where nothing else is said; then their connection is closed", async () => {
    const asked = Promise.withResolvers<Socket>();
    await using server = await startServer(({ socket }) => asked.resolve(socket));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const answers: unknown[] = [];
      const listed = listing(server.endpoint)(credentials, { from: 0 }).then((answer) => answers.push(answer));
      const socket = await asked.promise;
      const closed = once(socket, "close");
      vi.advanceTimersByTime(14_999);
      await new Promise((resolve) => setImmediate(resolve));
      expect(answers).toEqual([]);
      vi.advanceTimersByTime(1);
      await listed;
      expect(answers).toMatchObject([{ kind: "failed", cause: expect.stringContaining("within 15 s") }]);
      await closed;
    } finally {
      vi.useRealTimers();
    }
  });

  it("may be as long as is read at once, and not a byte longer", async () => {
    const answer = '{"responses":[{"code":"204"}]}';
    await using server = await startServer((_, response) => response.end(answer));
    const kindUpTo = async (longestAnswer: number) =>
      (await listing(server.endpoint, { longestAnswer })(credentials, { from: 1 })).kind;
    expect([await kindUpTo(answer.length), await kindUpTo(answer.length - 1)]).toEqual(["texts", "too-large"]);
  });

  it("may be four mebibytes long where nothing else is said", async () => {
    const sized = (bytes: number) => '{"responses":[{"code":"204"}]}'.padEnd(bytes);
    for (const [bytes, kind] of [
      [4 * 1024 * 1024, "texts"],
      [4 * 1024 * 1024 + 1, "too-large"],
    ] as const) {
      await using server = await startServer((_, response) => response.end(sized(bytes)));
      expect((await listing(server.endpoint)(credentials, { from: 1 })).kind).toBe(kind);
    }
  });

  it("are given up when there are too many, and asked for in a shorter span", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('{"x":"'.padEnd(65_536, "y")));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    expect(await listing(server.endpoint)(credentials, { from: 0 })).toEqual({ kind: "too-large" });
  });

  it("are given up when they do not come, whatever the server does instead", async () => {
    const answers: readonly [RequestListener, object, number?][] = [
      [() => {}, { kind: "failed", cause: expect.stringMatching(/^no answer .* within 0\.2 s$/u) }, 200],
      [(_, response) => response.write('{"responses":['), { kind: "too-large" }, 500],
      [(request) => request.socket.resetAndDestroy(), { kind: "failed", cause: expect.stringContaining("127.0.0.1") }],
      [
        (_, response) => {
          response.writeHead(200, { "content-length": 1000 });
          response.write("{", () => response.socket?.resetAndDestroy());
        },
        { kind: "failed", cause: expect.stringContaining("before its answer was complete") },
      ],
      [
        (_, response) => {
          response.writeHead(200, { "content-length": 1000 });
          response.write("{", () => response.socket?.end());
        },
        { kind: "failed", cause: expect.stringContaining("before its answer was complete") },
      ],
      [
        (_, response) => response.writeHead(302, { location: "/elsewhere" }).end(),
        { kind: "failed", cause: expect.stringContaining("HTTP 302") },
      ],
    ];
    for (const [answer, expected, timeoutMs] of answers) {
      await using server = await startServer(answer);
      expect(await listing(server.endpoint, { timeoutMs })(credentials, { from: 0 })).toMatchObject(expected);
    }
    const refused = await listing("http://127.0.0.1:9/api/json")(credentials, { from: 0 });
    expect(refused).toEqual({ kind: "failed", cause: "connection refused by 127.0.0.1:9" });
  });
});
