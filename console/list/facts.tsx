import type { ComponentChildren } from "preact";
import type { DayLimit } from "../../shared/account/day-limit.ts";
import { dailyRoomOf, sendingTime } from "../../shared/campaign/sending-time.ts";
import { nextOpening } from "../../shared/campaign/window.ts";
import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { counted, duration, grouped, iso } from "../../shared/in-words.ts";
import { characterInWords } from "../../shared/report/character-in-words.ts";
import { costDetails, moneyInWords } from "../../shared/report/cost-in-words.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { useApp } from "../page/app.ts";
import { Instant } from "../page/words.tsx";

/** One fact about a campaign; `more` explains it. */
export const Fact = ({
  name,
  children,
  more,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly more?: string | undefined;
}) => (
  <div>
    <dt>{name}</dt>
    <dd>
      {children}
      {more === undefined || more === "" ? null : <small class="quiet">{more}</small>}
    </dd>
  </div>
);

/** What a list would cost, how many SMS it takes, how long, and when it would be over. */
export function ForecastFacts({ summary, now }: { readonly summary: Summary; readonly now: number }) {
  const { remaining, seconds, rate } = summary;
  const { sending } = useApp().settings;
  const times = forecast(summary, now, dayLimitOf(sending));
  return (
    <dl class="facts">
      <CostFact summary={summary} />
      <SegmentsFact summary={summary} />
      {seconds === undefined || remaining === 0 ? null : (
        <Fact name="Takes" more={rate.set === undefined ? undefined : `at ${grouped(rate.set)} a second`}>
          {duration(Math.max(1, Math.round(seconds)) * 1000)}
        </Fact>
      )}
      {times?.begin === undefined ? null : (
        <Fact name="Would begin">
          <Instant at={iso(times.begin)} />
        </Fact>
      )}
      {times?.end === undefined ? null : (
        <Fact name="Would end" more={times.begin === undefined ? "if it is sent now" : undefined}>
          <Instant at={iso(times.end)} />
        </Fact>
      )}
    </dl>
  );
}

/** The most messages of a day, where the stack has such a limit. */
export const dayLimitOf = ({ maxMessagesPerDay: calls, zone }: ConsoleSettings["sending"]): DayLimit | undefined =>
  calls === undefined ? undefined : { calls, timezone: zone ?? "UTC" };

/** How far ahead an end is looked for, in milliseconds. */
const horizonMs = 400 * 24 * 3600_000;

/** When sending would begin, if not at once, and end; `undefined` where that depends on each recipient's hours. */
function forecast({ remaining, rate, options, defaults, zones }: Summary, now: number, limit: DayLimit | undefined) {
  if (rate.set === undefined || remaining === 0 || zones !== undefined) return undefined;
  const windows = [options.window, defaults.window].filter((window) => window !== undefined);
  const earliest = Math.max(now, options.sendAfter === undefined ? now : Date.parse(options.sendAfter));
  const begin = nextOpening(windows, earliest);
  if (begin === undefined) return undefined;
  const day = limit && dailyRoomOf(limit);
  const { end } = sendingTime(remaining, { rate: rate.set, windows, day }, begin, begin + horizonMs);
  return { begin: begin > now ? begin : undefined, end };
}

/** What a campaign costs by the stack's prices. */
export function CostFact({ summary: { cost } }: { readonly summary: Pick<Summary, "cost"> }) {
  if (cost === undefined) return null;
  const { currency, estimated, submitted } = cost;
  const told = submitted ?? estimated;
  const { parts, notes } = costDetails(currency, told);
  return (
    <Fact
      name={submitted === undefined ? "Estimated cost" : "Cost"}
      // What is sent and paid for is an SMS everywhere else on the page.
      more={[parts, ...notes]
        .filter((part) => part !== "")
        .join(". ")
        .replace(/\bsegments?\b/gu, "SMS")}
    >
      {moneyInWords(currency, told.amount)}
    </Fact>
  );
}

/** Characters that are named. */
const charactersShown = 6;

/** How many SMS the messages take, and what makes them take more. */
export function SegmentsFact({ summary }: { readonly summary: Pick<Summary, "segments" | "unicode" | "footer"> }) {
  const { segments, unicode, footer } = summary;
  if (segments.total === 0) return null;
  const sizes = Object.entries(segments.distribution).filter(([, count]) => count > 0);
  const parts = sizes
    .slice(0, 4)
    .map(([size, count]) => `${counted(count, "message")} of ${size}`)
    .join(", ");
  const causes = (unicode?.causes ?? []).slice(0, charactersShown).map(({ character }) => characterInWords(character));
  const notes = [
    sizes.every(([size]) => size === "1") ? "" : parts,
    unicode === undefined || unicode.rows === 0
      ? ""
      : `${counted(unicode.rows, "message")} can hold only 70 characters an SMS because of ${causes.join(", ")}`,
    footer === undefined ? "" : `“${footer.text}” is put under ${counted(footer.messages, "message")}`,
  ];
  return (
    <Fact name="SMS" more={notes.filter((note) => note !== "").join(". ")}>
      {grouped(segments.total)}
    </Fact>
  );
}
