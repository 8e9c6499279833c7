import { inWords, type TimeLook } from "../../time-words.ts";

const isLook = (look: string): look is TimeLook =>
  ["instant", "exact", "span", "second", "minute", "day"].includes(look);

/** Shows the page's times, which are written in UTC, in the reader's own zone, and names it. */
export function showTimes(): void {
  for (const element of document.querySelectorAll("[data-time]")) {
    const look = element.getAttribute("data-time") ?? "";
    const at = element.getAttribute("datetime") ?? element.getAttribute("data-at");
    if (!isLook(look) || at === null) continue;
    element.textContent = inWords(look, undefined, at, element.getAttribute("data-until") ?? at);
  }
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const element of document.querySelectorAll("[data-zone]")) element.textContent = zone;
}
