import { type CloudAccess, findEmbeddedCloud } from "../../infra/local/cloud-access.ts";
import { consoleLink, consolePath, consoleSecrets } from "../../infra/local/console/console-link.ts";
import { type DataSettings, dataDirectoryFor, readDataSettings } from "../data-directory.ts";
import { defaultStackName } from "../defaults.ts";
import { type ExitCode, exitCodes, Failure, Refused } from "../exit.ts";
import { openBrowser, openLocalConsole } from "../open-browser.ts";
import { openStack } from "../stack.ts";
import type { Terminal } from "../terminal.ts";
import { destinationInWords, keepServing, type ServeOptions } from "./serve.ts";

/** The options of the command line. */
export interface ConsoleOptions extends Omit<ServeOptions, "events"> {
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly local?: boolean;
  readonly open: boolean;
}

/** Opens the page for people who would rather not use a terminal: of this machine, or where a stack on AWS has its own. */
export async function openConsole(options: ConsoleOptions, terminal: Terminal): Promise<ExitCode> {
  const { stack, region, profile } = options;
  if (stack !== undefined || region !== undefined || profile !== undefined) return openOfStack(options, terminal);
  const running = await findRunning(options);
  if (running !== undefined) return openOfRunning(running, options, terminal);
  return keepServing(options, terminal, async (cloud) => {
    const link = consoleLink(cloud.access);
    const sendsTo = options.endpoint ?? "simulator";
    if (options.json) terminal.say(JSON.stringify({ console: link, sendsTo, sendsPerSecond: cloud.sendsPerSecond }));
    else {
      terminal.say(
        `Sends to ${destinationInWords({ ...cloud, endpoint: options.endpoint })}, at most ${cloud.sendsPerSecond} a second.`,
      );
      sayLink(link, terminal);
      terminal.say("Ctrl-C stops it; the same command continues where it left off.");
    }
    if (options.open) await openLocalConsole(cloud.access);
  });
}

function sayLink(link: string, terminal: Terminal): void {
  terminal.say(`console   ${link}`);
  terminal.say("The link works as long as it runs, for anybody who has it: keep it to yourself.");
}

async function openOfStack(options: ConsoleOptions, terminal: Terminal): Promise<ExitCode> {
  const { region, profile, stack: name = defaultStackName, local, data, endpoint, rate, replies, port } = options;
  if (local || [data, endpoint, rate, replies, port].some((option) => option !== undefined)) {
    throw new Refused(
      "--stack, --region and --profile are for the console of a stack on AWS; --local, --data, --endpoint, --rate, --replies and --port for the one on this machine.",
    );
  }
  using stack = await openStack(name, { region, profile });
  const { ConsoleUrl: address } = stack.outputs;
  if (address === undefined) {
    throw new Failure(`The stack ${name} has no console; set "console": true in its settings and deploy it again.`);
  }
  terminal.say(options.json ? JSON.stringify({ console: address }) : `console   ${address}`);
  if (options.open) await openBrowser(address);
  return exitCodes.complete;
}

/** A cloud that another process is running, and its data directory with what that is run with. */
interface RunningElsewhere {
  readonly cloud: CloudAccess;
  readonly dataDir: string;
  readonly settings: DataSettings;
}

/** What somebody means who names no directory: what runs, and if both run, what is really sent. */
async function findRunning({ data, endpoint }: ConsoleOptions): Promise<RunningElsewhere | undefined> {
  for (const dataDir of await directoriesMeant(data, endpoint)) {
    const settings = await readDataSettings(dataDir);
    const cloud = await findEmbeddedCloud(dataDir);
    if (cloud !== undefined && settings !== undefined) return { cloud, dataDir, settings };
  }
  return undefined;
}

async function directoriesMeant(data: string | undefined, endpoint: string | undefined): Promise<readonly string[]> {
  if (data !== undefined) return [data];
  const real = await dataDirectoryFor("endpoint");
  return endpoint === undefined ? [real, await dataDirectoryFor("simulator")] : [real];
}

async function openOfRunning(
  { cloud, dataDir, settings }: RunningElsewhere,
  options: ConsoleOptions,
  terminal: Terminal,
) {
  const { endpoint = settings.endpoint, rate, port } = options;
  if (rate !== undefined || port !== undefined || endpoint !== settings.endpoint) {
    throw new Refused(
      `A process is running on ${dataDir} already, so --endpoint, --rate and --port come too late; stop it first, or leave them out.`,
    );
  }
  await checkHasConsole(cloud, dataDir);
  const link = consoleLink(cloud);
  const sendsTo = settings.simulated ? "simulator" : settings.endpoint;
  if (options.json) terminal.say(JSON.stringify({ console: link, sendsTo, sendsPerSecond: settings.sendsPerSecond }));
  else {
    terminal.say(`A process is running on ${dataDir} already, and sends to ${destinationInWords(settings)}.`);
    sayLink(link, terminal);
  }
  if (options.open) await openLocalConsole(cloud);
  return exitCodes.complete;
}

/** Throws a Failure when the process is one of a version without a console. */
async function checkHasConsole(cloud: CloudAccess, dataDir: string): Promise<void> {
  const headers = { authorization: `Bearer ${consoleSecrets(cloud.credentials).link}` };
  const answer = await fetch(new URL(`${consolePath}config.json`, cloud.endpoint), { headers, redirect: "error" });
  await answer.body?.cancel();
  if (answer.ok) return;
  throw new Failure(`The process that is running on ${dataDir} has no console; stop it, and call this again.`);
}
