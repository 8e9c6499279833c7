import { useComputed } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { CheckedList } from "../../shared/report/summary.ts";
import type { Draft } from "../list/draft.ts";
import { Bubble } from "../list/messages.tsx";
import { useApp } from "../page/app.ts";
import { inPlainWords } from "../page/plain-words.ts";
import { Notice } from "../page/words.tsx";
import { type TriedText, tryText } from "./try-text.ts";

/** Columns that are offered; a text can name any. */
const chipsShown = 40;

/** Where one text for all rows is written, with the list's columns at hand, and what it reads like. */
export function TextEditor({ draft, list }: { readonly draft: Draft; readonly list: CheckedList | undefined }) {
  const fields = draft.fields.value;
  const own = list?.columns?.find(({ meaning }) => meaning === "message");
  if (!fields.writes && own !== undefined) {
    return (
      <section class="step" aria-labelledby="text-title">
        <h2 id="text-title">The text</h2>
        <p>
          Each row has its own text, in the column <strong>{visibleText(own.name)}</strong>.
        </p>
        <button type="button" onClick={() => draft.change({ writes: true })}>
          Write one text for all instead
        </button>
      </section>
    );
  }
  return (
    <section class="step" aria-labelledby="text-title">
      <h2 id="text-title">The text</h2>
      <Writing draft={draft} list={list} />
      <Tried draft={draft} list={list} />
    </section>
  );
}

function Writing({ draft, list }: { readonly draft: Draft; readonly list: CheckedList | undefined }) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const { message } = draft.fields.value;
  const names = (list?.columns ?? [])
    .filter(({ name, meaning }) => meaning !== "nameless" && /^[^{}|]+$/u.test(name.trim()))
    .map(({ name }) => name.trim());
  const insert = (name: string) => {
    const field = area.current;
    if (field === null) return;
    // At once: what is typed next belongs behind it, and must not be lost to the button.
    field.setRangeText(`{{${name}}}`, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    draft.change({ writes: true, message: field.value });
  };
  return (
    <>
      <label for={id}>What everybody gets</label>
      <textarea
        id={id}
        ref={area}
        name="message"
        rows={5}
        dir="auto"
        value={message}
        aria-describedby={`${id}-hint`}
        onInput={(event) => draft.change({ writes: true, message: event.currentTarget.value })}
      />
      {names.length === 0 ? null : (
        <fieldset class="chips" aria-label="Put in a column of the list">
          {names.slice(0, chipsShown).map((name) => (
            <button type="button" class="chip" key={name} onClick={() => insert(name)}>
              <span aria-hidden="true">+ </span>
              {visibleText(name)}
            </button>
          ))}
        </fieldset>
      )}
      <p id={`${id}-hint`} class="small quiet">
        A column is filled in for each person. For empty cells give another word behind a bar:{" "}
        <code>{`{{${names.find((name) => /name/i.test(name)) ?? names[0] ?? "Name"}|there}}`}</code>
      </p>
    </>
  );
}

function Tried({ draft, list }: { readonly draft: Draft; readonly list: CheckedList | undefined }) {
  const { settings } = useApp();
  const message = useComputed(() => draft.fields.value.message);
  if (list === undefined) return null;
  const tried = tryText(message.value, list, settings.sending);
  if (tried === undefined) return null;
  if (tried.kind === "fault") {
    return (
      <Notice kind="wrong">
        <p role="alert">
          <bdi>{visibleText(inPlainWords(tried.reason))}</bdi>
        </p>
      </Notice>
    );
  }
  return (
    <ol class="phone" aria-label="The text as it will read">
      {tried.first.map((one) => (
        <TriedRow key={one.line} tried={one} />
      ))}
      {tried.longest === undefined ? null : <TriedRow tried={tried.longest} longest />}
    </ol>
  );
}

function TriedRow({ tried, longest = false }: { readonly tried: TriedText; readonly longest?: boolean }) {
  const heading = longest ? `The longest of these rows: line ${tried.line}` : `Line ${tried.line}`;
  if (tried.kind === "text") return <Bubble text={tried.text} segments={tried.segments} heading={heading} />;
  return (
    <li class="bubble-row">
      <p class="small quiet">{heading}</p>
      <p class="fault">
        <bdi>{visibleText(tried.problem)}</bdi>
      </p>
    </li>
  );
}
