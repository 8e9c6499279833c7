/** A complete HTTP reply. Header names are in lower case; the body is text, however the server labelled it. */
export interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: string;
}
