import { useSignal } from "@preact/signals";
import { counted } from "../../shared/in-words.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { moneyInWords } from "../../shared/report/cost-in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type App, troubleInWords, useApp } from "../page/app.ts";
import { Dialog } from "../page/dialog.tsx";
import { personName } from "../page/person-name.ts";
import { Notice } from "../page/words.tsx";
import { controlOf } from "./controls.tsx";

/** A campaign that waits for a second person: what it would send, and for approvers the approval. */
export function Approval({ summary }: { readonly summary: Summary }) {
  const app = useApp();
  const asking = useSignal(false);
  const said = useSignal<{ readonly ok: boolean; readonly sentence: string } | undefined>(undefined);
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
      <h2 id="approval-title">Waits for approval</h2>
      <p>
        {counted(remaining, "message")}
        {cost === undefined ? "" : `, about ${moneyInWords(cost.currency, cost.estimated.amount)}`}
        {uploadedBy === undefined ? "" : `, handed over by ${personName(uploadedBy)}`}.
      </p>
      {recipients.length === 0 ? null : (
        <ul class="plain-list">
          {recipients.map(({ country, messages: count, segments }) => (
            <li key={country}>
              {country === "" ? "Country not known" : country}: {counted(count, "message")},{" "}
              {counted(segments, "SMS", "SMS")}
            </li>
          ))}
        </ul>
      )}
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
        <Dialog
          title={`Approve ${counted(remaining, "message")}?`}
          onLeave={() => {
            asking.value = false;
          }}
        >
          <p>They will be sent as soon as you approve them. The first reads:</p>
          <p class="bubble" dir="auto">
            {visibleText(messages?.[0]?.message ?? "")}
          </p>
          <div class="buttons">
            <button
              type="button"
              onClick={() => {
                asking.value = false;
              }}
            >
              Not yet
            </button>
            <button type="button" class="primary" onClick={() => void approve()}>
              Approve
            </button>
          </div>
        </Dialog>
      ) : null}
    </section>
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
