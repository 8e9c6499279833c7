import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { counted, duration, grouped, sentence } from "../../shared/in-words.ts";
import { headline } from "../../shared/report/headline.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { inWords } from "../../shared/report/time-words.ts";
import { CostFact, Fact, SegmentsFact } from "../list/facts.tsx";
import { Problems, statusWords, Warnings } from "../list/findings.tsx";
import { Messages } from "../list/messages.tsx";
import { troubleInWords, useApp } from "../page/app.ts";
import { personName } from "../page/person-name.ts";
import { linkTo } from "../page/place.ts";
import { inPlainWords } from "../page/plain-words.ts";
import { Bar, Figure, Instant, Notice } from "../page/words.tsx";
import { Downloads } from "../reports/downloads.tsx";
import { Approval } from "./approval.tsx";
import { Controls } from "./controls.tsx";
import { type CampaignLook, follow } from "./follow.ts";
import { History, Zones } from "./history.tsx";

/** A campaign: how it stands while it is sent, and its report when it is over. */
export function CampaignPage({ name }: { readonly name: string }) {
  const app = useApp();
  const look = useSignal<CampaignLook>({ kind: "not-yet", offline: false });
  const round = useSignal(0);
  useEffect(() => {
    const stopping = new AbortController();
    look.value = { kind: "not-yet", offline: false };
    follow(app, name, {
      signal: stopping.signal,
      show: (now) => {
        look.value = now;
      },
    }).catch((error: unknown) => {
      look.value = { kind: "trouble", error };
    });
    return () => stopping.abort();
  }, [name, round.value]);
  const now = look.value;
  return (
    <>
      <p class="small">
        <a href={linkTo({ kind: "campaigns" })}>All campaigns</a>
      </p>
      <h1 tabIndex={-1}>
        <bdi>{visibleText(name)}</bdi>
      </h1>
      {now.kind !== "trouble" && now.offline ? (
        <Notice kind="careful">
          <p role="status">There is no connection. What you see may be old; it goes on by itself once it is back.</p>
        </Notice>
      ) : null}
      {now.kind === "trouble" ? (
        <Notice kind="wrong">
          <p role="alert">{troubleInWords(app, now.error)}</p>
          <button
            type="button"
            onClick={() => {
              round.value += 1;
            }}
          >
            Try again
          </button>
        </Notice>
      ) : null}
      {now.kind === "not-yet" ? (
        <p role="status" class="status">
          {app.can.read ? "Waiting to hear of it. A list that was just handed over takes a moment." : notReader}
        </p>
      ) : null}
      {now.kind === "seen" ? <Campaign look={now} /> : null}
    </>
  );
}

const notReader =
  "It is handed over. You may send lists but not see what becomes of them; ask somebody who may, or for the right to.";

function Campaign({ look }: { readonly look: Extract<CampaignLook, { kind: "seen" }> }) {
  const { summary } = look;
  const over = summary.state === "complete" || summary.state === "refused";
  return (
    <div class="columns">
      <div class="column">
        <State look={look} />
        {summary.pause?.code === "approval" ? <Approval summary={summary} /> : null}
        {over ? <Downloads summary={summary} /> : null}
        {over ? null : <Controls summary={summary} whole={look.whole} />}
        {summary.problems.length === 0 ? null : (
          <section class="step" aria-labelledby="problems-title">
            <h2 id="problems-title">{over ? "Rows that were not sent or are in doubt" : "Rows that are not sent"}</h2>
            <Problems problems={summary.problems} />
          </section>
        )}
        {summary.warnings === undefined || summary.warnings.length === 0 ? null : (
          <section class="step" aria-labelledby="warnings-title">
            <h2 id="warnings-title">{summary.state === "complete" ? "For the next list" : "Worth a look"}</h2>
            <Warnings warnings={summary.warnings} />
          </section>
        )}
      </div>
      <div class="column beside">
        <Facts summary={summary} />
        <Zones summary={summary} />
        {summary.messages === undefined ? null : (
          <section class="panel" aria-labelledby="messages-title">
            <h2 id="messages-title">First messages</h2>
            <Messages summary={summary} />
          </section>
        )}
        <History summary={summary} />
      </div>
    </div>
  );
}

