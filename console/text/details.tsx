import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import type { CheckedList } from "../../shared/report/summary.ts";
import type { Draft } from "../list/draft.ts";
import { useApp } from "../page/app.ts";
import { type DayHours, type Fields, hasPassed, type LeftOutBy } from "./fields.ts";

type TextField = "snumber" | "country" | "begin" | "stop" | "sheet" | "maxSegments" | "advice";

/** A field with its label, and what it means under it; `moment`: of a day and a time. */
function Field({
  draft,
  name,
  label,
  hint,
  moment = false,
  ...input
}: {
  readonly draft: Draft;
  readonly name: TextField;
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly moment?: boolean;
  readonly maxLength?: number;
  readonly inputMode?: "text" | "tel" | "numeric";
  readonly placeholder?: string;
}) {
  const id = useId();
  const shared = {
    id,
    name,
    value: draft.fields.value[name],
    "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      draft.change({ [name]: event.currentTarget.value }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {moment ? (
        <input type="datetime-local" {...shared} />
      ) : (
        <input type="text" autocomplete="off" spellcheck={false} {...input} {...shared} />
      )}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} class="small quiet">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Who it comes from, which country the numbers are of, and where the numbers are if that is in doubt. */
export function SenderStep({ draft, list }: { readonly draft: Draft; readonly list: CheckedList | undefined }) {
  const { sending } = useApp().settings;
  const fields = draft.fields.value;
  const asksColumn = fields.numberColumn !== "" || list?.lacks?.includes("cnumber") === true;
  const own = list?.columns?.find(({ meaning }) => meaning === "snumber");
  return (
    <section class="step" aria-labelledby="sender-title">
      <h2 id="sender-title">Sender and numbers</h2>
      {asksColumn ? <NumberColumn draft={draft} list={list} /> : null}
      <Field
        draft={draft}
        name="snumber"
        label="Number to send from"
        inputMode="tel"
        placeholder={sending.sender ?? ""}
        hint={
          own !== undefined
            ? `The list's column ${own.name.trim()} counts where it has one.`
            : sending.sender === undefined
              ? "The number that people see, and can answer to."
              : `Left empty, it is ${sending.sender}.`
        }
      />
      <Field
        draft={draft}
        name="country"
        label="Country of numbers without a country code"
        maxLength={2}
        placeholder={sending.country ?? ""}
        hint={`Two letters, such as GB.${sending.country === undefined ? "" : ` Left empty, it is ${sending.country}.`}`}
      />
    </section>
  );
}

function NumberColumn({ draft, list }: { readonly draft: Draft; readonly list: CheckedList | undefined }) {
  const id = useId();
  const names = columnNames(list);
  return (
    <div class="field">
      <label for={id}>Which column has the phone numbers?</label>
      <select
        id={id}
        name="cnumber"
        value={draft.fields.value.numberColumn}
        onChange={(event) => draft.change({ numberColumn: event.currentTarget.value })}
      >
        <option value="">Choose a column</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {visibleText(name)}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Who is left out, such as people who want no messages. */
export function LeftOutStep({ draft, list }: { readonly draft: Draft; readonly list: CheckedList | undefined }) {
  const id = useId();
  const { leftOut } = draft.fields.value;
  const names = [...new Set([...(leftOut === undefined ? [] : [leftOut.column]), ...columnNames(list)])];
  if (names.length === 0) return null;
  return (
    <section class="step" aria-labelledby="left-out-title">
      <h2 id="left-out-title">Who is left out</h2>
      <div class="field">
        <label for={id}>Leave people out by the column</label>
        <select
          id={id}
          value={leftOut?.column ?? ""}
          aria-describedby={`${id}-hint`}
          onChange={({ currentTarget: { value: column } }) =>
            draft.change({
              leftOut: column === "" ? undefined : { by: "one", words: "yes", ...leftOut, column },
            })
          }
        >
          <option value="">None: nobody is left out by a column</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {visibleText(name)}
            </option>
          ))}
        </select>
        <p id={`${id}-hint`} class="small quiet">
          Such as one that says who wants no messages.
        </p>
      </div>
      {leftOut === undefined ? null : (
        <LeftOutWords leftOut={leftOut} set={(changes) => draft.change({ leftOut: { ...leftOut, ...changes } })} />
      )}
    </section>
  );
}

function LeftOutWords({
  leftOut,
  set,
}: {
  readonly leftOut: LeftOutBy;
  readonly set: (changes: Partial<LeftOutBy>) => void;
}) {
  const id = useId();
  const ways = [
    ["one", "it says one of these words"],
    ["anything", "it says anything at all"],
    ["none", "it says none of these words"],
  ] as const;
  return (
    <>
      <fieldset>
        <legend>Leave them out where</legend>
        {ways.map(([by, words]) => (
          <label class="choice" key={by}>
            <input type="radio" name={`${id}-by`} checked={leftOut.by === by} onChange={() => set({ by })} /> {words}
          </label>
        ))}
      </fieldset>
      {leftOut.by === "anything" ? null : (
        <div class="field">
          <label for={`${id}-words`}>Words, with commas between them</label>
          <input
            id={`${id}-words`}
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={leftOut.words}
            onInput={(event) => set({ words: event.currentTarget.value })}
          />
        </div>
      )}
    </>
  );
}

