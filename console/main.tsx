import { render } from "preact";
import { Page, start } from "./page/start.tsx";

const root = document.querySelector("#app");
if (root !== null) render(<Page />, root);
void start();
