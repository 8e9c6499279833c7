import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { ConsoleSettings } from "../../../shared/console/console-settings.ts";
import type { BuiltPage } from "../../../shared/console/publish-page.ts";
import { contentSecurityPolicy, securityHeaders } from "../../../shared/console/security-headers.ts";
import type { Session } from "../../../shared/console/session.ts";
import { readSignature } from "../gateway/signature.ts";
import { consolePath } from "./console-link.ts";
import type { ConsoleSessions } from "./console-sessions.ts";
import { userOfPeer } from "./peer-user.ts";

/** Dependencies of the console's server. */
interface ConsoleDeps {
  readonly page: BuiltPage;
  /** What the page is told; its version and addresses are added. */
  readonly settings: Omit<ConsoleSettings, "version" | "endpoint">;
  /** The cloud's own address. */
  readonly endpoint: string;
  readonly sessions: Pick<ConsoleSessions, "guestOf" | "sessionOf">;
  readonly onError: (error: unknown) => void;
}

/** Whether a request is for the console: not if it is signed, because then it is for a service. */
export function asksForConsole(request: Pick<IncomingMessage, "url" | "headers">): boolean {
  const path = pathOf(request);
  return (path === consoleRoot || path.startsWith(consolePath)) && readSignature(request) === undefined;
}

const consoleRoot = consolePath.slice(0, -1);

const pathOf = ({ url = "/" }: Pick<IncomingMessage, "url">) => url.split(/[?#]/u, 1)[0] ?? "";

/**
 * Serves the console under `/console/`: the page's files to anybody on this machine, who could have them from the project;
 * its settings and a session only to who has the secret of the link. Nothing is for other websites, whatever name they
 * have this machine by: the host must be loopback's, and a request that a browser sends for another origin is refused.
 */
export function serveConsole(deps: ConsoleDeps): RequestListener {
  return (request, response) => {
    request.resume();
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(deps, request).then(
      (result) => send(request, response, result),
      (error: unknown) => {
        deps.onError(error);
        send(request, response, { status: 500 });
      },
    );
  };
}

const headers = { "content-security-policy": contentSecurityPolicy([]), ...securityHeaders };

/** An answer; what is not said otherwise must be kept nowhere. */
interface Answer {
  readonly status: number;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answer(deps: ConsoleDeps, request: IncomingMessage): Promise<Answer> {
  const refused = refusal(deps.endpoint, request);
  if (refused !== undefined) return refused;
  const path = pathOf(request);
  if (path === consoleRoot) return { status: 308, headers: { location: consolePath } };
  const name = path.slice(consolePath.length);
  const allowed = name === "session" ? ["POST"] : ["GET", "HEAD"];
  if (!allowed.includes(request.method ?? "")) return { status: 405, headers: { allow: allowed.join(", ") } };
  if (name === "session" || name === "config.json") return answerGuest(deps, request, name);
  // Only what was built can be asked for, exactly as it is called: nothing else in any folder.
  const { files } = await deps.page.contents();
  const file = files.find(({ path }) => path === (name === "" ? "index.html" : name));
  if (file === undefined) return { status: 404 };
  const body = Buffer.concat(await Array.fromAsync(deps.page.read(file.path)));
  // Other names change with the content.
  const caching = name.startsWith("assets/") ? "private, max-age=31536000, immutable" : "no-store";
  return { status: 200, body, headers: { "content-type": file.contentType, "cache-control": caching } };
}

/** Who asks from elsewhere gets nothing, not even whether there is something. */
function refusal(endpoint: string, { headers, method, url }: IncomingMessage): Answer | undefined {
  const { host = "", origin } = headers;
  if (!originsOf(endpoint).includes(`http://${host}`)) return { status: 421 };
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403 };
  const { "sec-fetch-site": site = "none", "sec-fetch-mode": mode, "sec-fetch-dest": destination } = headers;
  if (site === "same-origin" || site === "none") return undefined;
  // Somebody followed a link to the page, such as one in a terminal that is a website itself.
  const followed = mode === "navigate" && destination === "document" && method === "GET";
  return followed && [consoleRoot, consolePath].includes(pathOf({ url })) ? undefined : { status: 403 };
}

/** The addresses by which a browser on this machine may have the page. */
const originsOf = (endpoint: string) => [endpoint, endpoint.replace("127.0.0.1", "localhost")];

async function answerGuest(
  { page, settings, endpoint, sessions }: ConsoleDeps,
  request: IncomingMessage,
  name: "session" | "config.json",
): Promise<Answer> {
  const isOwn = async () => {
    const user = await userOfPeer(request.socket);
    // The superuser may look into every process; some systems pass connections on as he.
    return user !== undefined && (user === process.getuid?.() || user === 0);
  };
  const guest = await sessions.guestOf(request.headers.authorization, isOwn);
  if (guest === undefined) return { status: 401, headers: { "www-authenticate": "Bearer" } };
  if (name === "session") return json(sessions.sessionOf(guest) satisfies Session);
  // The page may only call the origin that it was loaded from.
  const origin = `http://${request.headers.host}`;
  const nudges = settings.nudges.replace(endpoint, origin);
  const { version } = await page.contents();
  const told: ConsoleSettings = { ...settings, version, nudges, endpoint: origin };
  return json(told);
}

const json = (value: object): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});

function send(request: IncomingMessage, response: ServerResponse, { status, body = "", headers }: Answer): void {
  const length = { "content-length": Buffer.byteLength(body) };
  response.writeHead(status, { "cache-control": "no-store", ...headers, ...length });
  response.end(request.method === "HEAD" ? undefined : body);
}
