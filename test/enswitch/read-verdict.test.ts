import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVerdict } from "../../shared/enswitch/read-verdict.ts";
import type { Reply } from "../../shared/enswitch/reply.ts";

const endpoint = "https://pbx.example.com/api/json/messages/text/send/";
const now = Date.UTC(2026, 10, 22, 12, 0, 0);
/** Reads a reply that says how long it is, unless it is said to come without that. */
const read = ({ headers, ...reply }: Partial<Reply>, hidden: readonly string[] = []) =>
  readUnmeasured({ headers: { "content-length": "1", ...headers }, ...reply }, hidden);
const readUnmeasured = (reply: Partial<Reply>, hidden: readonly string[] = []) =>
  readVerdict({ status: 200, headers: {}, body: "", ...reply }, { endpoint, now, hidden });
const entry = (code: unknown, key = "", message = "OK") => ({ code, key, message });
const body = (...responses: unknown[]) => JSON.stringify({ responses });

describe("a verdict of Enswitch", () => {
  test.each([
    ["the documented 204", body(entry("204")), { kind: "submitted", code: 204 }],
    ["204 as a number", body(entry(204)), { kind: "submitted", code: 204 }],
    ["another 2xx", body(entry("200")), { kind: "submitted", code: 200 }],
    ["several 2xx", body(entry("204"), entry(202)), { kind: "submitted", code: 204 }],
    ["an entry without key and message", body({ code: "204" }), { kind: "submitted", code: 204 }],
    [
      "an entry whose message is null",
      body({ code: "204", key: null, message: null }),
      { kind: "submitted", code: 204 },
    ],
    ["a byte order mark", `\uFEFF${body(entry("204"))}`, { kind: "submitted", code: 204 }],
    [
      "400",
      body(entry("400", "cnumber", "Invalid")),
      { kind: "rejected", code: 400, key: "cnumber", message: "Invalid" },
    ],
    [
      "several 400",
      body(entry(400, "", "First"), entry("400", "snumber", "Second")),
      { kind: "rejected", code: 400, key: "snumber", message: "First; Second" },
    ],
    [
      "several 400 of which some say nothing",
      body(entry(400, "", ""), entry(400, "", " First "), entry(400, "", " "), entry(400, "", "First")),
      { kind: "rejected", code: 400, key: "", message: "First" },
    ],
    ["401", body(entry("401", "", "No")), { kind: "unauthenticated", code: 401, message: "No" }],
    ["402", body(entry("402", "", "No")), { kind: "unprivileged", code: 402, message: "No" }],
    ["403", body(entry("403", "cnumber", "No")), { kind: "forbidden", code: 403, key: "cnumber", message: "No" }],
  ])("%s is read, whatever the HTTP status", (_name, text, verdict) => {
    for (const status of [200, 204, 302, 400, 404, 429, 500, 503])
      expect(read({ status, body: text })).toEqual(verdict);
  });

  test.each([
    ["codes", '{"responses":[{"code":204,"code":400}]}'],
    ["codes of which the last is a success", '{"responses":[{"code":"400","code":"204"}]}'],
    ["codes, one of them escaped", '{"responses":[{"c\\u006fde":204,"code":402}]}'],
    ["lists of responses", '{"responses":[{"code":204}],"responses":[{"code":401}]}'],
  ])("two %s in one verdict are none that can be believed", (_name, text) => {
    for (const status of [200, 404, 500]) {
      expect(read({ status, body: text })).toEqual({
        kind: "unknown",
        cause: "the verdict of Enswitch says one thing twice",
      });
    }
  });

  test.each([
    ["a refusal beside a success", body(entry("204"), entry("400"))],
    ["two refusals that differ", body(entry("400"), entry("403"))],
    ["an undocumented code", body(entry("404"))],
    ["a server's error", body(entry("500"))],
    ["a redirecting code", body(entry(302))],
    ["a code that is no number", body(entry("ok"))],
    ["a code with a fraction", body(entry(204.5))],
    ["a longer code", body(entry("2040"))],
    ["an entry without code", body({ key: "", message: "OK" })],
    ["one readable entry of two", body(entry("204"), {})],
    ["no entry", body()],
    ["an entry that is no object", body("204")],
  ])("%s is unknown, whatever the HTTP status", (_name, text) => {
    for (const status of [200, 302, 404, 429, 503]) expect(read({ status, body: text }).kind).toBe("unknown");
  });

  test("its texts are cut and cleaned", () => {
    const verdict = read({ body: body(entry("400", "cnumber\n", `a\r\nb\u0000c\u202e${"x".repeat(500)}`)) });
    expect(verdict).toMatchObject({ kind: "rejected", key: "cnumber", message: expect.stringMatching(/^a b c x+…$/) });
    expect(verdict).toHaveProperty("message.length", 200);
  });

  test("the first key that is one is taken, and an undocumented code is named", () => {
    const keys = body(entry("400", "the number"), entry("400", "cnumber"), entry("400", "snumber"));
    expect(read({ body: keys })).toMatchObject({ kind: "rejected", key: "cnumber" });
    expect(read({ body: body(entry("404")) })).toEqual({
      kind: "unknown",
      cause: "Enswitch answered with the undocumented code 404",
    });
  });

  test("secrets are struck out before the text is cut", () => {
    const secret = "s3cret-s3cret";
    const verdict = read({ body: body(entry("400", "", `${"x".repeat(195)}${secret}`)) }, [secret]);
    expect(JSON.stringify(verdict)).not.toContain("s3c");
  });

  test("a key is one word of the API's kind, and any other is none", () => {
    const keyOf = (...keys: string[]) => read({ body: body(...keys.map((key) => entry("400", key, "No"))) });
    for (const key of ["cnumber", "file-1.name_x", "k".repeat(64)])
      expect(keyOf(` ${key} `)).toHaveProperty("key", key);
    for (const key of ["", "k".repeat(65), "the number", "<b>", "a\u0000b", "número", "=cmd"]) {
      expect(keyOf(key)).toHaveProperty("key", "");
      expect(keyOf(key, "snumber")).toHaveProperty("key", "snumber");
    }
  });

  test("a key that gives the secret away is none, in whatever form, unless it is a parameter of the API", () => {
    const secret = "hunter2_cnumber";
    for (const key of [secret, "hunter", "HUNTER2", Buffer.from(secret).toString("hex"), "aHVudGVyMl9jbnVtYmVy"]) {
      for (const code of ["400", "403"]) {
        expect(read({ body: body(entry(code, key, "No")) }, [secret])).toHaveProperty("key", "");
      }
    }
    for (const key of ["cnumber", "snumber", "auth_username", "file12", "filename1"]) {
      expect(read({ body: body(entry("400", key)) }, [secret, "auth_username", "file"])).toHaveProperty("key", key);
    }
  });

  test("a number of more than three digits is no code, so that no cause repeats it", () => {
    for (const codes of [[20261126], ["204", 20261126], [-400], [1e21], [99]]) {
      expect(read({ body: body(...codes.map((code) => entry(code))) })).toEqual({
        kind: "unknown",
        cause: "the verdict of Enswitch could not be read",
      });
    }
  });
});

