import { useSignal } from "@preact/signals";
import { counted, grouped, iso } from "../../shared/in-words.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { moneyInWords } from "../../shared/report/cost-in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { CostFact, Fact } from "../list/facts.tsx";
import { type App, troubleInWords, useApp } from "../page/app.ts";
import { Dialog, useFocusAfter } from "../page/dialog.tsx";
import { personName } from "../page/person-name.ts";
import { Instant, Notice } from "../page/words.tsx";
import { controlOf } from "./controls.tsx";

/** A campaign that waits for a second person: what it would send, and for approvers the approval. */
export function Approval({ summary }: { readonly summary: Summary }) {
  const app = useApp();
  const asking = useSignal(false);
  const said = useSignal<{ readonly ok: boolean; readonly sentence: string } | undefined>(undefined);
  const heading = useFocusAfter(said.value);
  const { remaining, recipients = [], uploadedBy, cost, approval, messages } = summary;
  const approve = async () => {
    asking.value = false;
    try {
      said.value = await giveApproval(app, summary);
    } catch (error) {
      said.value = { ok: false, sentence: troubleInWords(app, error) };
    }
  };
  return (
    <section class="step" aria-labelledby="approval-title">
      <h2 id="approval-title" ref={heading} tabIndex={-1}>
        Waits for approval
      </h2>
      {messages === undefined ? null : (
        <p>
          {counted(remaining, "message")}
          {cost === undefined ? "" : `, about ${moneyInWords(cost.currency, cost.estimated.amount)}`}
          {uploadedBy === undefined ? "" : `, handed over by ${personName(uploadedBy)}`}.
        </p>
      )}
      <Recipients recipients={recipients} />
      <CountedAt summary={summary} />
      <div role="status">
        {said.value === undefined ? null : (
          <Notice kind={said.value.ok ? "good" : "wrong"}>{visibleText(said.value.sentence)}</Notice>
        )}
      </div>
      {app.can.approve && approval !== undefined && messages !== undefined ? (
        <button
          type="button"
          class="primary"
          onClick={() => {
            asking.value = true;
          }}
        >
          Approve…
        </button>
      ) : (
        <p class="quiet">
          {app.can.approve ? "What it will send is being made ready." : "Somebody else has to approve it."}
        </p>
      )}
      {asking.value ? (
        <ApprovalDialog
          summary={summary}
          onLeave={() => {
            asking.value = false;
          }}
          onApprove={() => void approve()}
        />
      ) : null}
    </section>
  );
}

function Recipients({ recipients }: Required<Pick<Summary, "recipients">>) {
  if (recipients.length === 0) return null;
  return (
    <ul>
      {recipients.map(({ country, messages: count, segments }) => (
        <li key={country}>
          {country === "" ? "Country not known" : country}: {counted(count, "message")},{" "}
          {counted(segments, "SMS", "SMS")}
        </li>
      ))}
    </ul>
  );
}

/** As of when people are left out, which changes while a campaign waits. */
function CountedAt({ summary: { countedAt, counts } }: { readonly summary: Summary }) {
  if (countedAt === undefined) return null;
  return (
    <p class="quiet">
      {counts.skipped === 0 ? "" : `${counted(counts.skipped, "row is", "rows are")} left out. `}
      Counted <Instant at={countedAt} />. Nobody gets a message who opts out later.
    </p>
  );
}

/** All that somebody who approves answers for. */
function ApprovalDialog({
  summary,
  onLeave,
  onApprove,
}: {
  readonly summary: Summary;
  readonly onLeave: () => void;
  readonly onApprove: () => void;
}) {
  const { remaining, uploadedBy, messages = [] } = summary;
  return (
    <Dialog title={`Approve ${counted(remaining, "message")}?`} onLeave={onLeave}>
      <dl class="facts">
        <Fact name="SMS">{grouped(summary.segments.total)}</Fact>
        <CostFact summary={summary} />
        <Fact name="From">{[...new Set(messages.map(({ snumber }) => visibleText(snumber)))].join(", ")}</Fact>
        {summary.options.sendAfter === undefined ? null : (
          <Fact name="Begins">
            <Instant at={iso(Date.parse(summary.options.sendAfter))} />
          </Fact>
        )}
        {uploadedBy === undefined ? null : <Fact name="Handed over by">{personName(uploadedBy)}</Fact>}
      </dl>
      <p>
        Once you approve them they are sent, at the time and in the hours that are set for them.
        {messages[0] === undefined ? "" : " The first reads:"}
      </p>
      {messages[0] === undefined ? null : (
        <p class="bubble" dir="auto">
          {visibleText(messages[0].message)}
        </p>
      )}
      <div class="buttons">
        <button type="button" onClick={onLeave}>
          Not yet
        </button>
        <button type="button" class="primary" onClick={onApprove}>
          Approve
        </button>
      </div>
    </Dialog>
  );
}

/**
 * Approves what the summary shows. With a tag it is noted where the services let only this person write, and the reporter
 * judges it; on one's own machine nobody vouches for names, and the campaign goes on at once.
 */
async function giveApproval(app: App, { name, approval }: Summary) {
  const run = approval?.plan ?? "";
  const { tag } = app.session;
  if (tag === undefined) {
    const { kind, sentence } = await (await controlOf(app)).approve(name, run);
    return { ok: kind === "granted", sentence };
  }
  const { approvals, nudge } = await app.cloud.ledger();
  await approvals.give(name, { approver: { kind: "tagged", userId: tag }, run, at: Date.now() });
  await nudge([nudgeBody({ kind: "look" })]);
  return { ok: true, sentence: "Your approval is noted. Whether it counts is seen here within a minute or two." };
}
