// First, as what follows reads texts by schemas.
import "./no-eval.ts";
import { render } from "preact";
import { Page, start } from "./page/start.tsx";

const root = document.querySelector("#app");
if (root !== null) render(<Page />, root);
await start();
