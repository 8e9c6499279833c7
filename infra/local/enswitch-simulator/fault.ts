/** How a call goes wrong. `accept`: whether its message is accepted although the caller gets no proper answer. */
export type Fault =
  /** Never answers. */
  | { readonly kind: "hang"; readonly accept: boolean }
  /** Resets the connection. */
  | { readonly kind: "reset"; readonly accept: boolean }
  /** Answers like a proxy, with a status (502, 503, 404, 302 and so on, or 200) and an HTML page. */
  | { readonly kind: "html"; readonly status: number; readonly accept: boolean }
  /** Answers HTTP 429 without a verdict; `retryAfter` is the header's value, in seconds or an HTTP date. */
  | { readonly kind: "too-many"; readonly retryAfter?: string }
  /** Answers with several entries that have these codes. */
  | { readonly kind: "codes"; readonly codes: readonly (string | number)[]; readonly accept: boolean }
  /** Answers HTTP 200 with a body that is cut off in the middle. */
  | { readonly kind: "garbage"; readonly accept: boolean };

/** A call as the faults see it: its index since the start, from 0, and its parameters. */
export interface FaultyCall {
  readonly index: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Decides which calls go wrong: a function, or a list by the call's index. A list can be passed to a worker thread. */
export type Faults = ((call: FaultyCall) => Fault | undefined) | readonly (Fault | undefined)[];

/** The fault of a call, if it has one. */
export const faultOf = (faults: Faults | undefined, call: FaultyCall): Fault | undefined =>
  typeof faults === "function" ? faults(call) : faults?.[call.index];

/** Whether the message of a call with this fault may be accepted. */
export const mayAccept = (fault: Fault | undefined): boolean =>
  fault === undefined || (fault.kind !== "too-many" && fault.accept);