const columnNames = (list: CheckedList | undefined) =>
  (list?.columns ?? []).filter(({ meaning }) => meaning !== "nameless").map(({ name }) => name.trim());

const weekdays = [
  ["mon", "Mon"],
  ["tue", "Tue"],
  ["wed", "Wed"],
  ["thu", "Thu"],
  ["fri", "Fri"],
  ["sat", "Sat"],
  ["sun", "Sun"],
] as const;

const deviceZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When it is sent: now or later, in which hours, and until when. */
export function WhenStep({ draft }: { readonly draft: Draft }) {
  const { sending } = useApp().settings;
  const fields = draft.fields.value;
  const id = useId();
  const freshHours: DayHours = {
    days: ["mon", "tue", "wed", "thu", "fri"],
    from: "09:00",
    to: "18:00",
    timezone: sending.zone ?? deviceZone(),
  };
  return (
    <section class="step" aria-labelledby="when-title">
      <h2 id="when-title">When</h2>
      <fieldset>
        <legend>Begin</legend>
        <label class="choice">
          <input
            type="radio"
            name={`${id}-begin`}
            checked={!fields.later}
            onChange={() => draft.change({ later: false })}
          />{" "}
          As soon as it is sent
        </label>
        <label class="choice">
          <input
            type="radio"
            name={`${id}-begin`}
            checked={fields.later}
            onChange={() => draft.change({ later: true, begin: fields.begin || tomorrowAtNine() })}
          />{" "}
          At a time
        </label>
        {!fields.later ? null : (
          <Field draft={draft} name="begin" label="Day and time" moment hint={`In ${deviceZone()} time.`} />
        )}
        <p role="status" class="small">
          {hasPassed(fields, Date.now()) ? "This time has passed: sending begins as soon as it is handed over." : ""}
        </p>
      </fieldset>
      <fieldset>
        <legend>Hours</legend>
        <label class="choice">
          <input
            type="checkbox"
            checked={fields.hours !== undefined}
            onChange={(event) => draft.change({ hours: event.currentTarget.checked ? freshHours : undefined })}
          />{" "}
          Only in certain hours
        </label>
        {fields.hours === undefined ? null : <HoursFields hours={fields.hours} change={draft.change} />}
      </fieldset>
      <More draft={draft} />
    </section>
  );
}

function tomorrowAtNine(): string {
  const at = new Date(Date.now() + 24 * 3600_000);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T09:00`;
}

function Days({ hours, set }: { readonly hours: DayHours; readonly set: (changes: Partial<DayHours>) => void }) {
  return (
    <fieldset class="days" aria-label="Days">
      {weekdays.map(([day, word]) => (
        <label class="day" key={day}>
          <input
            type="checkbox"
            checked={hours.days.includes(day)}
            onChange={(event) =>
              set({
                days: weekdays
                  .map(([other]) => other)
                  .filter((other) => (other === day ? event.currentTarget.checked : hours.days.includes(other))),
              })
            }
          />
          {word}
        </label>
      ))}
    </fieldset>
  );
}

function HoursFields({
  hours,
  change,
}: {
  readonly hours: DayHours;
  readonly change: (changes: Partial<Fields>) => void;
}) {
  const id = useId();
  const set = (changes: Partial<DayHours>) => change({ hours: { ...hours, ...changes } });
  return (
    <>
      <Days hours={hours} set={set} />
      <div class="pair">
        <div class="field">
          <label for={`${id}-from`}>From</label>
          <input
            id={`${id}-from`}
            type="time"
            value={hours.from}
            onInput={(event) => set({ from: event.currentTarget.value })}
          />
        </div>
        <div class="field">
          <label for={`${id}-to`}>To</label>
          <input
            id={`${id}-to`}
            type="time"
            value={hours.to}
            onInput={(event) => set({ to: event.currentTarget.value })}
          />
        </div>
      </div>
      <div class="field">
        <label for={`${id}-zone`}>By the clock of</label>
        <select
          id={`${id}-zone`}
          value={hours.timezone}
          onChange={(event) => set({ timezone: event.currentTarget.value })}
        >
          <option value="recipient">each recipient</option>
          {[...new Set([hours.timezone, ...Intl.supportedValuesOf("timeZone")])]
            .filter((zone) => zone !== "recipient")
            .map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
        </select>
      </div>
    </>
  );
}

const More = ({ draft }: { readonly draft: Draft }) => (
  <details>
    <summary>More</summary>
    <Field
      draft={draft}
      name="stop"
      label="Stop at"
      moment
      hint={`What has not been sent by then is not sent. In ${deviceZone()} time.`}
    />
    <Field
      draft={draft}
      name="maxSegments"
      label="Most SMS for one message"
      inputMode="numeric"
      hint="Rows whose text takes more are not sent."
    />
    {draft.format === "xlsx" ? (
      <Field draft={draft} name="sheet" label="Sheet of the workbook" hint="Left empty, it is the one with the list." />
    ) : null}
    <Field
      draft={draft}
      name="advice"
      label="Options"
      hint={
        <>
          What a finding quotes for this field goes here, such as <code>"numberCheck": "length"</code>
        </>
      }
    />
  </details>
);
