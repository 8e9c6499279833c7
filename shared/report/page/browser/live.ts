// The script of a page about something that still runs: reads it anew every minute, unless told to keep still.
const every = 60_000;
const still = "#still";

const button = document.querySelector<HTMLButtonElement>("#keep-still");
const note = document.querySelector("#reload-note");

const show = () => {
  const quiet = location.hash === still;
  if (button) {
    button.hidden = false;
    button.textContent = quiet ? "Reload every minute" : "Keep still";
  }
  if (note) note.textContent = quiet ? "This page keeps still." : "This page reloads itself every minute.";
};

button?.addEventListener("click", () => {
  history.replaceState(null, "", location.hash === still ? location.pathname + location.search : still);
  show();
});
setInterval(() => {
  if (location.hash !== still && !document.hidden) location.reload();
}, every);
show();
