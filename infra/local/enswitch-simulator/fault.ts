/** How a call goes wrong. `accept` says whether the message is taken before the caller is left without a proper answer. */
export type Fault =
  /** Never answers. */
  | { readonly kind: "hang"; readonly accept: boolean }
  /** Resets the connection. */
  | { readonly kind: "reset"; readonly accept: boolean }
  /** Answers like a proxy: a status and an HTML page. 502, 503, 404, 302 and the like, or 200. */
  | { readonly kind: "html"; readonly status: number; readonly accept: boolean }
  /** HTTP 429 without verdict; `retryAfter` as the header has it, seconds or an HTTP date. */
  | { readonly kind: "too-many"; readonly retryAfter?: string }
  /** Several entries with these codes. */
  | { readonly kind: "codes"; readonly codes: readonly (string | number)[]; readonly accept: boolean }
  /** HTTP 200 and a body that is cut in the middle. */
  | { readonly kind: "garbage"; readonly accept: boolean };

/** A call as the faults see it: its index since the start, from 0, and its parameters. */
export interface FaultyCall {
  readonly index: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Decides which calls go wrong: a function, or a list by the call's index. A list can be handed to a worker thread. */
export type Faults = ((call: FaultyCall) => Fault | undefined) | readonly (Fault | undefined)[];

/** The fault of a call, if it has one. */
export const faultOf = (faults: Faults | undefined, call: FaultyCall): Fault | undefined =>
  typeof faults === "function" ? faults(call) : faults?.[call.index];

/** Whether a call with this fault may take its message. */
export const mayAccept = (fault: Fault | undefined): boolean =>
  fault === undefined || (fault.kind !== "too-many" && fault.accept);
