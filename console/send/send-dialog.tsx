import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { counted, duration, iso } from "../../shared/in-words.ts";
import { moneyInWords } from "../../shared/report/cost-in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import type { Draft } from "../list/draft.ts";
import { Fact } from "../list/facts.tsx";
import { troubleInWords, useApp } from "../page/app.ts";
import { Dialog } from "../page/dialog.tsx";
import { goTo, linkTo } from "../page/place.ts";
import { Bar, Instant, Notice, sizeInWords } from "../page/words.tsx";
import { type Handing, nextName, sendList } from "./send-list.ts";

/** What is asked about. */
export interface AskedToSend {
  readonly summary: Summary;
  /** The text of the options that it was judged by. */
  readonly options: string;
  readonly name: string;
  /** Whether somebody else approves it before anything is sent. */
  readonly approval: boolean;
}

/** Asks once more, by the number of messages and what they cost, and hands the list over. */
export function SendDialog({
  draft,
  judged,
  onLeave,
}: {
  readonly draft: Draft;
  readonly judged: AskedToSend;
  readonly onLeave: () => void;
}) {
  const app = useApp();
  const handing = useSignal<Handing | undefined>(undefined);
  const stopping = useMemo(() => new AbortController(), []);
  useEffect(() => () => stopping.abort(), [stopping]);
  const { summary, options, name, approval } = judged;
  const messages = counted(summary.remaining, "message");
  const busy = handing.value?.kind === "uploading";
  useEffect(() => (busy ? keepPage() : undefined), [busy]);

  const send = () =>
    sendList(
      {
        objects: app.cloud.objects,
        reads: app.can.read,
        signal: stopping.signal,
        begun: draft.begun.value,
        onBegun: draft.begin,
        onSettled: draft.settle,
        show: (now) => {
          if (stopping.signal.aborted) return;
          handing.value = now;
          if (now.kind !== "handed-over") return;
          draft.discard();
          app.draft.value = undefined;
          goTo({ kind: "campaign", name });
        },
      },
      { name, format: draft.format, list: draft.list, options },
    );

  return (
    <Dialog title={approval ? `Ask for approval of ${messages}?` : `Send ${messages}?`} onLeave={onLeave}>
      <WhatIsSent summary={summary} name={name} />
      <HandingStatus draft={draft} handing={handing} />
      <div class="buttons">
        <button type="button" onClick={onLeave}>
          {busy ? "Stop" : "Not yet"}
        </button>
        <button type="button" class="primary" disabled={busy || isAnswered(handing.value)} onClick={() => void send()}>
          {approval ? "Ask for approval" : `Send ${messages}`}
        </button>
      </div>
    </Dialog>
  );
}

/** Whether sending it once more as it is would come to the same. */
const isAnswered = (handing: Handing | undefined) =>
  handing?.kind === "taken" || handing?.kind === "begun-otherwise" || handing?.kind === "arrived";

/** While a list is on its way the browser asks before it leaves the page. */
function keepPage(): () => void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}

function WhatIsSent({ summary, name }: { readonly summary: Summary; readonly name: string }) {
  const { settings } = useApp();
  const { cost, seconds = 0, options, messages = [], counts } = summary;
  const senders = new Set(messages.map(({ snumber }) => snumber));
  const left = counts.invalid + counts.skipped;
  return (
    <>
      {settings.sending.simulated ? (
        <Notice kind="plain">This is practice: nobody gets a message, and nothing is charged.</Notice>
      ) : null}
      <dl class="facts">
        <Fact name="Name">{visibleText(name)}</Fact>
        <Fact name="Messages" more={left === 0 ? undefined : `${counted(left, "row")} of the list will not be sent`}>
          {counted(summary.remaining, "message")}
        </Fact>
        {cost === undefined ? null : (
          <Fact name="Estimated cost">{moneyInWords(cost.currency, cost.estimated.amount)}</Fact>
        )}
        <Fact name="From">{[...senders].map(visibleText).join(", ")}</Fact>
        <Fact name="Begins">
          <Beginning sendAfter={options.sendAfter} />
        </Fact>
        <Fact name="Takes">{duration(Math.max(1, Math.round(seconds)) * 1000)}</Fact>
      </dl>
      {messages[0] === undefined ? null : (
        <p class="bubble" dir="auto">
          {visibleText(messages[0].message)}
        </p>
      )}
    </>
  );
}

function Beginning({ sendAfter }: { readonly sendAfter: string | undefined }) {
  if (sendAfter === undefined) return <>at once</>;
  const at = Date.parse(sendAfter);
  if (at > Date.now()) return <Instant at={iso(at)} />;
  return (
    <>
      at once: <Instant at={iso(at)} /> has passed
    </>
  );
}

function HandingStatus({ draft, handing }: { readonly draft: Draft; readonly handing: Signal<Handing | undefined> }) {
  const app = useApp();
  const now = handing.value;
  if (now === undefined) return <p role="status" class="status" />;
  switch (now.kind) {
    case "uploading":
      return (
        <>
          <p role="status" class="status">
            {now.offline
              ? "There is no connection. The upload begins again by itself once it is back."
              : `Handing over the list: ${sizeInWords(now.bytes)} of ${sizeInWords(now.of)}`}
          </p>
          <Bar done={now.bytes} of={now.of} label="Handing over the list" />
        </>
      );
    case "taken":
      return (
        <AnotherName
          draft={draft}
          handing={handing}
          said="There is a list of this name already. Yours was not handed over. If it may be the same one, look at it first:"
        />
      );
    case "begun-otherwise":
      return (
        <AnotherName
          draft={draft}
          handing={handing}
          said="You began to hand this list over under this name, and have changed something since. It may have arrived as it was: wait a minute and look first, or people may get it twice."
        />
      );
    case "arrived":
      return (
        <Notice kind="wrong">
          <p role="alert">
            Nothing was handed over now: this list has arrived already, as {visibleText(now.name)}, and people would get
            it twice. <a href={linkTo({ kind: "campaign", name: now.name })}>Look at {visibleText(now.name)}</a>
          </p>
        </Notice>
      );
    case "trouble":
      return (
        <Notice kind="wrong">
          <p role="alert">{troubleInWords(app, now.error)}</p>
        </Notice>
      );
    case "handed-over":
      return (
        <p role="status" class="status">
          It is handed over.
        </p>
      );
    default:
      return now satisfies never;
  }
}

/** Offers another name, and first to look at what has this one. */
function AnotherName({
  draft,
  handing,
  said,
}: {
  readonly draft: Draft;
  readonly handing: Signal<Handing | undefined>;
  readonly said: string;
}) {
  const name = draft.name.value.trim();
  const next = nextName(name);
  return (
    <Notice kind="wrong">
      <p role="alert">{said}</p>
      <p>
        <a href={linkTo({ kind: "campaign", name })}>{visibleText(name)}</a>
      </p>
      <button
        type="button"
        onClick={() => {
          draft.name.value = next;
          handing.value = undefined;
        }}
      >
        Use the name {visibleText(next)}
      </button>
    </Notice>
  );
}
