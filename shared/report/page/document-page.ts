import { createHash } from "node:crypto";
import { type Fragment, Html, html } from "./html.ts";
import { pageStyle } from "./page-assets.ts";

/** What a page is made of. */
interface DocumentPage {
  readonly title: string;
  readonly body: Html;
  /** The only script that can run. */
  readonly script?: string;
}

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * A self-contained page: it loads nothing from anywhere, and its content security policy allows only the style and the
 * script built into it, whatever a customer's file contains. It opens from disk as well as from a bucket.
 */
export function documentPage({ title, body, script }: DocumentPage): string {
  const policy = [
    "default-src 'none'",
    `style-src ${hash(pageStyle)}`,
    `script-src ${script ? hash(script) : "'none'"}`,
    // The empty icon below, so that no browser asks for one.
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const head: Fragment = [
    html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title}</title>
`,
    html`<style>${new Html(pageStyle)}</style>\n`,
  ];
  return html`<!doctype html>
<html lang="en">
<head>
${head}</head>
<body>
<main>
${body}
</main>
${script ? html`<script>${new Html(script)}</script>\n` : ""}</body>
</html>
`.markup;
}
