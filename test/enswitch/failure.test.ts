import { expect, test } from "vitest";
import { answerFailure, connectFailure } from "../../shared/enswitch/failure.ts";

const failed = (code: string) => Object.assign(new Error("with auth_password=hunter2"), { code });
const host = "pbx.example.com:443";

test.each([
  ["ECONNREFUSED", "connection refused by pbx.example.com:443"],
  ["ENOTFOUND", "the name of pbx.example.com:443 could not be resolved (ENOTFOUND)"],
  ["EAI_AGAIN", "the name of pbx.example.com:443 could not be resolved (EAI_AGAIN)"],
  ["EAI_FAIL", "the name of pbx.example.com:443 could not be resolved (EAI_FAIL)"],
  ["EAI_NODATA", "the name of pbx.example.com:443 could not be resolved (EAI_NODATA)"],
  ["ETIMEDOUT", "no connection to pbx.example.com:443 within 10 s"],
  ["UND_ERR_CONNECT_TIMEOUT", "no connection to pbx.example.com:443 within 10 s"],
  ["EHOSTUNREACH", "pbx.example.com:443 cannot be reached from here (EHOSTUNREACH)"],
  ["ENETUNREACH", "pbx.example.com:443 cannot be reached from here (ENETUNREACH)"],
  ["EADDRNOTAVAIL", "pbx.example.com:443 cannot be reached from here (EADDRNOTAVAIL)"],
  ["ENFILE", "too many connections are open on this machine (ENFILE)"],
  ["EMFILE", "too many connections are open on this machine (EMFILE)"],
  ["CERT_HAS_EXPIRED", "no trusted TLS connection to pbx.example.com:443 (CERT_HAS_EXPIRED)"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "no trusted TLS connection to pbx.example.com:443 (ERR_SSL_WRONG_VERSION_NUMBER)"],
  ["UND_ERR_SOCKET", "pbx.example.com:443 closed the connection before the call was written"],
  ["ECONNRESET", "pbx.example.com:443 closed the connection before the call was written"],
  ["EPIPE", "pbx.example.com:443 closed the connection before the call was written"],
  ["ESTRANGE", "the connection to pbx.example.com:443 failed before the call was written (ESTRANGE)"],
  ["not a code", "the connection to pbx.example.com:443 failed before the call was written (unknown error)"],
])("%s before the writing is told in plain words, without the error's own text", (code, words) => {
  expect(connectFailure(failed(code), host, 10_000)).toBe(words);
});

test.each([
  ["EPIPE", "pbx.example.com:443 closed the connection before its answer was complete"],
  ["ECONNRESET", "pbx.example.com:443 closed the connection before its answer was complete"],
  ["UND_ERR_SOCKET", "pbx.example.com:443 closed the connection before its answer was complete"],
  ["HPE_INVALID_CONSTANT", "the answer of pbx.example.com:443 could not be read (HPE_INVALID_CONSTANT)"],
])("%s after the writing is told in plain words", (code, words) => {
  expect(answerFailure(failed(code), host)).toBe(words);
});

test("what is no error at all is told, too", () => {
  expect(answerFailure(undefined, host)).toContain("unknown error");
  expect(answerFailure(Object.assign(new Error(), { code: 42 }), host)).toContain("unknown error");
});
