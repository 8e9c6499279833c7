/** What became of one call of `messages/text/send`: one kind for each different next step. */
export type Verdict =
  /** Every code was 2xx: Enswitch took the message. Not yet delivered. */
  | { readonly kind: "submitted"; readonly code: number }
  /** 400: an input is wrong. `key` names the parameter. */
  | { readonly kind: "rejected"; readonly code: 400; readonly key: string; readonly message: string }
  /** 403: the rate plan does not allow this message; it may depend on the destination. */
  | { readonly kind: "forbidden"; readonly code: 403; readonly key: string; readonly message: string }
  /** 401: the credentials were not accepted; nothing was sent. */
  | { readonly kind: "unauthenticated"; readonly code: 401; readonly message: string }
  /** 402: the role lacks the "send messages" privilege; nothing was sent. */
  | { readonly kind: "unprivileged"; readonly code: 402; readonly message: string }
  /** Proven not accepted (refused, DNS, TLS, connect time-out, 408, 421, 425, 429 without verdict); trying later can help. */
  | { readonly kind: "not-sent"; readonly cause: string; readonly retryAfterMs?: number }
  /** Proven not accepted because this isn't an Enswitch endpoint (other 3xx, 4xx without verdict); trying later cannot help. */
  | { readonly kind: "wrong-endpoint"; readonly cause: string }
  /** The call was never handed to a socket: its slot had passed, or the caller withdrew it. */
  | { readonly kind: "not-fired" }
  /** It may have been accepted; never sent again automatically. */
  | { readonly kind: "unknown"; readonly cause: string };

/**
 * A file of a message: its content in base64, either inline or as an object under `attachments/`, in the version that was there when
 * the row was judged (plans of older versions name none).
 */
export type SendFile =
  | { readonly filename: string; readonly base64: string }
  | { readonly filename: string; readonly attachment: string; readonly version?: string };

/** The parameters of one call, by the API's own names; `stype` "" means "from a number". */
export interface SendParameters {
  readonly cnumber: string;
  readonly message: string;
  readonly snumber: string;
  readonly stype: string;
  readonly customer?: string;
  readonly files?: readonly SendFile[];
}

/**
 * Asked at the very moment the call is about to be written to its socket (connection open, nothing written yet).
 * `false` withdraws the call: nothing is written and the verdict is `not-fired`.
 */
export type Gate = () => boolean;
