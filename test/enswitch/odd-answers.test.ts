import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createEnswitch, type Enswitch } from "../../shared/enswitch/enswitch.ts";
import type { SendFile } from "../../shared/enswitch/verdict.ts";
import { accepted, goOn, httpReply, type RawConnection, startRawServer } from "./raw-server.ts";

// A certificate for loopback alone, trusted by nobody but these tests.
const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), "utf8");
const own = { key: pem("key"), cert: pem("cert") };

async function send(enswitch: Enswitch, cnumber: string, files: readonly SendFile[] = []) {
  const parameters = { cnumber, message: "Hello", stype: "", snumber: "2", files };
  const call = await enswitch.prepare(parameters, { username: "u", password: "a p4ssw0rd" });
  if (call.kind !== "prepared") throw new Error("not prepared");
  return enswitch.fire(call, () => true);
}

const verdict = (code: number) => accepted.replace("204", String(code)).replace("OK", "No");
const page = "<html><body>No such page</body></html>";
const head = (status: string, ...headers: readonly string[]) =>
  `${[`HTTP/1.1 ${status}`, ...headers].join("\r\n")}\r\n\r\n`;
const length = (bytes: number | string) => `Content-Length: ${bytes}`;
const chunked = "Transfer-Encoding: chunked";
const chunks = (...texts: readonly string[]) =>
  texts.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join("");
const close = "Connection: close";

type Answer = string | ((connection: RawConnection) => void);

/** Says something, and has its connection end once that is on its way, as TCP does: with TLS, nobody says goodbye. */
const cutBehind = (text: string) => (connection: RawConnection) => {
  connection.socket.write(text, () => connection.wire.end());
};

/** Says something, and has its connection end as it should. */
const endBehind = (text: string) => (connection: RawConnection) => void connection.socket.end(text);

/** Answers that do not look exactly like one: whatever they may begin with. */
const doubtful: readonly (readonly [string, Answer])[] = [
  // 304 has no body, as far as HTTP is concerned.
  ["a yes in a 304", httpReply(accepted, "HTTP/1.1 304 Not Modified")],
  ["a yes in a 304, in chunks", head("304 Not Modified", chunked) + chunks(accepted, "")],
  ["a 304 with nothing in it", head("304 Not Modified", length(0))],
  // Longer than they say.
  ["a yes behind a 404 that says it is empty", head("404 Not Found", length(0)) + accepted],
  ["the same, and closed", endBehind(head("404 Not Found", length(0), close) + accepted)],
  ["a yes behind a 429 that says it is empty", head("429 Too Many Requests", length(0)) + accepted],
  ["a yes behind the part of a 302 that counts", `${head("302 Found", length(5))}<b>no${accepted}`],
  ["a page longer than it says", head("404 Not Found", length(3)) + page],
  ["a yes behind a last chunk", head("404 Not Found", chunked) + chunks("nothing", "") + accepted],
  ["a yes behind a trailer", `${head("404 Not Found", chunked)}${chunks("no")}0\r\nX: y\r\n\r\n${accepted}`],
  // Several answers to one call.
  ["a no and a yes", httpReply(verdict(401)) + httpReply(accepted)],
  ["a no and a yes behind blank lines", `${httpReply(verdict(402))}\r\n\r\n${httpReply(accepted)}`],
  ["a no in chunks and a yes", head("200 OK", chunked) + chunks(verdict(401), "") + httpReply(accepted)],
  [
    "a no in chunks, as it is said in capitals, and a yes",
    head("200 OK", chunked.toUpperCase()) + chunks(verdict(401), "") + httpReply(accepted),
  ],
  ["a no behind blank lines and a yes", `\r\n\r\n${httpReply(verdict(401))}${httpReply(accepted)}`],
  ["a no behind a 100 and a yes", goOn + httpReply(verdict(401)) + httpReply(accepted)],
  ["a yes and a no", httpReply(accepted) + httpReply(verdict(401))],
  ["a page and a yes", httpReply(page, "HTTP/1.1 404 Not Found") + httpReply(accepted)],
  ["a no and half an answer", httpReply(verdict(401)) + httpReply(accepted).slice(0, 20)],
  ["a no and something else", `${httpReply(verdict(401))}xyz`],
  // Shorter than they say.
  ["a page shorter than it says", endBehind(head("404 Not Found", length(99)) + page)],
  ["a page shorter than it says, cut", cutBehind(head("404 Not Found", length(99)) + page)],
  ["half a no, cut", cutBehind(httpReply(verdict(401)).slice(0, -3))],
  ["half a yes, cut", cutBehind(httpReply(accepted).slice(0, -3))],
  ["half a yes of unknown length, cut", cutBehind(head("200 OK") + accepted.slice(0, -3))],
  ["half a page of unknown length, cut", cutBehind(head("404 Not Found") + page.slice(0, -3))],
  ["chunks without a last one", endBehind(head("404 Not Found", chunked) + chunks("nothing"))],
  ["chunks without a last one, and closed", endBehind(head("404 Not Found", chunked, close) + chunks("nothing"))],
  ["chunks without a last one, cut", cutBehind(head("404 Not Found", chunked, close) + chunks("nothing"))],
  ["half a last chunk, cut", cutBehind(`${head("404 Not Found", chunked)}${chunks("nothing")}0\r\n`)],
  ["half a trailer, cut", cutBehind(`${head("404 Not Found", chunked)}${chunks("nothing")}0\r\nX: y\r\n`)],
  // Of two minds how long they are.
  ["two lengths", head("404 Not Found", length(0), length(accepted.length)) + accepted],
  ["two lengths in one line", head("404 Not Found", length(`0, ${accepted.length}`)) + accepted],
  ["a length and chunks", head("404 Not Found", length(0), chunked) + chunks(accepted, "")],
  ["chunks and a length", head("404 Not Found", chunked, length(0)) + chunks(accepted, "")],
  ["a length in a trailer", `${head("404 Not Found", chunked)}${chunks("no")}0\r\nContent-Length: 0\r\n\r\n`],
  ["a length below zero", head("404 Not Found", length(-1)) + accepted],
  ["no length", endBehind(head("404 Not Found", length("")) + accepted)],
  ["a length in two lines", head("404 Not Found", "Content-Length:\r\n 0") + accepted],
  ["a length beyond any", endBehind(head("404 Not Found", length("9".repeat(30))) + accepted)],
  ["a chunk beyond any", `${head("404 Not Found", chunked)}${"f".repeat(20)}\r\n${accepted}`],
  ["chunks that are not the last encoding", endBehind(head("404 Not Found", `${chunked}, identity`) + page)],
  // No HTTP, or too much of it.
  ["a body without a head", endBehind(accepted)],
  ["lines that end in HTTP's old way", endBehind(`HTTP/1.1 404 Not Found\nContent-Length: 0\n\n${accepted}`)],
  [
    "a head of 180 KB",
    head(
      "404 Not Found",
      ..."x"
        .repeat(30_000)
        .split("")
        .map((name) => `${name}: y`),
      length(0),
    ),
  ],
  ["chunks of 300 KB for 60 KB", head("404 Not Found", chunked) + chunks(..."x".repeat(60_000).split(""), "")],
  ["an upgrade that is none", head("404 Not Found", "Connection: upgrade", "Upgrade: x", length(0)) + accepted],
];