function State({ look: { summary, wait, pace } }: { readonly look: Extract<CampaignLook, { kind: "seen" }> }) {
  const { counts, remaining, state, simulated } = summary;
  const done = counts.submitted + counts.failed + counts.unknown;
  const sending = state !== "refused" && state !== "complete";
  const reason = state === "complete" ? undefined : (summary.reason ?? wait);
  const left = leftInWords(summary, Date.now());
  return (
    <section class={`state ${state}`} aria-labelledby="state-title">
      <h2 id="state-title">
        {headline(summary).map((part) =>
          typeof part === "string" ? visibleText(part) : inWords("span", undefined, part.from, part.to),
        )}
      </h2>
      {sending ? (
        <>
          <Bar
            done={done}
            of={done + remaining}
            label={`${grouped(done)} of ${counted(done + remaining, "message")}`}
          />
          <p class="small quiet pace">
            {[
              `${Math.floor((done / Math.max(1, done + remaining)) * 100)} %`,
              pace === undefined ? "" : `${pace >= 10 ? Math.round(pace) : pace.toFixed(1)} a second`,
              reason === undefined ? left : "",
            ]
              .filter((part) => part !== "")
              .join(" · ")}
          </p>
        </>
      ) : null}
      <p role="status" class="status">
        {state === "refused" || reason === undefined ? "" : visibleText(inPlainWords(sentence(reason)))}
      </p>
      {state === "refused" ? null : (
        <dl class="figures">
          <Figure count={counts.submitted} label={simulated ? "simulated" : "sent"} kind="submitted" />
          {(["failed", "unknown", "invalid", "skipped", "cancelled"] as const).map((status) =>
            counts[status] === 0 ? null : (
              <Figure key={status} count={counts[status]} label={statusWords[status].toLowerCase()} kind={status} />
            ),
          )}
          {remaining === 0 ? null : <Figure count={remaining} label="to go" />}
        </dl>
      )}
      {state === "refused" ? (
        <p>
          Put the list right and <a href={linkTo({ kind: "new" })}>send it again</a> under another name.
        </p>
      ) : null}
    </section>
  );
}

function leftInWords({ state, estimatedEndAt }: Summary, now: number): string {
  if (state === "ending") return "the report is being written";
  if (estimatedEndAt === undefined) return "";
  const seconds = Math.max(1, Math.ceil((Date.parse(estimatedEndAt) - now) / 1000));
  return `about ${duration(seconds * 1000)} left`;
}

function Facts({ summary }: { readonly summary: Summary }) {
  const { startedAt, endedAt, estimatedEndAt, waitsUntil, rate, uploadedBy, approval, optedOut, state } = summary;
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">About it</h2>
      <dl class="facts">
        {startedAt === undefined ? null : (
          <Fact name={state === "complete" ? "Began" : "Handed over"}>
            <Instant at={startedAt} />
          </Fact>
        )}
        {endedAt === undefined ? null : (
          <Fact name={state === "refused" ? "Refused" : "Ended"}>
            <Instant at={endedAt} />
          </Fact>
        )}
        {waitsUntil === undefined ? null : (
          <Fact name="Goes on at">
            <Instant at={waitsUntil} />
          </Fact>
        )}
        {estimatedEndAt === undefined ? null : (
          <Fact name="Estimated end" more="if nothing delays it">
            <Instant at={estimatedEndAt} />
          </Fact>
        )}
        <CostFact summary={summary} />
        <SegmentsFact summary={summary} />
        {rate.set === undefined ? null : <Fact name="Speed allowed">{grouped(rate.set)} a second</Fact>}
        {optedOut === undefined ? null : (
          <Fact name="Opted out meanwhile">{counted(optedOut, "person", "people")}</Fact>
        )}
        {uploadedBy === undefined ? null : <Fact name="By">{personName(uploadedBy)}</Fact>}
        {approval?.by === undefined ? null : <Fact name="Approved by">{personName(approval.by)}</Fact>}
      </dl>
    </section>
  );
}
