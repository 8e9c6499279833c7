import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { waitsForApproval } from "../../shared/campaign/approval-rule.ts";
import { inNfc, nameFault } from "../../shared/campaign/name.ts";
import { counted } from "../../shared/in-words.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type Draft, judgedNow } from "../list/draft.ts";
import { useApp } from "../page/app.ts";
import { linkTo } from "../page/place.ts";
import { Notice } from "../page/words.tsx";
import { SendDialog } from "./send-dialog.tsx";

/** Where a list that has been judged is given its name and sent. */
export function SendStep({ draft }: { readonly draft: Draft }) {
  const app = useApp();
  const asking = useSignal(false);
  const id = useId();
  const judged = judgedNow(draft);
  const name = inNfc(draft.name.value.trim());
  const fault = name === "" ? "Give it a name." : nameFault(name);
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
        // Not `disabled`, which nobody who uses the keyboard could go to, to hear why.
        aria-disabled={why !== undefined}
        aria-describedby={`${id}-why`}
        onClick={() => {
          asking.value = why === undefined;
        }}
      >
        {buttonWords(summary, approval)}
      </button>
      <p id={`${id}-why`} class="small quiet">
        {why ?? (approval ? "Somebody else has to approve it before anything is sent." : "")}
      </p>
      {asking.value ? null : <BegunBefore draft={draft} />}
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

function BegunBefore({ draft }: { readonly draft: Draft }) {
  const name = draft.begun.value?.name;
  if (name === undefined) return null;
  return (
    <Notice kind="careful">
      <p role="status">
        Handing it over as {visibleText(name)} was broken off, but it may have arrived. Under the same name it goes on
        where it was, and nobody gets it twice; before you send it under another one,{" "}
        <a href={linkTo({ kind: "campaign", name })}>look at {visibleText(name)}</a>.
      </p>
    </Notice>
  );
}

function buttonWords(summary: Summary | undefined, approval: boolean): string {
  if (summary === undefined) return "Send…";
  const messages = counted(summary.remaining, "message");
  return approval ? `Ask for approval of ${messages}…` : `Send ${messages}…`;
}

/** As the stack decides, which has suppressed people among those to be sent to, until it sends. */
const needsApproval = (rule: Parameters<typeof waitsForApproval>[0] | undefined, { remaining, checked }: Summary) =>
  rule !== undefined && waitsForApproval(rule, checked?.planned ?? remaining);

function whyNot(draft: Draft, summary: Summary | undefined, fault: string | undefined): string | undefined {
  if (draft.fault.value !== undefined) return draft.fault.value;
  if (summary === undefined) {
    if (draft.judgement.value.kind === "trouble") return "The list could not be read.";
    return draft.judgement.value.kind === "judged"
      ? "Something is left to do first: see “What will be sent”."
      : "The list is being read.";
  }
  if (summary.remaining === 0) return "No row of the list can be sent.";
  return fault;
}
