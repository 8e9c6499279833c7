import { SingleBar } from "cli-progress";
import { counted, duration, grouped } from "../shared/in-words.ts";
import type { Summary } from "../shared/report/summary.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how a campaign goes on; `stop` leaves what was shown last. */
export interface Progress {
  show(live: Summary): void;
  stop(): void;
}

/** Plain lines come so often, in milliseconds, and whenever the state changes. */
const plainEveryMs = 5_000;

/** The rate shown is that of the last seconds, in milliseconds. */
const rateOverMs = 10_000;

/** A bar where a person watches, plain lines elsewhere. */
export function createProgress(terminal: Terminal): Progress {
  const pace = createPace();
  return terminal.interactive ? bar(terminal, pace) : plain(terminal, pace);
}

function bar(terminal: Terminal, pace: ReturnType<typeof createPace>): Progress {
  const colour = (code: number, text: string) => (terminal.colours ? `\u001b[${code}m${text}\u001b[39m` : text);
  const single = new SingleBar({
    format: `{bar} {percentage} %  ${colour(32, "{accepted} accepted")}  ${colour(31, "{failed} failed")}  {unknown} unknown  {rate}  {left}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  });
  let started = false;
  let state = "";
  return {
    show: (live) => {
      const { total, done } = amounts(live);
      const payload = {
        accepted: grouped(live.counts.submitted),
        failed: grouped(live.counts.failed),
        unknown: grouped(live.counts.unknown),
        rate: pace.rate(done),
        left: timeLeft(live),
      };
      if (live.state !== "running" && live.stateText !== state && live.reason !== undefined) {
        if (started) single.stop();
        started = false;
        terminal.note(`${live.stateText}. ${live.reason}`);
      }
      state = live.stateText;
      if (started) single.update(done, payload);
      else single.start(total, done, payload);
      started = true;
    },
    stop: () => {
      if (started) single.stop();
    },
  };
}

function plain(terminal: Terminal, pace: ReturnType<typeof createPace>): Progress {
  let saidAt = Number.NEGATIVE_INFINITY;
  let said = "";
  let state = "";
  const line = (live: Summary) => {
    const { total, done } = amounts(live);
    const { submitted, failed, unknown } = live.counts;
    const figures = `${grouped(done)} of ${counted(total, "row")}: ${grouped(submitted)} accepted, ${grouped(failed)} failed, ${grouped(unknown)} unknown`;
    return live.state === "running" || live.reason === undefined
      ? `${figures}; ${[pace.rate(done), timeLeft(live)].filter((part) => part !== "").join(", ")}`
      : `${figures}; ${live.stateText.split(":")[0]}. ${live.reason}`;
  };
  return {
    show: (live) => {
      const now = Date.now();
      const text = line(live);
      if (live.state === state && now - saidAt < plainEveryMs) return;
      if (text === said) return;
      saidAt = now;
      said = text;
      state = live.state;
      terminal.note(text);
    },
    stop: () => {},
  };
}

const amounts = ({ counts, remaining }: Summary) => {
  const done = counts.submitted + counts.failed + counts.unknown;
  return { done, total: done + remaining };
};

function timeLeft({ state, estimatedEndAt }: Summary): string {
  if (state === "ending") return "writing the report";
  if (estimatedEndAt === undefined) return "";
  const seconds = Math.max(0, Math.ceil((Date.parse(estimatedEndAt) - Date.now()) / 1000));
  return `${duration(seconds * 1000)} left`;
}

/** How fast rows have lately become done. */
function createPace() {
  const seen: { at: number; done: number }[] = [];
  return {
    rate: (done: number): string => {
      const now = Date.now();
      seen.push({ at: now, done });
      while (seen.length > 2 && (seen[0]?.at ?? now) < now - rateOverMs) seen.shift();
      const first = seen[0];
      if (first === undefined || now - first.at < 1_000) return "";
      const rate = (done - first.done) / ((now - first.at) / 1000);
      return `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`;
    },
  };
}
