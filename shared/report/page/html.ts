import { showHidden } from "../../hidden-characters.ts";
import { visibleText } from "./visible-text.ts";

/** A piece of HTML that is safe to put into a page. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What can be put into a template: text is escaped, pieces of HTML are not, `undefined` and `false` are left out. */
export type Fragment = Html | string | number | undefined | false | readonly Fragment[];

/** A template that escapes every text put into it: whatever a customer's file contains stays text. */
export function html(strings: TemplateStringsArray, ...parts: readonly Fragment[]): Html {
  return new Html(strings.reduce((markup, string, index) => markup + render(parts[index - 1]) + string));
}

function render(part: Fragment): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.markup;
  if (typeof part === "string") return escapeHtml(visibleText(part));
  if (typeof part === "number") return String(part);
  return part.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** Data for one of the page's scripts: JSON that cannot close its element. */
export const jsonFor = (data: unknown): Html =>
  new Html(showHidden(JSON.stringify(data).replaceAll("<", "\\u003c"), (code) => `\\u${code}`));
