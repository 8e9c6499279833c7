import { setTimeout as sleep } from "node:timers/promises";
import { consoleLink } from "../../infra/local/console/console-link.ts";
import type { AcceptedEvent } from "../../infra/local/services/eventbridge.ts";
import type { Campaign, CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { counted, grouped, sentence } from "../../shared/in-words.ts";
import { csvKey, reportKey } from "../../shared/ports/bucket-layout.ts";
import { EventDetail } from "../../shared/report/event-detail.ts";
import { liveCounts } from "../../shared/report/live-counts.ts";
import { dataDirectoryFor } from "../data-directory.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { stopSendingOnInterruption } from "../interruption.ts";
import { type LocalCloud, startLocalCloud } from "../local-cloud.ts";
import type { Stack } from "../stack.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export interface ServeOptions {
  readonly endpoint?: string;
  readonly rate?: number;
  readonly data?: string;
  readonly port?: number;
  readonly replies?: number;
  readonly json?: boolean;
  readonly events?: boolean;
}

/** How often to look for news of campaigns, in milliseconds. */
const everyMs = 1_000;

/** Runs the local cloud until Ctrl-C, says how to reach it, and reports news of campaigns. */
export const serve = (options: ServeOptions, terminal: Terminal): Promise<ExitCode> =>
  keepServing(options, terminal, async (cloud) => {
    for (const line of options.json ? [accessJson(cloud, options)] : accessLines(cloud, options)) terminal.say(line);
  });

/** Runs the local cloud until Ctrl-C, tells how to reach it once it runs, and reports news of campaigns. */
export async function keepServing(
  options: ServeOptions,
  terminal: Terminal,
  tell: (cloud: LocalCloud) => Promise<void>,
): Promise<ExitCode> {
  const signal = stopSendingOnInterruption(terminal);
  const startedAt = Date.now();
  await using cloud = await startLocalCloud({
    dataDir: options.data ?? (await dataDirectoryFor(options.endpoint === undefined ? "simulator" : "endpoint")),
    endpoint: options.endpoint,
    rate: options.rate,
    replies: options.replies,
    port: options.port,
    onLog: (line) => terminal.note(line),
    ...(options.events && { onEvent: (event) => terminal.note(lineOfEvent(event)) }),
  });
  await tell(cloud);
  const tellNews = createNews(terminal, startedAt);
  while (!signal.aborted) {
    await tellNews(cloud.stack);
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  return exitCodes.interrupted;
}

function accessJson({ access, stack, simulated, sendsPerSecond }: LocalCloud, options: ServeOptions): string {
  const { endpoint, region } = access;
  // The SDK adds notes of its own to the credentials that it uses.
  const { accessKeyId, secretAccessKey } = access.credentials;
  const credentials = { accessKeyId, secretAccessKey };
  const sendsTo = simulated ? "simulator" : options.endpoint;
  const bucket = stack.outputs.BucketName;
  const link = consoleLink(access);
  return JSON.stringify({ endpoint, region, bucket, credentials, console: link, sendsTo, sendsPerSecond });
}

function accessLines(cloud: LocalCloud, options: ServeOptions): readonly string[] {
  const { endpoint, region, credentials } = cloud.access;
  const bucket = cloud.stack.outputs.BucketName;
  const destination = destinationInWords({ ...cloud, endpoint: options.endpoint });
  return [
    `Sends to ${destination}, at most ${cloud.sendsPerSecond} a second.`,
    `console   ${consoleLink(cloud.access)}`,
    `endpoint  ${endpoint}`,
    `bucket    ${bucket}`,
    `region    ${region}`,
    `access key id  ${credentials.accessKeyId}`,
    `secret access key  ${credentials.secretAccessKey}`,
    "",
    "Any S3 client can upload, for example:",
    `AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey} AWS_REGION=${region} aws s3 cp list.csv s3://${bucket}/${csvKey("list")} --endpoint-url ${endpoint}`,
    "",
    "Ctrl-C stops it; the same command continues where it left off.",
  ];
}

/** Where messages go. */
export const destinationInWords = (sending: { readonly simulated: boolean; readonly endpoint?: string }): string =>
  sending.simulated || sending.endpoint === undefined
    ? "the built-in simulator; nothing leaves this machine"
    : sending.endpoint;

/** An event in one line, without the reason: that may quote a list. */
function lineOfEvent({ detailType, detail }: AcceptedEvent): string {
  const { data } = EventDetail.safeParse(detail);
  if (data === undefined) return `event ${detailType}`;
  const { name, at, code, rows, counts, remaining } = data;
  const figures = Object.entries({ rows, ...counts, remaining }).filter(([, count = 0]) => count > 0);
  const facts = [code, ...figures.map(([what, count]) => `${what} ${count}`)].filter((fact) => fact !== undefined);
  return ["event", detailType, name, at, ...facts].join(" ");
}

/**
 * Notes campaigns whose state has changed since the last call, and uploads that were ignored; what was over at the first call is
 * not news. What was planned before `startedAt` (epoch milliseconds) is gone on with.
 */
export function createNews(terminal: Pick<Terminal, "note">, startedAt: number) {
  const known = new Map<
    string,
    { readonly state: string; readonly ignored: string | undefined; readonly planned: boolean }
  >();
  let first = true;
  return async ({ campaigns }: { readonly campaigns: Pick<Stack["campaigns"], "all"> }): Promise<void> => {
    for await (const campaign of campaigns.all(() => {})) {
      const { name } = campaign;
      const before = known.get(name);
      const ignored = campaign.state === "refused" ? undefined : campaign.ignored.at(-1);
      // A list that is refused again is news; one that was ignored has been judged, and changed nothing.
      const state = campaign.state === "refused" ? `refused ${campaign.judgedAt}` : campaign.state;
      const planned = before?.planned === true || state === "running";
      known.set(name, { state, ignored: ignored?.version, planned });
      const over = campaign.state === "complete" || campaign.state === "refused";
      if (before?.state !== state && !(first && over)) {
        const continues = campaign.state === "running" && (before?.planned === true || campaign.createdAt < startedAt);
        terminal.note(continues ? continuation(campaign) : newsOf(campaign));
      }
      if (!first && ignored !== undefined && before?.ignored !== ignored.version) {
        terminal.note(`An upload to ${name} was ignored: ${sentence(ignored.reason)}`);
      }
    }
    first = false;
  };
}

function continuation(campaign: CommittedCampaign): string {
  const { remaining } = liveCounts(campaign);
  return remaining === 0
    ? `${campaign.name} is sent; its report is still to be written.`
    : `${campaign.name} continues: ${grouped(remaining)} of ${counted(campaign.rows, "row")} ${remaining === 1 ? "is" : "are"} still to be sent.`;
}

function newsOf(campaign: Campaign): string {
  switch (campaign.state) {
    case "refused":
      return `${campaign.name} is refused: ${campaign.reason}`;
    case "running":
      return `${campaign.name} is planned: ${grouped(campaign.sendable)} of ${counted(campaign.rows, "row")} will be sent.`;
    case "paused":
      return `${campaign.name} is paused: ${campaign.pause?.reason ?? ""}`;
    case "ending":
      return `${campaign.name} is over; its report is being written.`;
    case "complete":
      return `${campaign.name} is complete; its report is under ${reportKey(campaign.name, "")}.`;
    default:
      return campaign satisfies never;
  }
}
