import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { rateLimits } from "../../shared/account/rate-limits.ts";
import { type Control, createControl } from "../../shared/campaign/control.ts";
import { counted } from "../../shared/in-words.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type App, troubleInWords, useApp } from "../page/app.ts";
import { Dialog, useFocusAfter } from "../page/dialog.tsx";
import { readTypedNumber, type TypedNumber } from "../page/typed-number.ts";
import { Notice } from "../page/words.tsx";

/** Gives an operator's orders through the same control as the command line. */
export async function controlOf({ cloud, session, settings }: App): Promise<Control> {
  const { campaigns, account, nudge } = await cloud.ledger();
  return createControl({
    campaigns,
    account,
    nudge,
    clock: systemClock,
    by: session.person,
    ceiling: settings.sending.sendsPerSecond,
    ...(settings.sending.maxMessagesPerDay === undefined ? {} : { maxPerDay: settings.sending.maxMessagesPerDay }),
  });
}

type Question = "cancel" | "rate";

/** What an operator can do about a campaign that is not over; `whole`: it is paused together with everything else. */
export function Controls({ summary, whole }: { readonly summary: Summary; readonly whole: boolean }) {
  const app = useApp();
  const said = useSignal<{ readonly ok: boolean; readonly sentence: string } | undefined>(undefined);
  const asking = useSignal<Question | undefined>(undefined);
  const busy = useSignal(false);
  const heading = useFocusAfter(said.value);
  if (!app.can.operate) return null;
  const order: Order = async (ask) => {
    busy.value = true;
    asking.value = undefined;
    try {
      const { kind, sentence } = await ask(await controlOf(app));
      said.value = { ok: kind === "granted", sentence };
    } catch (error) {
      said.value = { ok: false, sentence: troubleInWords(app, error) };
    } finally {
      busy.value = false;
    }
  };
  const { name } = summary;
  return (
    <section class="step" aria-labelledby="controls-title">
      <h2 id="controls-title" ref={heading} tabIndex={-1}>
        Control
      </h2>
      <Orders
        summary={summary}
        whole={whole}
        busy={busy.value}
        order={order}
        ask={(question) => {
          asking.value = question;
        }}
      />
      <div role="status">
        {said.value === undefined ? null : (
          <Notice kind={said.value.ok ? "good" : "wrong"}>{visibleText(said.value.sentence)}</Notice>
        )}
      </div>
      {asking.value === "cancel" ? (
        <CancelDialog
          summary={summary}
          onLeave={() => {
            asking.value = undefined;
          }}
          onCancel={() => order((to) => to.cancel(name))}
        />
      ) : null}
      {asking.value === "rate" ? (
        <RateDialog
          onLeave={() => {
            asking.value = undefined;
          }}
          present={summary.rate.set}
          onRate={(rate) => order((to) => to.setRate(rate))}
        />
      ) : null}
    </section>
  );
}

type Order = (ask: (control: Control) => ReturnType<Control["pause"]>) => Promise<void>;

function Orders({
  summary,
  whole,
  busy,
  order,
  ask,
}: {
  readonly summary: Summary;
  readonly whole: boolean;
  readonly busy: boolean;
  readonly order: Order;
  readonly ask: (question: Question) => void;
}) {
  const { name, state, pause } = summary;
  const paused = state === "paused";
  const waitsForApprover = pause?.code === "approval";
  return (
    <div class="buttons">
      {paused && !waitsForApprover ? (
        <button
          type="button"
          class="primary"
          disabled={busy}
          onClick={() => order((to) => (whole ? to.resumeAccount() : to.resume(name)))}
        >
          {whole ? "Resume all sending" : "Resume"}
        </button>
      ) : null}
      {paused || state === "ending" ? null : (
        <button type="button" disabled={busy} onClick={() => order((to) => to.pause(name))}>
          Pause
        </button>
      )}
      <button type="button" disabled={busy} onClick={() => ask("rate")}>
        Change speed…
      </button>
      {state === "ending" ? null : (
        <button type="button" class="danger" disabled={busy} onClick={() => ask("cancel")}>
          Cancel…
        </button>
      )}
    </div>
  );
}

function CancelDialog({
  summary,
  onLeave,
  onCancel,
}: {
  readonly summary: Summary;
  readonly onLeave: () => void;
  readonly onCancel: () => void;
}) {
  return (
    <Dialog title="Cancel this campaign?" onLeave={onLeave}>
      <p>
        {counted(summary.remaining, "message")} will not be sent. This cannot be undone; what has been sent stays sent.
      </p>
      <div class="buttons">
        <button type="button" onClick={onLeave}>
          Go on sending
        </button>
        <button type="button" class="danger" onClick={onCancel}>
          Cancel it
        </button>
      </div>
    </Dialog>
  );
}

/** What is wrong with how a speed is written, and how it is meant; nothing where it can be read. */
function howToWrite(read: TypedNumber): string {
  if (read.kind === "number") return "";
  if (read.kind === "none") return "Write a number, such as 2.5 or 2,5. ";
  const [one, other] = read.either;
  return `This may be ${one} or ${other}: write the one you mean. `;
}

function RateDialog({
  present,
  onLeave,
  onRate,
}: {
  readonly present: number | undefined;
  readonly onLeave: () => void;
  readonly onRate: (rate: number) => void;
}) {
  const { sendsPerSecond } = useApp().settings.sending;
  const id = useId();
  const typed = useSignal(String(present ?? sendsPerSecond));
  const read = readTypedNumber(typed.value);
  const rate = read.kind === "number" ? read.value : Number.NaN;
  const fits = rate >= rateLimits.min && rate <= sendsPerSecond;
  return (
    <Dialog title="Change the speed" onLeave={onLeave}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) onRate(rate);
        }}
      >
        <div class="field">
          <label for={id}>Messages a second</label>
          <input
            id={id}
            type="text"
            inputMode="decimal"
            value={typed.value}
            aria-describedby={`${id}-hint`}
            aria-invalid={!fits}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
          <p id={`${id}-hint`} role="status" class={fits ? "small quiet" : "small fault"}>
            {howToWrite(read)}At least {rateLimits.min}, at most {sendsPerSecond}. It holds for all campaigns together.
          </p>
        </div>
        <div class="buttons">
          <button type="button" onClick={onLeave}>
            Leave it
          </button>
          <button type="submit" class="primary" aria-disabled={!fits} aria-describedby={`${id}-hint`}>
            Change it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
