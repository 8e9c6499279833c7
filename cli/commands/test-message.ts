import { createCredentialsSecret } from "../../shared/aws/secret.ts";
import { copyable } from "../../shared/copyable.ts";
import { judgeCsv } from "../../shared/csv/judge-csv.ts";
import { type Credentials, createEnswitch } from "../../shared/enswitch/enswitch.ts";
import type { Verdict } from "../../shared/enswitch/verdict.ts";
import type { SendRow } from "../../shared/plan/plan.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { askAtTerminal, somebodyCanAnswer } from "../ask.ts";
import { type CampaignFile, findCampaignFile, listBytes } from "../campaign-file.ts";
import { exitCodes, Failure, Refused } from "../exit.ts";
import { settingsHere } from "../judge-list.ts";
import type { ListFlags } from "../list-flags.ts";
import { privateAuthority } from "../project-settings.ts";
import { wholeRefusal } from "../refusal.ts";
import type { Stack } from "../stack.ts";
import { type OpenStack, type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";
import { typedNumber } from "../typed-number.ts";

/** The options of the command line. */
export type TestMessageOptions = Target & ListFlags & { readonly options?: string; readonly yes?: boolean };

/** How long an answer may take, in milliseconds. */
const answerTimeoutMs = 20_000;

/**
 * Sends the text of the list's first sendable row to the person's own phone: one call, outside any campaign and the
 * account's rate. The sender is the row's; where the row has none, that of the options or of `cdk.json`.
 */
export async function testMessage(number: string, csv: string, options: TestMessageOptions, terminal: Terminal) {
  const cnumber = typedNumber(number);
  if (cnumber === undefined) {
    throw new Refused(`${number} is not a telephone number; give your own, such as +447700900123.`);
  }
  const file = await findCampaignFile(csv, options);
  return withStack(options, async (opened) => {
    const { stack, atRest, simulated, words } = opened;
    const send = { ...(await firstMessage(file, simulated)), cnumber };
    if (atRest && simulated) {
      throw new Failure(`The simulator is only there while it is running: ${copyable("serve", ...words)}`);
    }
    const credentials = await createCredentialsSecret(stack.secrets, stack.outputs.SecretArn).read();
    if (credentials === undefined) {
      throw new Failure(`No credentials are stored. To store them: ${copyable("credentials", ...words)}`);
    }
    const through = simulated
      ? "to the built-in simulator (nothing leaves this machine)"
      : `through ${stack.outputs.Endpoint}`;
    terminal.note(`To ${cnumber} from ${send.snumber}, ${through}:`);
    for (const line of send.message.split("\n")) terminal.note(`  ${line}`);
    if (!(options.yes || (await confirmed()))) {
      terminal.say("Nothing was sent.");
      return exitCodes.complete;
    }
    const { accepted, sentence } = inWords(await sendOnce(stack, send, credentials), opened);
    if (!accepted) throw new Failure(sentence);
    terminal.say(sentence);
    return exitCodes.complete;
  });
}

async function firstMessage(file: CampaignFile, simulated: boolean): Promise<SendRow> {
  const { defaults } = await settingsHere(simulated);
  for await (const event of judgeCsv(listBytes(file), { options: file.options?.read ?? {}, defaults })) {
    if (event.kind === "refused") throw new Refused(await wholeRefusal(file, event, defaults));
    for (const { verdict } of event.kind === "rows" ? event.rows : []) if (verdict.kind === "send") return verdict.send;
  }
  throw new Refused(`No row of ${file.csv} can be sent. To see why: ${copyable("check", file.csv)}`);
}

function confirmed(): Promise<boolean> {
  if (!somebodyCanAnswer()) throw new Refused("Add --yes to send without being asked.");
  return askAtTerminal.confirm("Send it?", false);
}

async function sendOnce(stack: Stack, send: SendRow, credentials: Credentials) {
  await using enswitch = createEnswitch({
    endpoint: stack.outputs.Endpoint,
    answerTimeoutMs,
    ca: await privateAuthority(),
    loadAttachment: (key) => readWhole(stack.bucket, key),
  });
  const call = await enswitch.prepare(send, credentials);
  if (call.kind === "missing-attachment") {
    throw new Failure(`The attachment ${call.attachment} is not in the bucket; upload it first. Nothing was sent.`);
  }
  return await enswitch.fire(call, () => true);
}

async function readWhole(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
  const object = await bucket.get(key);
  if (object === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function inWords(
  verdict: Verdict,
  { simulated, words }: OpenStack,
): { readonly accepted: boolean; readonly sentence: string } {
  const who = simulated ? "The simulator" : "Enswitch";
  const not = (sentence: string) => ({ accepted: false, sentence });
  switch (verdict.kind) {
    case "submitted":
      return {
        accepted: true,
        sentence: simulated
          ? "Simulated: the simulator accepted the message; nothing was really sent."
          : "Enswitch accepted the message; it should arrive shortly.",
      };
    case "rejected":
    case "forbidden":
      return not(`${who} refused the message (${`${verdict.code} ${verdict.key}`.trim()}): ${verdict.message}`);
    case "unauthenticated":
      return not(
        `${who} does not accept the credentials (401); to store the right ones: ${copyable("credentials", ...words)}`,
      );
    case "unprivileged":
      return not(`The user may not send messages (402): ${verdict.message}`);
    case "not-sent":
      return not(`The message was not sent: ${verdict.cause}.`);
    case "wrong-endpoint":
      return not(`This is not an Enswitch endpoint: ${verdict.cause}.`);
    case "not-fired":
      return not("The message was not sent.");
    case "unknown":
      return not(`It is unknown whether the message was accepted: ${verdict.cause}.`);
    default:
      return verdict satisfies never;
  }
}
