import { createHmac, timingSafeEqual } from "node:crypto";

/** What a proof is made of. */
interface Proven {
  readonly secretAccessKey: string;
  /** Chosen by who asks, another one each time. */
  readonly challenge: string;
  /** Where it is asked, so that nobody can pass on the proof of a cloud elsewhere. */
  readonly endpoint: string;
}

const path = "/.well-known/bulk-send/";

/** Where a cloud is asked to prove that it knows its operator's secret key. */
export const proofPath = (challenge: string): string => `${path}${challenge}`;

/** The challenge of a request for a proof; `undefined` for any other request. */
export function challengeOf(url: string | undefined): string | undefined {
  const challenge = url?.startsWith(path) ? url.slice(path.length) : "";
  return /^[\w-]{16,64}$/.test(challenge) ? challenge : undefined;
}

/** Proves to know the secret key without telling it. */
export const proofOf = ({ secretAccessKey, challenge, endpoint }: Proven): string =>
  createHmac("sha256", secretAccessKey).update(`bulk-send\n${endpoint}\n${challenge}`).digest("hex");

/** Whether a text is the proof that was asked for. */
export function proves(text: string, proven: Proven): boolean {
  const expected = Buffer.from(proofOf(proven));
  const given = Buffer.from(text);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
