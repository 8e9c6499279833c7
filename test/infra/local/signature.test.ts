import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { disbelief, readSignature, sha256 } from "../../../infra/local/gateway/signature.ts";

// The examples of the S3 API Reference, "Authenticating Requests": the key, the requests and their signatures.
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const host = "examplebucket.s3.amazonaws.com";
const now = Date.UTC(2013, 4, 24);
const scope = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const empty = sha256("");

const signed = (signedHeaders: string, signature: string, headers: Record<string, string>) => ({
  host,
  "x-amz-date": "20130524T000000Z",
  authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  ...headers,
});

const examples = {
  "an object": {
    method: "GET",
    url: "/test.txt",
    payloadHash: empty,
    headers: signed(
      "host;range;x-amz-content-sha256;x-amz-date",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      { range: "bytes=0-9", "x-amz-content-sha256": empty },
    ),
  },
  "an upload whose key has a $": {
    method: "PUT",
    url: "/test$file.text",
    payloadHash: sha256("Welcome to Amazon S3."),
    headers: signed(
      "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      {
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": sha256("Welcome to Amazon S3."),
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
      },
    ),
  },
  "a question without a value": {
    method: "GET",
    url: "/?lifecycle",
    payloadHash: empty,
    headers: signed(
      "host;x-amz-content-sha256;x-amz-date",
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
      { "x-amz-content-sha256": empty },
    ),
  },
  "a listing": {
    method: "GET",
    url: "/?prefix=J&max-keys=2",
    payloadHash: empty,
    headers: signed(
      "host;x-amz-content-sha256;x-amz-date",
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
      { "x-amz-content-sha256": empty },
    ),
  },
  "a presigned URL": {
    method: "GET",
    url: `/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(scope)}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
    payloadHash: "UNSIGNED-PAYLOAD",
    headers: { host },
  },
};

type Request = { method: string; url: string; payloadHash: string; headers: Record<string, string> };

function judge({ payloadHash, ...request }: Request, { at = now, secret = secretAccessKey } = {}) {
  const claimed = readSignature(request);
  return claimed === undefined
    ? "not signed"
    : disbelief(request, claimed, { secretAccessKey: secret, payloadHash, now: at });
}

/** A request for `/test.txt` as a client signs it that has put the query in order itself. */
function sign({ signed = "host;x-amz-date", day = "20130524", query = "" }): Request {
  const headers: Record<string, string> = { host, "x-amz-date": "20130524T000000Z" };
  const values = signed.split(";").map((name) => `${name}:${headers[name]}`);
  const canonical = ["GET", "/test.txt", query, ...values, "", signed, empty].join("\n");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const key = ["us-east-1", "s3", "aws4_request"].reduce(hmac, hmac(`AWS4${secretAccessKey}`, day));
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], `${day}/us-east-1/s3/aws4_request`, sha256(canonical)];
  const signature = hmac(key, toSign.join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=A/${day}/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${signature}`;
  return { method: "GET", url: "/test.txt", payloadHash: empty, headers: { ...headers, authorization } };
}

const minute = 60_000;

describe.each(Object.entries<Request>(examples))("the signature of %s", (_name, request) => {
  it("is believed", () => {
    expect(judge(request)).toBeUndefined();
    expect(readSignature(request)).toMatchObject({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", service: "s3" });
  });

  it.each<[string, Partial<Request>]>([
    ["another method", { method: "DELETE" }],
    ["another path", { url: request.url.replace("/", "/other") }],
    ["another question", { url: `${request.url}${request.url.includes("?") ? "&" : "?"}versionId=1` }],
    ["another body", { payloadHash: sha256("other") }],
    ["another host", { headers: { ...request.headers, host: "127.0.0.1:4000" } }],
  ])("is not believed of %s", (_what, change) => {
    expect(judge({ ...request, ...change })).toBe("wrong signature");
  });

  it("is not believed of another key, too late or too early", () => {
    expect(judge(request, { secret: "another" })).toBe("wrong signature");
    expect(judge(request, { at: now - 16 * minute })).toBe("not yet valid");
    expect(judge(request, { at: now + 25 * 60 * minute })).toBe("expired");
  });
});

describe("a request", () => {
  it("is believed to the very end of its time, and no millisecond longer", () => {
    for (const [request, goodForMs] of [
      [examples["an object"], 15 * minute],
      [examples["a presigned URL"], 86_400_000],
    ] as const) {
      expect(judge(request, { at: now + goodForMs })).toBeUndefined();
      expect(judge(request, { at: now + goodForMs + 1 })).toBe("expired");
    }
  });

  it("must have signed the host it is sent to, and on the day that its key is for", () => {
    expect(judge(sign({}))).toBeUndefined();
    expect(judge(sign({ signed: "x-amz-date" }))).toBe("wrong signature");
    expect(judge(sign({ day: "20130523" }))).toBe("wrong signature");
  });

  it("is signed with its questions in the order of their names, and those of one name in that of their values", () => {
    const canonical = "a=&a=%20x&a=1&a=1&a=2&a-b=0&b=0";
    for (const sent of [
      canonical,
      "b=0&a=2&a=1&a-b=0&a=+x&a&a=1".replace("+", "%20"),
      "a=1&a=2&a=1&a=%20x&a-b=0&b=0&a=",
    ]) {
      expect(judge({ ...sign({ query: canonical }), url: `/test.txt?${sent}` })).toBeUndefined();
    }
    expect(judge({ ...sign({ query: canonical }), url: `/test.txt?${canonical}&a=3` })).toBe("wrong signature");
  });

  it("is believed of a header of AWS's only if that is signed, too, but for those that the signature covers by itself", () => {
    for (const request of [examples["an object"], examples["a presigned URL"]]) {
      const withHeader = (name: string) => judge({ ...request, headers: { ...request.headers, [name]: "x" } });
      expect(withHeader("x-amz-copy-source")).toBe("unsigned header");
      expect(withHeader("user-agent")).toBeUndefined();
    }
    const { headers, ...presigned } = examples["a presigned URL"];
    const own = { "x-amz-content-sha256": empty, "x-amz-date": "20130524T000000Z" };
    expect(judge({ ...presigned, headers: { ...headers, ...own } })).toBeUndefined();
  });

  it("signed in its header is believed for a quarter of an hour", () => {
    expect(judge(examples["an object"], { at: now + 14 * minute })).toBeUndefined();
    expect(judge(examples["an object"], { at: now + 16 * minute })).toBe("expired");
  });

  it("that does not say how long it is good for, or for longer than a week, is not believed", () => {
    const { url } = examples["a presigned URL"];
    for (const expires of ["", "X-Amz-Expires=-1&", "X-Amz-Expires=604801&", "X-Amz-Expires=soon&"]) {
      expect(judge({ ...examples["a presigned URL"], url: url.replace("X-Amz-Expires=86400&", expires) })).toBe(
        "expired",
      );
    }
  });

  it.each([
    ["nothing", { headers: { host } }],
    ["a password", { headers: { host, authorization: "Basic YTpi" } }],
    ["half a signature", { headers: { host, authorization: "AWS4-HMAC-SHA256 Credential=a/b/c" } }],
    ["a credential in its URL alone", { url: "/?X-Amz-Credential=a", headers: { host } }],
  ])("with %s is not signed", (_what, change) => {
    expect(judge({ method: "GET", url: "/", payloadHash: empty, ...change })).toBe("not signed");
  });
});