describe("a reply without an Enswitch verdict", () => {
  test.each([
    ["an empty body", ""],
    ["HTML", "<html>204</html>"],
    ["a verdict cut short", body(entry("204")).slice(0, -3)],
    ["JSON of something else", '{"status":"ok"}'],
    ["responses that is no list", '{"responses":{"code":"204"}}'],
    ["a number", "204"],
    ["null", "null"],
  ])("%s with HTTP 200 or 204 is unknown", (_name, text) => {
    for (const status of [200, 204]) expect(read({ status, body: text }).kind).toBe("unknown");
  });

  test.each([500, 502, 503, 504, 599])("HTTP %i is unknown: a proxy may answer it after delivering", (status) => {
    const verdict = read({ status, headers: { "retry-after": "5" }, body: "<html>" });
    expect(verdict).toEqual({
      kind: "unknown",
      cause: `${endpoint} answered HTTP ${status} without an Enswitch verdict`,
    });
  });

  test.each([300, 301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 417, 422, 426, 431, 451])(
    "HTTP %i is a wrong endpoint",
    (status) => {
      for (const text of ["", "<html>", "not found", '{"error":"not found"}', "Nicht gefunden: \uFFFDber uns"]) {
        expect(read({ status, body: text })).toEqual({
          kind: "wrong-endpoint",
          cause: `${endpoint} answered HTTP ${status} without an Enswitch verdict`,
        });
      }
    },
  );

  test.each([
    [408, "it did not wait for the whole call"],
    [421, "the call reached a server that it was not for"],
    [425, "it was too early for the call"],
    [429, "too many calls"],
  ])("HTTP %i is not sent: the call was not looked at, and may be made again", (status, why) => {
    for (const text of ["", "<html>"]) {
      const cause = `${endpoint} answered HTTP ${status}, ${why}`;
      expect(read({ status, body: text })).toEqual({ kind: "not-sent", cause });
      expect(read({ status, headers: { "retry-after": "7" }, body: text })).toEqual({
        kind: "not-sent",
        cause,
        retryAfterMs: 7000,
      });
    }
  });

  test.each([100, 199, 205, 303, 304, 305, 306, 309, 399, 418, 419, 420, 430, 444, 460, 499])(
    "HTTP %i says nothing about what became of the call",
    (status) => {
      expect(read({ status, body: "<html>" })).toEqual({
        kind: "unknown",
        cause: `${endpoint} answered HTTP ${status} without an Enswitch verdict`,
      });
    },
  );

  const hides = "in which there may be a verdict that cannot be read";
  test.each([
    ["compressed", { "content-encoding": "gzip" }, "\u001F\uFFFD"],
    ["compressed, as the transfer says", { "transfer-encoding": "gzip, chunked" }, "xyz"],
    ["compressed by one of several", { "content-encoding": ["identity", "BR"] }, "xyz"],
    ["compressed, though no header says so", {}, "\u001F\uFFFD\b\u0000"],
    ["in UTF-16", {}, '\uFFFD\uFFFD{\u0000"\u0000'],
    ["cut", {}, body(entry("204")).slice(0, -3)],
    ["cut after its first character", {}, "{"],
    ["cut behind a byte order mark", {}, '\uFEFF {"respo'],
    ["of another shape", {}, '{"responses":{"code":"204"}}'],
    ["of another case", {}, '{"Responses":[{"code":"204"}]}'],
    ["as JSONP", {}, `callback(${body(entry("204"))})`],
    ["as XML", {}, "<responses><code>204</code></responses>"],
    ["after a warning of the server", {}, `<b>Notice</b>: x${body(entry("204"))}`],
    ["escaped", {}, "&quot;responses&quot;"],
  ])("a body that is %s may hide a verdict: it is unknown, with any 3xx or 4xx", (_name, headers, text) => {
    for (const status of [302, 400, 404, 408, 421, 425, 429]) {
      const verdict = read({ status, headers: { ...headers, "retry-after": "7" }, body: text });
      expect(verdict).toEqual({ kind: "unknown", cause: `${endpoint} answered HTTP ${status}, ${hides}` });
    }
  });

  test.each(["", " ", "not found", "<html><h1>Not Found", '{"error":"no"}', "</html><p>"])(
    "%o that ends with its connection may be the beginning of a verdict: it is unknown, with any 3xx or 4xx",
    (text) => {
      for (const status of [302, 404, 408, 429]) {
        for (const headers of [{}, { "transfer-encoding": "" }, { "retry-after": "7" }]) {
          const verdict = readUnmeasured({ status, headers, body: text });
          expect(verdict).toEqual({ kind: "unknown", cause: `${endpoint} answered HTTP ${status}, ${hides}` });
        }
      }
    },
  );

  test("a page that ends with its connection hides nothing if it is whole", () => {
    for (const text of ["<html><h1>Not Found</h1></html>", "<html><body>no</body></HTML>\r\n"]) {
      expect(readUnmeasured({ status: 404, body: text }).kind).toBe("wrong-endpoint");
      expect(readUnmeasured({ status: 429, body: text }).kind).toBe("not-sent");
      const cut = readUnmeasured({ status: 429, body: text.slice(0, text.lastIndexOf(">")) });
      expect(cut.kind).toBe("unknown");
    }
  });

  test.each([
    ["identity", { "content-encoding": "identity" }],
    ["an empty encoding", { "content-encoding": "" }],
    ["chunks", { "transfer-encoding": "chunked" }],
    ["an encoding in capitals", { "content-encoding": "Identity", "transfer-encoding": "Chunked" }],
    ["JSON", { "content-type": "application/json" }],
    ["JSON behind a byte order mark", {}, '\uFEFF{"error":"no"}'],
    ["a page that is called JSON", { "content-type": "application/json" }, "<html>"],
  ])("a body in %s hides nothing", (_name, headers, text = '{"error":"no"}') => {
    expect(read({ status: 404, headers, body: text }).kind).toBe("wrong-endpoint");
  });

  test.each(["chunked", "Chunked"])("%s says where a body ends", (encoding) => {
    const headers = { "transfer-encoding": encoding };
    expect(readUnmeasured({ status: 404, headers, body: "no" }).kind).toBe("wrong-endpoint");
  });

  test("no body hides nothing, however it would have been encoded", () => {
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    expect(read({ status: 404, headers, body: "" }).kind).toBe("wrong-endpoint");
  });

  test.each([
    ["seconds", "7", 7000],
    ["a date", "Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
    ["a date gone by", "Sun, 22 Nov 2026 11:00:00 GMT", 0],
    ["more than an hour", "99999999", 3_600_000],
  ])("HTTP 429 with Retry-After in %s is not sent, with that wait", (_name, header, retryAfterMs) => {
    expect(read({ status: 429, headers: { "retry-after": header } })).toMatchObject({ kind: "not-sent", retryAfterMs });
  });

  test("of several Retry-After the first counts", () => {
    const headers = { "retry-after": ["7", "9"] };
    expect(read({ status: 429, headers })).toMatchObject({ kind: "not-sent", retryAfterMs: 7000 });
  });

  test.each([undefined, "", "soon", "-5", "1.5"])(
    "HTTP 429 with Retry-After %o is not sent, without a wait",
    (header) => {
      const verdict = read({ status: 429, headers: { "retry-after": header } });
      expect(verdict).toEqual({ kind: "not-sent", cause: `${endpoint} answered HTTP 429, too many calls` });
    },
  );
});

describe("any reply", () => {
  const kinds = "submitted rejected forbidden unauthenticated unprivileged not-sent wrong-endpoint unknown".split(" ");
  const anyCode = fc.oneof(fc.constantFrom("204", 204, "400", 400, "401", 402, "403"), fc.anything());
  const anyBody = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc
      .array(fc.record({ code: anyCode, key: fc.anything(), message: fc.anything() }, { requiredKeys: [] }))
      .map((responses) =>
        JSON.stringify({ responses }, (_key, value) => (typeof value === "bigint" ? `${value}` : value)),
      ),
  );

  test("has a verdict", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.option(fc.string()), anyBody, (status, header, text) => {
        const verdict = read({ status, headers: { "retry-after": header ?? undefined }, body: text });
        expect(kinds).toContain(verdict.kind);
      }),
      { numRuns: 2000 },
    );
  });

  test("is submitted only when every code says so", () => {
    const codes = fc.array(fc.integer({ min: 100, max: 599 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(codes, fc.integer({ min: 100, max: 599 }), fc.boolean(), (list, status, strings) => {
        const text = body(...list.map((code) => entry(strings ? String(code) : code)));
        const good = list.every((code) => code >= 200 && code < 300);
        expect(read({ status, body: text }).kind === "submitted").toBe(good);
      }),
      { numRuns: 2000 },
    );
  });
});

const refusals = [300, 301, 302, 307, 308, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451];

test("exactly the statuses by which HTTP refuses a call, or sends it elsewhere, tell what became of it", () => {
  for (let status = 200; status < 600; status++) {
    const refused = refusals.includes(status) || (status >= 400 && status <= 417);
    expect([status, read({ status }).kind !== "unknown"]).toEqual([status, refused]);
  }
});
