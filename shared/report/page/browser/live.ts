// The script of the page of a campaign in progress: reloads it every minute, unless told to stop.
const every = 60_000;
const still = "#still";

const button = document.querySelector<HTMLButtonElement>("#keep-still");
const note = document.querySelector("#reload-note");

const show = () => {
  const quiet = location.hash === still;
  if (button) {
    button.hidden = false;
    button.textContent = quiet ? "Reload every minute" : "Stop reloading";
  }
  if (note) note.textContent = quiet ? "It does not reload by itself." : "It reloads by itself.";
};

button?.addEventListener("click", () => {
  history.replaceState(null, "", location.hash === still ? location.pathname + location.search : still);
  show();
});
setInterval(() => {
  if (location.hash !== still && !document.hidden) location.reload();
}, every);
show();
