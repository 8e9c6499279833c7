import { setTimeout as sleep } from "node:timers/promises";
import type { Campaign } from "../../shared/campaign/campaign.ts";
import { counted } from "../../shared/in-words.ts";
import { csvKey, reportKey } from "../../shared/ports/bucket-layout.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { onInterruption } from "../interruption.ts";
import { startLocalCloud } from "../local-cloud.ts";
import type { Stack } from "../stack.ts";
import type { Terminal } from "../terminal.ts";

/** What the command line says. */
export interface ServeOptions {
  readonly endpoint?: string;
  readonly rate?: number;
  readonly data: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** How often campaigns are looked at for news, in milliseconds. */
const everyMs = 1_000;

/** Keeps the local cloud up until Ctrl-C and says how to reach it; tells what becomes of campaigns. */
export async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const signal = onInterruption(() =>
    terminal.note("Stopping: what is under way is still noted. Press Ctrl-C again to stop at once."),
  );
  await using cloud = await startLocalCloud({
    dataDir: options.data,
    endpoint: options.endpoint,
    rate: options.rate,
    port: options.port,
    onLog: (line) => terminal.note(line),
  });
  const { access, stack, simulated, sendsPerSecond } = cloud;
  const { endpoint, region, credentials } = access;
  const bucket = stack.outputs.BucketName;
  if (options.json) {
    const sendsTo = simulated ? "simulator" : options.endpoint;
    terminal.say(JSON.stringify({ endpoint, region, bucket, credentials, sendsTo, sendsPerSecond }));
  } else {
    const destination = simulated ? "the built-in simulator; nothing leaves this machine" : options.endpoint;
    for (const line of [
      `Sends to ${destination}, at most ${sendsPerSecond} a second.`,
      `endpoint  ${endpoint}`,
      `bucket    ${bucket}`,
      `region    ${region}`,
      `access key id ${credentials.accessKeyId}, secret access key ${credentials.secretAccessKey}`,
      "",
      "Any S3 client can upload, such as:",
      `AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey} AWS_REGION=${region} aws s3 cp list.csv s3://${bucket}/${csvKey("list")} --endpoint-url ${endpoint}`,
      "",
      "Ctrl-C ends it; started again it goes on where it was.",
    ])
      terminal.say(line);
  }
  const tell = createNews(terminal);
  while (!signal.aborted) {
    await tell(stack);
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  return exitCodes.interrupted;
}

/** Tells of campaigns whose state changed since it was asked last; what is over at first is no news. */
function createNews(terminal: Terminal) {
  const known = new Map<string, string>();
  let first = true;
  return async (stack: Stack): Promise<void> => {
    for await (const campaign of stack.campaigns.all(() => {})) {
      const { state } = campaign;
      const seen = `${state} ${campaign.judgedAt}`;
      if (known.get(campaign.name) === seen) continue;
      known.set(campaign.name, seen);
      const over = state === "complete" || state === "refused";
      if (!(first && over)) terminal.note(newsOf(campaign));
    }
    first = false;
  };
}

function newsOf(campaign: Campaign): string {
  switch (campaign.state) {
    case "refused":
      return `${campaign.name} is refused: ${campaign.reason}`;
    case "running":
      return `${campaign.name} is being sent: ${counted(campaign.sendable, "row")} of ${counted(campaign.rows, "row")}.`;
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