/** Answers that look odd and are whole all the same. */
const whole: readonly (readonly [string, Answer, string])[] = [
  ["a yes of HTTP/1.0", endBehind(httpReply(accepted, "HTTP/1.0 200 OK")), "submitted"],
  ["a yes of HTTP/1.0, of unknown length", endBehind(`HTTP/1.0 200 OK\r\n\r\n${accepted}`), "submitted"],
  ["a whole yes of unknown length, cut", cutBehind(head("200 OK") + accepted), "submitted"],
  ["a whole no of unknown length, cut", cutBehind(head("200 OK") + verdict(401)), "unauthenticated"],
  ["a whole page of unknown length, cut", cutBehind(head("404 Not Found") + page), "wrong-endpoint"],
  [
    "a yes in chunks, one with an extension",
    `${head("200 OK", chunked)}1;a=b\r\n{\r\n${chunks(accepted.slice(1), "")}`,
    "submitted",
  ],
  ["a yes with a trailer", `${head("200 OK", chunked)}${chunks(accepted)}0\r\nX: y\r\n\r\n`, "submitted"],
  ["a page in chunks", head("404 Not Found", chunked) + chunks(page.slice(0, 9), page.slice(9), ""), "wrong-endpoint"],
  [
    "a page with a blank line, in chunks",
    head("404 Not Found", chunked) + chunks(`\r\n\r\n${page}`, ""),
    "wrong-endpoint",
  ],
  [
    "a page in chunks, as it is said twice",
    head("404 Not Found", chunked, chunked) + chunks(page, ""),
    "wrong-endpoint",
  ],
  ["a no and blank lines", `${httpReply(verdict(401))}\r\n\r\n`, "unauthenticated"],
  ["blank lines and a no", `\r\n\r\n\r\n${httpReply(verdict(401))}`, "unauthenticated"],
  ["a yes behind a thousand interim answers", goOn.repeat(1_000) + httpReply(accepted), "submitted"],
  [
    "a wish for another protocol",
    head("426 Upgrade Required", "Connection: upgrade", "Upgrade: h2c", length(0)),
    "wrong-endpoint",
  ],
];

