import { createConnections } from "./connections.ts";
import { parseEndpoint } from "./endpoint.ts";
import { defaultConnectTimeoutMs } from "./enswitch.ts";
import { connectFailure } from "./failure.ts";
import { createOpener } from "./opener.ts";

/** Whether the endpoint's host takes connections (with TLS, for https), how long that took, or why not. */
export type Reachability =
  | { readonly kind: "reachable"; readonly host: string; readonly connectMs: number }
  | { readonly kind: "unreachable"; readonly cause: string };

/** Connects to the endpoint and closes again; sends nothing. Throws an EndpointError when the endpoint cannot be used. */
export async function probeEndpoint(options: {
  readonly endpoint: string;
  /** As long as a call waits, when absent. */
  readonly connectTimeoutMs?: number;
  /** Certificates (PEM) of a private authority. */
  readonly ca?: string;
}): Promise<Reachability> {
  const { connectTimeoutMs = defaultConnectTimeoutMs, ca } = options;
  const { url, host } = parseEndpoint(options.endpoint);
  await using connections = createConnections(createOpener({ url, connectTimeoutMs, ca }));
  const startedAt = performance.now();
  const error = await connections.open();
  return error === null
    ? { kind: "reachable", host, connectMs: performance.now() - startedAt }
    : { kind: "unreachable", cause: connectFailure(error, host, connectTimeoutMs) };
}
