import { counted, duration, grouped, sentence } from "../shared/in-words.ts";
import { createPace } from "../shared/report/pace.ts";
import type { Summary } from "../shared/report/summary.ts";
import { broken, fitted } from "./screen.ts";
import { forTerminal, type Terminal } from "./terminal.ts";

/** A campaign at one look: its summary, and what it waits for at present although nothing keeps it from sending. */
export interface Look {
  readonly live: Summary;
  readonly wait?: string;
}

/** Shows a campaign's progress; `stop` leaves the last state on the screen. */
export interface Progress {
  show(look: Look): void;
  stop(): void;
}

/** How often a plain line is printed, in milliseconds; a change of state prints one at once. */
const plainEveryMs = 5_000;

/** A progress bar on an interactive terminal, plain lines elsewhere. */
export function createProgress(terminal: Terminal): Progress {
  const pace = createPace();
  return terminal.interactive ? createBar(terminal, pace) : createLines(terminal, pace);
}

type Pace = ReturnType<typeof createPace>;

/** The present rate, in calls per second, and for how long it has been measured. */
interface Measured {
  readonly rate: number | undefined;
  readonly forMs: number;
}

const measure = (pace: Pace, { live }: Look, now: number): Measured => ({
  rate: pace.rate(amounts(live).done, now),
  forMs: pace.forMs(now),
});

function createBar(terminal: Terminal, pace: Pace): Progress {
  return {
    show: (look) => {
      const now = Date.now();
      const { colours } = terminal;
      terminal.show(barLines(look, { columns: terminal.columns(), measured: measure(pace, look, now), now, colours }));
    },
    stop: terminal.settle,
  };
}

function createLines(terminal: Terminal, pace: Pace): Progress {
  let saidAt = Number.NEGATIVE_INFINITY;
  let said = "";
  let state = "";
  let last = "";
  return {
    show: (look) => {
      const now = Date.now();
      last = plainLine(look, measure(pace, look, now), now);
      if (look.live.state === state && now - saidAt < plainEveryMs) return;
      if (last === said) return;
      saidAt = now;
      said = last;
      state = look.live.state;
      terminal.note(last);
    },
    // A pause stays: what was counted since its line belongs to it.
    stop: () => {
      if (state === "paused" && last !== said) terminal.note(last);
    },
  };
}

/** How a bar is drawn: the terminal's width, the present rate, the instant (epoch ms). */
interface Drawing {
  readonly columns: number;
  readonly measured: Measured;
  readonly now: number;
  readonly colours: boolean;
}

/** The widest bar, in characters. */
const widestBar = 40;

/** A campaign's progress in lines that fit the terminal: the bar, the counts, and the reason of a wait. */
export function barLines({ live, wait }: Look, { columns, measured, now, colours }: Drawing): readonly string[] {
  // A line as wide as the terminal would leave some of them on the next one.
  const width = Math.max(20, columns - 1);
  const { done, total } = amounts(live);
  const { submitted, failed, unknown } = live.counts;
  const share = total === 0 ? 1 : done / total;
  const reason = reasonOf(live) ?? wait;
  // What was measured, and when it will be over, says nothing about somebody who waits.
  const pace = reason === undefined ? paceInWords(live, measured, now) : [];
  const tail = [`${Math.floor(share * 100)} %`, ...pace];
  const room = Math.min(widestBar, width - tail.join("  ").length - 2);
  const filled = Math.round(share * room);
  const bar = room < 8 ? [] : ["█".repeat(filled) + "░".repeat(room - filled)];
  const counts = fitted(
    [
      `${grouped(submitted)} ${accepted(live)}`,
      `${grouped(failed)} failed`,
      `${grouped(unknown)} unknown`,
      `of ${grouped(total)}`,
    ],
    width,
  );
  return [
    ...fitted([...bar, ...tail], width),
    ...counts.map((line) => (colours ? coloured(line, failed > 0) : line)),
    ...(reason === undefined ? [] : broken(forTerminal(sentence(reason)), width)),
  ];
}

const coloured = (line: string, anyFailed: boolean) => {
  const green = line.replace(/[\d,]+ (?:accepted|simulated)/u, "\u001b[32m$&\u001b[39m");
  return anyFailed ? green.replace(/[\d,]+ failed/u, "\u001b[31m$&\u001b[39m") : green;
};

/** A campaign's progress in one line, for a file or another program. */
export function plainLine({ live, wait }: Look, measured: Measured, now: number): string {
  const { done, total } = amounts(live);
  const { submitted, failed, unknown } = live.counts;
  const figures = `${grouped(done)} of ${counted(total, "row")}: ${grouped(submitted)} ${accepted(live)}, ${grouped(failed)} failed, ${grouped(unknown)} unknown`;
  const reason = reasonOf(live) ?? wait;
  const pace = reason === undefined ? paceInWords(live, measured, now) : [];
  return [figures, pace.join(", "), reason === undefined ? "" : sentence(reason)]
    .filter((part) => part !== "")
    .join("; ");
}

/** What became of the rows that were accepted: nothing of a simulation may look as if it had been sent. */
const accepted = ({ simulated }: Summary) => (simulated ? "simulated" : "accepted");

/** The state, without the figures that follow it and stand elsewhere on the screen, and why it is so. */
const reasonOf = ({ state, stateText, reason }: Summary): string | undefined =>
  state === "running" || reason === undefined ? undefined : `${stateText.split(": ")[0]}. ${reason}`;

const amounts = ({ counts, remaining }: Summary) => {
  const done = counts.submitted + counts.failed + counts.unknown;
  return { done, total: done + remaining };
};

/** How long a rate must have been measured to say when the campaign will be over, in milliseconds: the first rows come haltingly. */
const settledMs = 10_000;

function paceInWords(live: Summary, { rate, forMs }: Measured, now: number): readonly string[] {
  const { state, estimatedEndAt, remaining } = live;
  const { set } = live.rate;
  if (state === "ending") return ["writing the report"];
  const measured = state === "running" && rate !== undefined ? [`${figure(rate)}/s`] : [];
  const of = measured.length > 0 && set !== undefined ? [`${measured[0]} of ${figure(set)}`] : measured;
  if (estimatedEndAt === undefined) return of;
  // The estimate takes it that the rate is reached, which a machine with too much to do does not.
  const atThisRate = forMs > settledMs && rate !== undefined && rate > 0 ? remaining / rate : 0;
  const seconds = Math.max(1, Math.ceil((Date.parse(estimatedEndAt) - now) / 1000), Math.ceil(atThisRate));
  return [...of, `${duration(seconds * 1000)} left`];
}

const figure = (rate: number) => String(rate >= 10 ? Math.round(rate) : Number(rate.toFixed(2)));
