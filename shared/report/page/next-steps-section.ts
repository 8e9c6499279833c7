import { reportFileNames } from "../../ports/bucket-layout.ts";
import type { Summary } from "../summary.ts";
import { type Fragment, type Html, html } from "./html.ts";
import { withTimes } from "./times.ts";

/** What to do next; the names of files beside the page are links. */
export function nextStepsSection({ nextSteps, files }: Summary): Html {
  const names = files.map(({ name }) => name);
  const [only] = nextSteps;
  return html`<section class="next" aria-labelledby="next">
<h2 id="next">What to do next</h2>
${
  nextSteps.length === 1 && only
    ? html`<p>${linked(only, names)}</p>`
    : html`<ul class="steps">${nextSteps.map((step) => html`<li>${linked(step, names)}</li>\n`)}</ul>`
}
</section>`;
}

/**
 * The text with the names of files beside the page as links (a name within a path is not one of them), and a command, which
 * ends a step, as it is to be copied.
 */
function linked(step: string, names: readonly string[]): Fragment {
  const [text = "", command] = step.split(/(?=npx bulk-send )/u);
  return [withLinks(text, names), command !== undefined && html`<code class="command">${command}</code>`];
}

function withLinks(text: string, names: readonly string[]): Fragment {
  return text.split(/(?<![\w/.-])([\w-]+\.(?:csv|xlsx|json|html)|--[a-z]+)(?![\w/-])/).map((piece): Fragment => {
    if (names.includes(piece)) return html`<a href="${piece}">${piece}</a>`;
    return piece.startsWith("--") ? html`<code>${piece}</code>` : withTimes(piece);
  });
}

/** The files beside the page, and what each holds; those without rows are only named. */
export function filesSection({ files, counts }: Summary): Html {
  const { notSent, notSentSheet, unknown, unknownSheet } = reportFileNames;
  const without: readonly string[] = [
    ...(counts.failed + counts.invalid + counts.cancelled === 0 ? [notSentSheet, notSent] : []),
    ...(counts.unknown === 0 ? [unknownSheet, unknown] : []),
  ];
  const empty = files.filter(({ name }) => without.includes(name));
  return html`<section aria-labelledby="files">
<h2 id="files">Files beside this page</h2>
<dl class="pairs long">
${files.filter((file) => !empty.includes(file)).map(({ name, holds }) => html`<dt><a href="${name}">${name}</a></dt><dd>${holds}</dd>\n`)}</dl>
${empty.length === 0 ? "" : html`<p class="small">Without rows: ${empty.map(({ name }) => name).join(", ")}.</p>`}
</section>`;
}
