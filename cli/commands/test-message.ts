import { readSettings } from "../../infra/settings.ts";
import { createCredentialsSecret } from "../../shared/aws/secret.ts";
import { judgeCsv } from "../../shared/csv/judge-csv.ts";
import { createEnswitch } from "../../shared/enswitch/enswitch.ts";
import type { Verdict } from "../../shared/enswitch/verdict.ts";
import type { SendRow } from "../../shared/plan/plan.ts";
import type { Bucket } from "../../shared/ports/bucket.ts";
import { type CampaignFile, findCampaignFile, openCsv } from "../campaign-file.ts";
import { exitCodes, Failure, Refused } from "../exit.ts";
import { privateAuthority, projectContext } from "../project-settings.ts";
import { atPlace, type Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** What the command line says. */
export type TestOptions = Place & { readonly options?: string; readonly yes?: boolean };

/**
 * Sends the text of a list's first sendable row to one's own phone: one call, outside of any campaign and of the
 * account's rate. What the row says of its sender counts, and where it says nothing options and `cdk.json`.
 */
export async function test(number: string, csv: string, options: TestOptions, terminal: Terminal) {
  const cnumber = number.replace(/[\s()./-]/gu, "");
  if (!/^\+?\d{3,20}$/.test(cnumber))
    throw new Refused(`${number} is no telephone number; give your own, such as +447700900123.`);
  const file = await findCampaignFile(csv, options);
  const send = await firstMessage(file);
  return atPlace(options, async ({ stack, atRest }) => {
    if (atRest && stack.outputs.Endpoint.startsWith("http://127.0.0.1/"))
      throw new Failure("The simulator is only there while bulk-send serve or bulk-send run is.");
    const secret = createCredentialsSecret(stack.secrets, stack.outputs.SecretArn);
    const credentials = await secret.read();
    if (credentials === undefined)
      throw new Failure("No credentials are stored; store them with bulk-send credentials.");
    terminal.note(`To ${cnumber} from ${send.snumber}, through ${stack.outputs.Endpoint}:`);
    for (const line of send.message.split("\n")) terminal.note(`  ${line}`);
    if (!(options.yes || (await confirmed()))) {
      terminal.say("Nothing was sent.");
      return exitCodes.complete;
    }
    await using enswitch = createEnswitch({
      endpoint: stack.outputs.Endpoint,
      answerTimeoutMs: 20_000,
      ca: await privateAuthority(),
      loadAttachment: (key) => readWhole(stack.bucket, key),
    });
    const call = await enswitch.prepare({ ...send, cnumber }, credentials);
    if (call.kind === "missing-attachment")
      throw new Failure(`The attachment ${call.attachment} is not in the bucket; upload it first. Nothing was sent.`);
    const verdict = await enswitch.fire(call, () => true);
    const { kind, sentence } = inWords(verdict);
    if (kind === "not accepted") throw new Failure(sentence);
    terminal.say(sentence);
    return exitCodes.complete;
  });
}

async function firstMessage(file: CampaignFile): Promise<SendRow> {
  const { settings } = readSettings(await projectContext());
  const { snumber, stype, customer, country } = settings;
  const defaults = { snumber, stype, customer, country };
  for await (const event of judgeCsv(openCsv(file.csv), { options: file.options?.read ?? {}, defaults })) {
    if (event.kind === "refused") throw new Refused(event.reason);
    for (const { verdict } of event.kind === "rows" ? event.rows : []) if (verdict.kind === "send") return verdict.send;
  }
  throw new Refused(`No row of ${file.csv} can be sent; bulk-send check ${file.csv} says why.`);
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Refused("Add --yes to send without being asked.");
  const { confirm } = await import("@inquirer/prompts");
  return confirm({ message: "Send it?", default: false }, { output: process.stderr });
}

async function readWhole(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
  const object = await bucket.get(key);
  if (object === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function inWords(verdict: Verdict): { readonly kind: "accepted" | "not accepted"; readonly sentence: string } {
  const not = (sentence: string) => ({ kind: "not accepted" as const, sentence });
  switch (verdict.kind) {
    case "submitted":
      return { kind: "accepted", sentence: "Enswitch accepted the message; it should arrive shortly." };
    case "rejected":
    case "forbidden":
      return not(`Enswitch refused the message (${verdict.code} ${verdict.key}): ${verdict.message}`);
    case "unauthenticated":
      return not("Enswitch does not accept the credentials (401); store the right ones with bulk-send credentials.");
    case "unprivileged":
      return not(`The user may not send messages (402): ${verdict.message}`);
    case "not-sent":
      return not(`The message was not sent: ${verdict.cause}.`);
    case "wrong-endpoint":
      return not(`This is no Enswitch endpoint: ${verdict.cause}.`);
    case "not-fired":
      return not("The message was not sent.");
    case "unknown":
      return not(`Nobody knows whether the message was accepted: ${verdict.cause}.`);
    default:
      return verdict satisfies never;
  }
}
