import { useRef } from "preact/hooks";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { CheckedList } from "../../shared/report/summary.ts";
import { useApp } from "../page/app.ts";
import { linkTo } from "../page/place.ts";
import { Notice, sizeInWords } from "../page/words.tsx";
import { createBegunHandovers } from "../send/begun-handovers.ts";
import { SendStep } from "../send/send-step.tsx";
import { LeftOutStep, SenderStep, WhenStep } from "../text/details.tsx";
import { TextEditor } from "../text/text-editor.tsx";
import { createDraft, type Draft } from "./draft.ts";
import { Drop } from "./drop.tsx";
import { JudgementPanel } from "./judgement-panel.tsx";

const handovers = createBegunHandovers(sessionStorage);

/** Where a list becomes a campaign: dropped, judged, given its text, and sent. */
export function NewCampaign() {
  const app = useApp();
  const draft = app.draft.value;
  /** What somebody has just done here, which took what had the focus away: it goes on with what came in its place. */
  const done = useRef<"chosen" | "discarded" | undefined>(undefined);
  return (
    <>
      <h1 tabIndex={-1}>Send to a list</h1>
      {!app.can.read ? (
        <Notice kind="careful">{blind}</Notice>
      ) : draft === undefined ? (
        <>
          <Drop
            focused={done.current === "discarded"}
            onList={async (dropped) => {
              done.current = "chosen";
              app.draft.value = createDraft(app.cloud, dropped, handovers, await handovers.of(dropped.list));
            }}
          />
          {handovers.all.value.map(({ name }) => (
            <Notice key={name} kind="careful">
              <p>
                Handing over {visibleText(name)} was broken off, but it may have arrived:{" "}
                <a href={linkTo({ kind: "campaign", name })}>look at it</a>. To go on with it, choose the same file
                again.
              </p>
            </Notice>
          ))}
        </>
      ) : (
        <MakingReady
          key={draft.list.name}
          draft={draft}
          focused={done.current === "chosen"}
          onAnother={() => {
            done.current = "discarded";
            draft.discard();
            app.draft.value = undefined;
          }}
        />
      )}
    </>
  );
}

/** Nobody sends what they cannot see. */
const blind =
  "You may send lists but not see what a check finds, and this page sends nothing that nobody has looked at. Ask whoever looks after this system for the right to see reports.";

function MakingReady({
  draft,
  focused,
  onAnother,
}: {
  readonly draft: Draft;
  readonly focused: boolean;
  readonly onAnother: () => void;
}) {
  const judgement = draft.judgement.value;
  const summary =
    judgement.kind === "judged" ? judgement.summary : judgement.kind === "judging" ? judgement.before : undefined;
  // Where a text is refused the check says nothing of columns: they are still what they were.
  const known = useRef<CheckedList | undefined>(undefined);
  if (summary?.checked?.columns !== undefined) known.current = summary.checked;
  const list = summary?.checked?.columns === undefined ? known.current : summary.checked;
  return (
    <div class="columns">
      <div class="column">
        <section class="step chosen" aria-label="The list">
          <p>
            <strong>{visibleText(draft.list.name)}</strong> <span class="quiet">{sizeInWords(draft.list.size)}</span>
          </p>
          <button type="button" onClick={onAnother}>
            Choose another
          </button>
        </section>
        <TextEditor draft={draft} list={list} />
        <SenderStep draft={draft} list={list} />
        <LeftOutStep draft={draft} list={list} />
        <WhenStep draft={draft} />
        {draft.fault.value === undefined ? null : (
          <p role="alert" class="fault">
            {draft.fault.value}
          </p>
        )}
      </div>
      <div class="column beside">
        <JudgementPanel draft={draft} focused={focused} />
        <SendStep draft={draft} />
      </div>
    </div>
  );
}
