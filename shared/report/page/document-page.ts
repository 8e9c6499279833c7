import { createHash } from "node:crypto";
import { type Fragment, Html, html } from "./html.ts";
import { pageStyle } from "./page-assets.ts";

/** What a page is made of. */
interface DocumentPage {
  readonly title: string;
  readonly body: Html;
  /** Further styles, and at most one script; nothing else can run. */
  readonly styles?: readonly string[];
  readonly script?: string;
}

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * A self-contained page: it loads nothing from anywhere, and its content security policy allows only the styles and the
 * script built into it, whatever a customer's file contains. It opens from disk as well as from a bucket.
 */
export function documentPage({ title, body, styles = [], script }: DocumentPage): string {
  const allStyles = [pageStyle, ...styles];
  const policy = [
    "default-src 'none'",
    `style-src ${allStyles.map(hash).join(" ")}`,
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
    allStyles.map((style) => html`<style>${new Html(style)}</style>\n`),
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