describe.each([
  ["TCP", undefined],
  ["TLS", own],
])("over %s", (_name, tls) => {
  /** The verdict on a call that is answered so, and on one after it, which is accepted. */
  async function verdictsOn(answer: Answer): Promise<readonly string[]> {
    let calls = 0;
    const serve = (connection: RawConnection) => {
      const next = async (count: number): Promise<void> => {
        await connection.requests(count);
        if (connection.socket.closed) return;
        if (calls++ > 0) connection.socket.write(httpReply(accepted));
        else if (typeof answer === "string") connection.socket.write(answer);
        else answer(connection);
        return next(count + 1);
      };
      void next(1);
    };
    await using server = await startRawServer(serve, tls);
    await using enswitch = createEnswitch({ endpoint: server.endpoint, answerTimeoutMs: 20_000, ca: tls?.cert });
    const kinds = [(await send(enswitch, "1111111")).kind, (await send(enswitch, "2222222")).kind];
    await enswitch[Symbol.asyncDispose]();
    const written = server.connections.map((each) => each.received()).join("");
    expect(written.match(/cnumber=\d+/g)).toEqual(["cnumber=1111111", "cnumber=2222222"]);
    return kinds;
  }

  test.each(doubtful)("%s is unknown, and the next call has its own answer", async (_name, answer) => {
    expect(await verdictsOn(answer)).toEqual(["unknown", "submitted"]);
  });

  test.each(whole)("%s counts, and the next call has its own answer", async (_name, answer, kind) => {
    expect(await verdictsOn(answer)).toEqual([kind, "submitted"]);
  });

  test("however much has come on a connection, the next answer counts", async () => {
    const long = verdict(401).padEnd(60_000);
    const calls = 15;
    await using server = await startRawServer(async (connection) => {
      for (let count = 1; count <= calls; count++) {
        await connection.requests(count);
        if (!connection.socket.closed) connection.socket.write(httpReply(long));
      }
    }, tls);
    await using enswitch = createEnswitch({ endpoint: server.endpoint, answerTimeoutMs: 20_000, ca: tls?.cert });
    for (let call = 0; call < calls; call++) expect((await send(enswitch, "1111111")).kind).toBe("unauthenticated");
    // More on one of them than is recorded of any answer.
    const each = server.connections.map((connection) => connection.received().match(/cnumber/g)?.length ?? 0);
    expect(long.length * Math.max(...each)).toBeGreaterThan(262_144);
  });

  test.each([
    ["that is whole counts", "", "unauthenticated"],
    ["with another behind it is unknown", httpReply(accepted), "unknown"],
  ])("an answer in two pieces, one before and one after another connection's, %s", async (_name, behind, kind) => {
    const [first = "", second = ""] = httpReply(verdict(401)).split("Content-Length", 2);
    await using server = await startRawServer(async (connection, index) => {
      await connection.requests(1);
      if (index === 0) connection.socket.write(first);
      else connection.socket.write(httpReply(accepted));
    }, tls);
    await using enswitch = createEnswitch({ endpoint: server.endpoint, answerTimeoutMs: 20_000, ca: tls?.cert });
    const one = send(enswitch, "1111111");
    await server.opened(1);
    await server.connections[0]?.requests(1);
    expect((await send(enswitch, "2222222")).kind).toBe("submitted");
    server.connections[0]?.socket.write(`Content-Length${second}${behind}`);
    expect((await one).kind).toBe(kind);
  });

  test("an answer that comes twice, the second time when it was read, is never the next call's", async () => {
    await using server = await startRawServer(async (connection, index) => {
      await connection.requests(1);
      connection.socket.write(httpReply(index === 0 ? verdict(401) : accepted));
    }, tls);
    await using enswitch = createEnswitch({ endpoint: server.endpoint, answerTimeoutMs: 20_000, ca: tls?.cert });
    expect((await send(enswitch, "1111111")).kind).toBe("unauthenticated");
    // It has left the server and was not read yet when the call is fired; the connection is free again by then.
    await new Promise((resolve) => setImmediate(resolve));
    const [first] = server.connections;
    await new Promise((resolve) => first?.socket.write(httpReply(verdict(401)), resolve));
    expect((await send(enswitch, "2222222")).kind).toBe("submitted");
    expect(first?.received()).not.toContain("2222222");
  });

  test.each(["while it is still written", "when it is written"])(
    "a call of a megabyte has the answer that comes %s",
    async (when) => {
      const content = Buffer.alloc(1_000_000, "x").toString("base64");
      await using server = await startRawServer(async (connection) => {
        const { socket } = connection;
        if (when === "when it is written") await connection.requests(1);
        const answer = httpReply(page, "HTTP/1.1 413 Too Large");
        if (when === "when it is written") socket.write(answer);
        else socket.once("data", () => socket.write(answer));
      }, tls);
      await using enswitch = createEnswitch({ endpoint: server.endpoint, answerTimeoutMs: 20_000, ca: tls?.cert });
      const files = [{ filename: "f", base64: content }];
      expect((await send(enswitch, "1111111", files)).kind).toBe("wrong-endpoint");
    },
  );
});
