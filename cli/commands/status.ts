import { setTimeout as sleep } from "node:timers/promises";
import { rateOf } from "../../shared/account/account.ts";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { duration, grouped, moment } from "../../shared/in-words.ts";
import { isStopped } from "../../shared/reconcile/restart.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { type ExitCode, exitCodes, Failure, Refused } from "../exit.ts";
import { followCampaign, liveOf } from "../follow-campaign.ts";
import { onInterruption } from "../interruption.ts";
import { createProgress } from "../progress.ts";
import { readFinalSummary } from "../report-files.ts";
import { summaryLines } from "../summary-lines.ts";
import { atPlace, type Found, type Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** What the command line says. */
export type StatusOptions = Place & { readonly watch?: boolean; readonly json?: boolean };

/** How often the account is looked at with `--watch`, in milliseconds. */
const watchEveryMs = 2_000;

/**
 * How a campaign stands, or without a name the account and what is under way. A paused one ends with its reason and
 * exit 3, a refused one with exit 2.
 */
export const status = (name: string | undefined, options: StatusOptions, terminal: Terminal) =>
  atPlace(options, async (found) => {
    if (found.atRest)
      terminal.note("Nothing works on this directory at present; bulk-send run or bulk-send serve goes on.");
    if (name === undefined) return accountStatus(found, options, terminal);
    return options.watch ? watch(found, name, options, terminal) : campaignStatus(found, name, options, terminal);
  });

async function watch({ stack }: Found, name: string, options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const signal = onInterruption(() => {});
  await named(stack.campaigns.read(name, { consistent: true }), name);
  const progress = createProgress(terminal);
  const followed = await followCampaign(stack, name, { show: progress.show, signal }).finally(progress.stop);
  switch (followed.kind) {
    case "complete":
    case "paused":
      return campaignStatus({ stack, atRest: false }, name, options, terminal);
    case "refused":
      throw new Refused(followed.reason);
    case "interrupted":
      return exitCodes.interrupted;
    default:
      return followed satisfies never;
  }
}

async function campaignStatus(
  { stack, atRest }: Found,
  name: string,
  options: StatusOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const campaign = await named(stack.campaigns.read(name, { consistent: true }), name);
  if (campaign.state === "refused")
    throw new Refused(`${name} was refused, nothing of it was sent: ${campaign.reason}`);
  if (campaign.state === "complete") {
    const summary = await readFinalSummary(stack.bucket, name);
    if (options.json) terminal.say(JSON.stringify(summary));
    else for (const line of summaryLines(summary, undefined)) terminal.say(line);
    return exitCodes.complete;
  }
  const account = await stack.account.read();
  const others = await unfinished(stack.campaigns.all(() => {}));
  const live = liveOf(
    stack,
    campaign,
    account,
    others.filter((other) => other.name !== name),
  );
  if (options.json) terminal.say(JSON.stringify(live));
  else for (const line of liveLines(live, atRest)) terminal.say(line);
  return live.state === "paused" ? exitCodes.paused : exitCodes.complete;
}

/** A campaign that is not over, in a few lines; the reason of a pause stands last. */
function liveLines(live: Summary, atRest: boolean): readonly string[] {
  const { name, counts, remaining, estimatedEndAt, rate, reason, nextSteps } = live;
  const figures = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${grouped(count)} ${status}`);
  const seconds = estimatedEndAt === undefined ? undefined : (Date.parse(estimatedEndAt) - Date.now()) / 1000;
  const left =
    seconds === undefined || atRest
      ? ""
      : `; about ${duration(Math.max(0, Math.round(seconds)) * 1000)} at ${rate.set ?? 0} a second`;
  return [
    `${name}: ${standing(live, atRest)}.`,
    `${[...figures, `${grouped(remaining)} to go`].join(", ")}${left}.`,
    ...(live.state === "paused" ? [...nextSteps, reason ?? ""] : reason === undefined ? [] : [reason]),
  ].filter((line) => line !== "");
}

/** Where nothing works, nothing is being sent. */
const standing = ({ state, stateText }: Summary, atRest: boolean) =>
  atRest && state === "running" ? stateText.replace(/^Sending/, "Not complete") : stateText;

async function accountStatus({ stack, atRest }: Found, options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const signal = options.watch ? onInterruption(() => {}) : undefined;
  let said = "";
  for (;;) {
    const account = await stack.account.read();
    const pause = isStopped(account) ? undefined : account.pause;
    const hold = account.hold !== undefined && account.hold.until > Date.now() ? account.hold : undefined;
    const rate = rateOf(account, stack.outputs.SendsPerSecond);
    const campaigns = await unfinished(stack.campaigns.all(() => {}));
    const lives = campaigns.flatMap((campaign) =>
      campaign.state === "refused" ? [] : [liveOf(stack, campaign, { ...account, pause })],
    );
    const lines = options.json
      ? [
          JSON.stringify({
            rate,
            ceiling: stack.outputs.SendsPerSecond,
            pause: pause && {
              code: pause.code,
              reason: pause.reason,
              at: new Date(pause.at).toISOString(),
              by: pause.by,
            },
            hold: hold && { until: new Date(hold.until).toISOString(), reason: hold.reason },
            running: !atRest,
            campaigns: lives.map(({ name, state, counts, remaining }) => ({ name, state, counts, remaining })),
          }),
        ]
      : [
          `The rate is ${rate} a second${rate < stack.outputs.SendsPerSecond ? `, of ${stack.outputs.SendsPerSecond} at most` : ""}.`,
          ...lives.map((live) => `${live.name}: ${standing(live, atRest)}.`),
          ...(lives.length === 0 ? ["No campaign is under way."] : []),
          ...(hold === undefined ? [] : [`On hold until ${moment(hold.until)}: ${hold.reason}`]),
          ...(pause === undefined ? [] : ["The account is paused; bulk-send resume lets it go on.", pause.reason]),
        ];
    const text = lines.join("\n");
    if (text !== said) terminal.say(text);
    said = text;
    if (signal === undefined) return pause === undefined ? exitCodes.complete : exitCodes.paused;
    await sleep(watchEveryMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return exitCodes.interrupted;
  }
}

async function unfinished(all: AsyncIterable<Campaign>): Promise<readonly Campaign[]> {
  const found: Campaign[] = [];
  for await (const campaign of all)
    if (campaign.state !== "complete" && campaign.state !== "refused") found.push(campaign);
  return found;
}

async function named(reading: Promise<Campaign | undefined>, name: string): Promise<Campaign> {
  const campaign = await reading;
  if (campaign === undefined) throw new Failure(`There is no campaign ${name}; bulk-send list shows all.`);
  return campaign;
}
