import { expect, test } from "vitest";
import { proofOf, proves } from "../../../infra/local/gateway/proof.ts";

test("a proof is of one secret, for one question, asked at one place, so that nobody can pass on another's", () => {
  const proven = { secretAccessKey: "secret", challenge: "0123456789abcdef", endpoint: "http://127.0.0.1:4000" };
  expect(proves(proofOf(proven), proven)).toBe(true);
  for (const other of [
    { secretAccessKey: "other" },
    { challenge: "fedcba9876543210" },
    { endpoint: "http://127.0.0.1:4001" },
  ]) {
    expect(proves(proofOf({ ...proven, ...other }), proven)).toBe(false);
  }
  for (const text of ["", proofOf(proven).slice(1), `${proofOf(proven)}0`]) expect(proves(text, proven)).toBe(false);
});
