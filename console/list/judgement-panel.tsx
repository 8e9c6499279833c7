import { counted, grouped } from "../../shared/in-words.ts";
import { outlook } from "../../shared/report/outlook.ts";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { troubleInWords, useApp } from "../page/app.ts";
import { useFocusAtFirst } from "../page/dialog.tsx";
import { inPlainWords } from "../page/plain-words.ts";
import { Bar, Figure, Notice, sizeInWords } from "../page/words.tsx";
import type { Draft } from "./draft.ts";
import { dayLimitOf, ForecastFacts } from "./facts.tsx";
import { Problems, Warnings } from "./findings.tsx";
import type { JudgingState } from "./judge.ts";
import { Messages } from "./messages.tsx";

/** What will become of the list, as far as it is known; `focused`: its heading has the focus from the beginning. */
export function JudgementPanel({ draft, focused }: { readonly draft: Draft; readonly focused: boolean }) {
  const heading = useFocusAtFirst<HTMLHeadingElement>(focused);
  const judgement = draft.judgement.value;
  const shown =
    judgement.kind === "judged" ? judgement.summary : judgement.kind === "judging" ? judgement.before : undefined;
  // What was found does not know of a field that cannot be judged as it is.
  const isBehind = draft.fault.value !== undefined;
  return (
    <section class="panel" aria-labelledby="judgement-title" aria-busy={judgement.kind !== "judged"}>
      <h2 id="judgement-title" ref={heading} tabIndex={-1}>
        What will be sent
      </h2>
      <p role="status" class="status">
        {isBehind && judgement.kind === "judged"
          ? "Not checked again yet: something on this page has to be corrected first."
          : statusOf(judgement)}
      </p>
      {judgement.kind === "uploading" ? (
        <Bar done={judgement.bytes} of={judgement.of} label="Uploading the list" />
      ) : null}
      {judgement.kind === "judging" && shown === undefined ? <div class="skeleton" aria-hidden="true" /> : null}
      {judgement.kind === "trouble" ? <Trouble draft={draft} error={judgement.error} /> : null}
      {shown === undefined ? null : (
        <div class={judgement.kind === "judging" ? "stale" : ""}>
          {shown.state === "refused" ? (
            isBehind ? null : (
              <RefusedList summary={shown} />
            )
          ) : (
            <CheckedFigures summary={shown} writes={draft.fields.value.writes} />
          )}
        </div>
      )}
    </section>
  );
}

function statusOf(judgement: JudgingState): string {
  switch (judgement.kind) {
    case "uploading":
      return judgement.offline
        ? "There is no connection. The upload goes on by itself once it is back."
        : `Uploading the list: ${sizeInWords(judgement.bytes)} of ${sizeInWords(judgement.of)}`;
    case "judging":
      if (judgement.offline) return "There is no connection. This goes on by itself once it is back.";
      return judgement.slow ? "Still reading the list; a long one takes a while." : "Reading the list…";
    case "judged":
      return judgement.summary.state === "refused"
        ? "Nothing can be sent yet."
        : `Checked: ${counted(judgement.summary.remaining, "message")} would be sent.`;
    case "trouble":
      return "";
    default:
      return judgement satisfies never;
  }
}

function Trouble({ draft, error }: { readonly draft: Draft; readonly error: unknown }) {
  const app = useApp();
  return (
    <Notice kind="wrong">
      <p role="alert">{troubleInWords(app, error)}</p>
      <button type="button" onClick={draft.again}>
        Try again
      </button>
    </Notice>
  );
}

/** What a list lacks that the fields on this page can give. */
const lackWords = {
  cnumber: "say which column has the phone numbers",
  message: "write the text",
  snumber: "say which number to send from",
} as const;

/** The field that gives what is lacking, by the name of its input. */
const goToField = (lack: keyof typeof lackWords) => document.getElementsByName(lack)[0]?.focus();

function RefusedList({ summary }: { readonly summary: Summary }) {
  const lacks = summary.checked?.lacks ?? [];
  if (lacks.length > 0) {
    return (
      <>
        <Notice kind="plain">
          <p>What is left to do:</p>
          <ul class="to-do">
            {lacks.map((lack) => (
              <li key={lack}>
                <button type="button" class="link" onClick={() => goToField(lack)}>
                  {lackWords[lack]}
                </button>
              </li>
            ))}
          </ul>
        </Notice>
        <Warnings warnings={summary.warnings} />
      </>
    );
  }
  return (
    <>
      <Notice kind="wrong">
        <p>
          <bdi>{visibleText(inPlainWords(summary.reason ?? ""))}</bdi>
        </p>
      </Notice>
      <Warnings warnings={summary.warnings} />
    </>
  );
}

function CheckedFigures({ summary, writes }: { readonly summary: Summary; readonly writes: boolean }) {
  const { counts, remaining, rows, problems, warnings = [] } = summary;
  const now = Date.parse(summary.updatedAt);
  const dayLimit = dayLimitOf(useApp().settings.sending);
  const times = outlook(summary.options, summary.defaults, now, {
    sendable: remaining,
    rate: summary.rate.set,
    zones: summary.zones,
    ...(dayLimit && { dayLimit }),
  }).filter((sentence) => !sentence.startsWith("Sending would begin"));
  return (
    <>
      <dl class="figures">
        <Figure count={remaining} label={`of ${grouped(rows)} would be sent`} kind="submitted" />
        {counts.invalid === 0 ? null : <Figure count={counts.invalid} label="cannot be sent" kind="invalid" />}
        {counts.skipped === 0 ? null : <Figure count={counts.skipped} label="left out" kind="skipped" />}
      </dl>
      {times.length === 0 ? null : (
        <Notice kind="careful">
          {times.map((sentence) => (
            <p key={sentence}>{inPlainWords(sentence)}</p>
          ))}
        </Notice>
      )}
      {warnings.length === 0 ? null : (
        <Notice kind="careful">
          <h3>Look at this first</h3>
          <Warnings warnings={warnings} />
        </Notice>
      )}
      <ForecastFacts summary={summary} now={now} />
      {problems.length === 0 ? null : (
        <>
          <h3>Rows that will not be sent</h3>
          <Problems problems={problems} />
        </>
      )}
      {writes ? (
        <details>
          <summary>First messages, with their numbers</summary>
          <Messages summary={summary} />
        </details>
      ) : (
        <>
          <h3>First messages</h3>
          <Messages summary={summary} />
        </>
      )}
    </>
  );
}
