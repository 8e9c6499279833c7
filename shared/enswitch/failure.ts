/** The code of a failed connection or call: the system's, TLS's or the HTTP library's. Never its message. */
function failureCode(error: unknown): string {
  const known: NodeJS.ErrnoException | undefined = error instanceof Error ? error : undefined;
  const code = known?.code;
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "unknown error";
}

/** Why no connection to `host` (name and port) could be opened within `connectTimeoutMs`, in plain words; nothing was sent. */
export function connectFailure(error: unknown, host: string, connectTimeoutMs: number): string {
  const code = failureCode(error);
  switch (code) {
    case "ECONNREFUSED":
      return `connection refused by ${host}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
    case "EAI_NODATA":
      return `the name of ${host} could not be resolved (${code})`;
    case "ETIMEDOUT":
    case "UND_ERR_CONNECT_TIMEOUT":
      return `no connection to ${host} within ${seconds(connectTimeoutMs)}`;
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return `${host} cannot be reached from here (${code})`;
    case "EMFILE":
    case "ENFILE":
      return `too many connections are open on this machine (${code})`;
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return `${host} closed the connection before the call was written`;
    default:
      return isTls(code)
        ? `no trusted TLS connection to ${host} (${code})`
        : `the connection to ${host} failed before the call was written (${code})`;
  }
}

/** Why there is no complete answer although the call was written: it may have been accepted. */
export function answerFailure(error: unknown, host: string): string {
  const code = failureCode(error);
  switch (code) {
    case "ECONNRESET":
    case "EPIPE":
    case "UND_ERR_SOCKET":
      return `${host} closed the connection before its answer was complete`;
    default:
      return `the answer of ${host} could not be read (${code})`;
  }
}

/** Milliseconds as seconds, for people: "20 s", "0.5 s". */
export const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(3))} s`;

/** Codes of OpenSSL's certificate checks have no common prefix. */
const isTls = (code: string) =>
  /^(ERR_TLS|ERR_SSL|CERT_|CRL_|EPROTO|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/.test(
    code,
  );
