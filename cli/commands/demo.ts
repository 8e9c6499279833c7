import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createControl } from "../../shared/campaign/control.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { demonstratedList, demonstratedText, demonstration } from "../demonstration.ts";
import type { ExitCode } from "../exit.ts";
import type { Look } from "../progress.ts";
import type { Play } from "../run-list.ts";
import type { Stack } from "../stack.ts";
import type { Terminal } from "../terminal.ts";
import { run } from "./run.ts";

/** The options of the command line. */
export interface DemoOptions {
  readonly out?: string;
  readonly json?: boolean;
  readonly replies?: number;
}

/**
 * Shows within half a minute what happens when things go wrong: a list of its own goes to the simulator, which loses an
 * answer and is overloaded for a while; then the rate is changed. Nothing of it stays except the report.
 */
export async function demo(options: DemoOptions, terminal: Terminal): Promise<ExitCode> {
  await using folders = new AsyncDisposableStack();
  const folder = folders.adopt(await mkdtemp(join(tmpdir(), "bulk-send-demo-")), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const csv = join(folder, "demo.csv");
  await writeFile(csv, demonstratedList());
  await writeFile(join(folder, "demo.json"), `${JSON.stringify({ message: demonstratedText, country: "GB" })}\n`);
  const data = join(folder, "data");
  return await run(csv, { ...options, data, rate: demonstration.rate.later }, terminal, createPlay(terminal));
}

/** Acts and comments while the campaign runs. */
export function createPlay(terminal: Pick<Terminal, "note">): Play {
  const told = new Set<string>();
  const once = async (what: string, holds: boolean, act: () => Promise<void> | void) => {
    if (!holds || told.has(what)) return;
    told.add(what);
    await act();
  };
  return {
    demonstrated: true,
    act: async (stack, { live }: Look) => {
      const { counts } = live;
      const done = counts.submitted + counts.failed + counts.unknown;
      await once("slow", true, () => setRate(stack, demonstration.rate.first));
      await once("lost", counts.unknown > 0, () =>
        terminal.note(
          "▸ The answer to one call was lost. Perhaps that message was sent, so it is not sent again: the row is unknown.",
        ),
      );
      const held = live.endpointSilentSince !== undefined;
      await once("outage", held, () =>
        terminal.note(
          "▸ The phone system refuses calls. Sending holds, then tries one message before the rest (a minute, in earnest).",
        ),
      );
      if (held) await shortenHold(stack);
      await once("recovery", told.has("outage") && live.state === "running", () =>
        terminal.note("▸ It answers again: the rows of the outage are sent, each once."),
      );
      await once("rate", done >= demonstration.changeRateAt && told.has("recovery"), async () => {
        await setRate(stack, demonstration.rate.later);
        terminal.note(
          `▸ Somebody changes the rate from ${demonstration.rate.first} to ${demonstration.rate.later} a second; it holds at once.`,
        );
      });
    },
  };
}

const setRate = async ({ campaigns, account, nudge, outputs }: Stack, rate: number): Promise<void> => {
  const control = createControl({
    campaigns,
    account,
    nudge,
    clock: systemClock,
    by: "the demonstration",
    ceiling: outputs.SendsPerSecond,
  });
  await control.setRate(rate);
};

/** Nobody watches a minute of silence. */
const shortenHold = ({ account }: Stack): Promise<void> =>
  account.change((state, now) => {
    const { hold } = state;
    const until = now + demonstration.holdMs;
    return hold === undefined || hold.until <= until
      ? { account: state, result: undefined }
      : { account: { ...state, hold: { ...hold, until } }, result: undefined };
  });
