import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Account, rateOf } from "../../shared/account/account.ts";
import type { Control } from "../../shared/campaign/control.ts";
import { grouped, sentence } from "../../shared/in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import { troubleInWords, useApp } from "../page/app.ts";
import { pause } from "../page/waiting.ts";
import { whenSeen } from "../page/when-seen.ts";
import { controlOf } from "./controls.tsx";

/** How often to look, in milliseconds. */
const everyMs = 5_000;

/** How sending as a whole stands, and what an operator can do about it. */
export function AllSending() {
  const app = useApp();
  const account = useSignal<Account | undefined>(undefined);
  const said = useSignal("");
  useEffect(() => {
    const stopping = new AbortController();
    const look = async () => {
      let failed = false;
      while (!stopping.signal.aborted) {
        try {
          account.value = await (await app.cloud.ledger()).account.read();
          // What a look says that came to nothing holds until one comes to something.
          if (failed) said.value = "";
          failed = false;
        } catch (error) {
          failed = true;
          said.value = troubleInWords(app, error);
        }
        await pause(everyMs, stopping.signal);
        await whenSeen(stopping.signal);
      }
    };
    void look();
    return () => stopping.abort();
  }, []);
  const order = async (ask: (control: Control) => ReturnType<Control["pauseAccount"]>) => {
    try {
      said.value = (await ask(await controlOf(app))).sentence;
      account.value = await (await app.cloud.ledger()).account.read();
    } catch (error) {
      said.value = troubleInWords(app, error);
    }
  };
  const now = account.value;
  if (now === undefined) return said.value === "" ? null : <p role="status">{said.value}</p>;
  const rate = grouped(rateOf(now, app.settings.sending.sendsPerSecond));
  return (
    <section class="step all-sending" aria-label="All sending">
      <p>
        {now.pause === undefined
          ? `Sends at most ${rate} a second.`
          : `All sending is paused. ${visibleText(sentence(now.pause.reason))}`}
      </p>
      <p role="status" class="small quiet">
        {said.value}
      </p>
      <button
        type="button"
        onClick={() => order((to) => (now.pause === undefined ? to.pauseAccount() : to.resumeAccount()))}
      >
        {now.pause === undefined ? "Pause all sending" : "Resume all sending"}
      </button>
    </section>
  );
}
