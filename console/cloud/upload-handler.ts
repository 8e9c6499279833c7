import type { S3ClientConfig } from "@aws-sdk/client-s3";

type UploadHandler = Extract<NonNullable<S3ClientConfig["requestHandler"]>, { handle: unknown }>;

/** What the handler uses of the SDK's request. */
interface SignedRequest extends Addressed {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: XMLHttpRequestBodyInit;
}

/** What becomes of it. */
interface Answered {
  readonly response: { readonly statusCode: number; readonly headers: Record<string, string>; readonly body: unknown };
}

/** Headers that a browser sets itself and lets nobody else set. */
const browsersOwn = new Set(["host", "content-length", "user-agent"]);

/** The connection broke before there was an answer. */
class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/**
 * Sends the SDK's requests by `XMLHttpRequest`, which unlike `fetch` tells how many bytes are on their way. A connection that
 * breaks is an error named ConnectionLost.
 */
export const createUploadHandler = (onProgress: (bytes: number) => void): UploadHandler => ({
  handle: (request: SignedRequest, { abortSignal }: { readonly abortSignal?: object } = {}) =>
    new Promise<Answered>((resolve, reject) => {
      const call = new XMLHttpRequest();
      call.open(request.method, urlOf(request));
      call.responseType = "blob";
      for (const [name, value] of Object.entries(request.headers)) {
        if (!browsersOwn.has(name.toLowerCase())) call.setRequestHeader(name, value);
      }
      call.upload.onprogress = ({ loaded }) => onProgress(loaded);
      call.onload = () =>
        resolve({
          response: { statusCode: call.status, headers: headersOf(call.getAllResponseHeaders()), body: call.response },
        });
      const lost = () => reject(new ConnectionLost("The connection broke."));
      call.onerror = lost;
      call.ontimeout = lost;
      call.onabort = lost;
      if (abortSignal instanceof AbortSignal) {
        abortSignal.addEventListener("abort", () => call.abort(), { once: true });
      }
      call.send(request.body);
    }),
});

interface Addressed {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
}

function urlOf({ protocol, hostname, port, path, query = {} }: Addressed): string {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values ?? ""].flat()) url.searchParams.append(name, value);
  }
  return url.href;
}

const headersOf = (lines: string): Record<string, string> =>
  Object.fromEntries(
    lines
      .trim()
      .split(/\r?\n/)
      .map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
      }),
  );
