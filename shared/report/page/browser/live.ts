// The script of the page of a campaign in progress: shows times in the reader's zone, and reloads the page every minute.
import { showTimes } from "./show-times.ts";

const every = 60_000;
const still = "#still";
const reloading = "#reload";

/** A page on a server is written again while the campaign runs. One on disk may be a copy, which stays as it is. */
const served = location.protocol === "https:" || location.protocol === "http:";

const button = document.querySelector<HTMLButtonElement>("#reload");
const note = document.querySelector("#reload-note");
const reloads = () => location.hash === reloading || (served && location.hash !== still);

const show = () => {
  if (button) {
    button.hidden = false;
    button.textContent = reloads() ? "Stop reloading" : "Reload every minute";
  }
  if (note) note.textContent = noteText();
};

function noteText(): string {
  if (reloads()) return "This page reloads every minute.";
  return served
    ? "This page does not reload."
    : "This may be a copy: it shows how the campaign stood when it was written.";
}

button?.addEventListener("click", () => {
  history.replaceState(null, "", reloads() ? still : reloading);
  show();
});
setInterval(() => {
  if (reloads() && !document.hidden) location.reload();
}, every);
showTimes();
show();
