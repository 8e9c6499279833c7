/** Where the calls go: the one URL, and how its parts are named to people. */
export interface Endpoint {
  /** `<endpoint>/messages/text/send/`, or another function's, without query or credentials. */
  readonly url: URL;
  /** Host and port, for causes: "pbx.example.com:443". */
  readonly host: string;
  /** Origin and path, for causes. */
  readonly name: string;
}

/** The endpoint in the settings cannot be used. The message is for the person who wrote it. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/**
 * Parses the whole prefix in front of `/messages/text/send/`, such as `https://pbx.example.com/api/json`.
 * Throws an EndpointError for anything that isn't an http(s) URL, carries credentials, a query or a fragment, or would send the
 * password unencrypted to another machine.
 */
export function parseEndpoint(endpoint: string, what: "send" | "list" = "send"): Endpoint {
  // The text itself is never quoted: it may carry credentials.
  if (!URL.canParse(endpoint)) {
    throw new EndpointError(
      "The endpoint is not a URL; give the whole prefix, such as https://pbx.example.com/api/json.",
    );
  }
  const url = new URL(endpoint);
  if (url.username !== "" || url.password !== "") {
    throw new EndpointError("The endpoint contains credentials; remove them; they belong in the secret.");
  }
  if (url.search !== "" || url.hash !== "") {
    throw new EndpointError(`The endpoint ${url.origin}${url.pathname} must end with its path, without "?" or "#".`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new EndpointError(`The endpoint must begin with https://, not with ${url.protocol}//.`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new EndpointError(
      `The endpoint ${url.origin}${url.pathname} is not encrypted, and every call carries the password; use https://.`,
    );
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/messages/text/${what}/`;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return { url, host: `${url.hostname}:${port}`, name: `${url.origin}${url.pathname}` };
}

const isLoopback = (hostname: string) =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
