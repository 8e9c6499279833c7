import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { counted, grouped } from "../../shared/in-words.ts";
import { reportFileNames, reportKey } from "../../shared/ports/bucket-layout.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { troubleInWords, useApp } from "../page/app.ts";
import { onDemand } from "../page/on-demand.tsx";
import { linkTo } from "../page/place.ts";
import { whenSeen } from "../page/when-seen.ts";
import { Instant, Notice } from "../page/words.tsx";
import { followReports, type Listed, type ListedReports } from "./list-reports.ts";

const allSending = onDemand(async () => (await import("../watch/all-sending.tsx")).AllSending);

/** Campaigns on one page of the list. */
const perPage = 20;

/** All campaigns, the latest first, searched by name. */
export function CampaignsPage() {
  const app = useApp();
  const reports = useSignal<ListedReports | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  const round = useSignal(0);
  useEffect(() => {
    if (!app.can.read) return undefined;
    const stopping = new AbortController();
    fault.value = undefined;
    followReports(app.cloud.objects, {
      signal: stopping.signal,
      whenSeen,
      show: (now) => {
        reports.value = now;
      },
    }).catch((error: unknown) => {
      if (!stopping.signal.aborted) fault.value = troubleInWords(app, error);
    });
    return () => stopping.abort();
  }, [round.value]);
  const now = reports.value;
  return (
    <>
      <div class="title-line">
        <h1 tabIndex={-1}>Campaigns</h1>
        {app.can.upload ? (
          <a class="button primary" href={linkTo({ kind: "new" })}>
            Send to a list
          </a>
        ) : null}
      </div>
      {app.can.operate ? <allSending.Part /> : null}
      {app.can.read ? null : <p>You may send lists. To see what becomes of them, ask for the right to see reports.</p>}
      {fault.value === undefined ? null : (
        <Fault
          said={fault.value}
          onAgain={() => {
            round.value += 1;
          }}
        />
      )}
      {now?.offline !== true ? null : (
        <Notice kind="careful">
          <p role="status">There is no connection. What you see may be old; it goes on by itself once it is back.</p>
        </Notice>
      )}
      {now === undefined ? (
        app.can.read && fault.value === undefined ? (
          <div class="skeleton" aria-hidden="true" />
        ) : null
      ) : (
        <Found all={now.listed} whole={now.whole} />
      )}
    </>
  );
}

const Fault = ({ said, onAgain }: { readonly said: string; readonly onAgain: () => void }) => (
  <Notice kind="wrong">
    <p role="alert">{said}</p>
    <button type="button" onClick={onAgain}>
      Try again
    </button>
  </Notice>
);

function Found({ all, whole }: { readonly all: readonly Listed[]; readonly whole: boolean }) {
  const app = useApp();
  const id = useId();
  const words = useSignal("");
  const page = useSignal(0);
  const sought = words.value.trim().toLowerCase();
  const found = sought === "" ? all : all.filter(({ name }) => name.toLowerCase().includes(sought));
  const last = Math.max(0, Math.ceil(found.length / perPage) - 1);
  const at = Math.min(page.value, last);
  const shown = found.slice(at * perPage, (at + 1) * perPage);
  if (all.length === 0) {
    return whole ? (
      <p class="empty">
        {app.can.upload ? "Nothing has been sent yet. It begins with “Send to a list”." : "Nothing has been sent yet."}
      </p>
    ) : null;
  }
  return (
    <>
      <div class="field search">
        <label for={id}>Search by name</label>
        <input
          id={id}
          type="search"
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
            page.value = 0;
          }}
        />
      </div>
      <p role="status" class="small quiet">
        {sought === ""
          ? counted(all.length, "campaign")
          : `${grouped(found.length)} of ${counted(all.length, "campaign")}`}
        {whole ? "" : " so far…"}
      </p>
      <ul class="campaigns">
        {shown.map((one) => (
          <Row key={one.name} listed={one} />
        ))}
      </ul>
      <Pages
        at={at}
        last={last}
        onTurn={(to) => {
          page.value = to;
        }}
      />
    </>
  );
}

function Pages({
  at,
  last,
  onTurn,
}: {
  readonly at: number;
  readonly last: number;
  readonly onTurn: (to: number) => void;
}) {
  if (last === 0) return null;
  return (
    <nav class="buttons" aria-label="Older and newer campaigns">
      <button type="button" disabled={at === 0} onClick={() => onTurn(at - 1)}>
        Newer
      </button>
      <span class="small quiet">
        Page {at + 1} of {last + 1}
      </span>
      <button type="button" disabled={at === last} onClick={() => onTurn(at + 1)}>
        Older
      </button>
    </nav>
  );
}

/** What states are called here. */
const stateWords: Readonly<Record<Summary["state"], string>> = {
  running: "Being sent",
  waiting: "Waiting",
  paused: "Paused",
  ending: "Ending",
  complete: "Complete",
  refused: "Refused",
  checked: "Checked",
};

function Row({ listed: { name, writtenAt } }: { readonly listed: Listed }) {
  const app = useApp();
  const summary = useSignal<Summary | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    Promise.all([app.cloud.objects.text(reportKey(name, reportFileNames.summary)), import("./read-summary.ts")])
      .then(([text, { readSummary }]) => {
        if (!gone && text !== undefined) summary.value = readSummary(text);
      })
      // The row says less then.
      .catch(() => {});
    return () => {
      gone = true;
    };
  }, [name, writtenAt]);
  const known = useComputed(() => summary.value);
  const { state, counts, rows, startedAt, pause, simulated } = known.value ?? {};
  return (
    <li>
      <a href={linkTo({ kind: "campaign", name })}>
        <bdi>{visibleText(name)}</bdi>
      </a>
      <span class={`tag state-${state ?? ""}`}>
        {pause?.code === "approval" ? "Waits for approval" : state === undefined ? "…" : stateWords[state]}
      </span>
      <span class="numbers">
        {counts === undefined || state === "refused"
          ? ""
          : `${grouped(counts.submitted)} of ${counted(rows ?? 0, "row")} ${simulated ? "simulated" : "sent"}`}
      </span>
      <span class="small quiet when">
        <Instant at={startedAt ?? new Date(writtenAt).toISOString()} />
      </span>
    </li>
  );
}
