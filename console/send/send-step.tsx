import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { waitsForApproval } from "../../shared/campaign/approval-rule.ts";
import { inNfc, nameFault } from "../../shared/campaign/name.ts";
import { counted } from "../../shared/in-words.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type Draft, judgedNow } from "../list/draft.ts";
import { useApp } from "../page/app.ts";
import { SendDialog } from "./send-dialog.tsx";

/** Where a list that has been judged is given its name and sent. */
export function SendStep({ draft }: { readonly draft: Draft }) {
  const app = useApp();
  const asking = useSignal(false);
  const id = useId();
  const judged = judgedNow(draft);
  const name = inNfc(draft.name.value.trim());
  const fault = nameFault(name);
  const summary = judged?.summary.state === "checked" ? judged.summary : undefined;
  const why = whyNot(draft, summary, fault);
  const approval = summary !== undefined && needsApproval(app.settings.sending.approval, summary);
  return (
    <section class="step" aria-labelledby="send-title">
      <h2 id="send-title">Send</h2>
      <div class="field">
        <label for={id}>Name</label>
        <input
          id={id}
          type="text"
          autocomplete="off"
          value={draft.name.value}
          aria-describedby={`${id}-hint`}
          aria-invalid={fault !== undefined}
          onInput={(event) => {
            draft.name.value = event.currentTarget.value;
          }}
        />
        <p id={`${id}-hint`} class={fault === undefined ? "small quiet" : "small fault"}>
          {fault ?? "Its report is found by this name, which cannot be used again."}
        </p>
      </div>
      <button
        type="button"
        class="primary"
        disabled={why !== undefined}
        aria-describedby={`${id}-why`}
        onClick={() => {
          asking.value = true;
        }}
      >
        {summary === undefined
          ? "Send…"
          : approval
            ? `Ask for approval of ${counted(summary.remaining, "message")}…`
            : `Send ${counted(summary.remaining, "message")}…`}
      </button>
      <p id={`${id}-why`} class="small quiet">
        {why ?? (approval ? "Somebody else has to approve it before anything is sent." : "")}
      </p>
      {asking.value && judged !== undefined && summary !== undefined ? (
        <SendDialog
          draft={draft}
          judged={{ summary, options: judged.options.text, name, approval }}
          onLeave={() => {
            asking.value = false;
          }}
        />
      ) : null}
    </section>
  );
}

const needsApproval = (rule: Parameters<typeof waitsForApproval>[0] | undefined, { remaining }: Summary) =>
  rule !== undefined && waitsForApproval(rule, remaining);

function whyNot(draft: Draft, summary: Summary | undefined, fault: string | undefined): string | undefined {
  if (draft.fault.value !== undefined) return draft.fault.value;
  if (summary === undefined) {
    return draft.judgement.value.kind === "judged" ? "The list has to be put right first." : "The list is being read.";
  }
  if (summary.remaining === 0) return "No row of the list can be sent.";
  return fault;
}
