import { ratesFor } from "../../infra/rates.ts";
import { createCredentialsSecret } from "../../shared/aws/secret.ts";
import { copyable } from "../../shared/copyable.ts";
import { createListTexts } from "../../shared/enswitch/list-texts.ts";
import { probeEndpoint } from "../../shared/enswitch/probe-endpoint.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { sentence } from "../../shared/in-words.ts";
import { OptOutSetting } from "../../shared/opt-outs/opt-out-setting.ts";
import { unreadInWords } from "../../shared/opt-outs/unread-in-words.ts";
import { jsonOf } from "../../shared/read-json.ts";
import { isStopped } from "../../shared/reconcile/restart.ts";
import { exitCodes } from "../exit.ts";
import { explainError } from "../explain-error.ts";
import { settingsHere } from "../judge-list.ts";
import { privateAuthority } from "../project-settings.ts";
import { type OpenStack, type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** What one examination found. */
interface Diagnosis {
  readonly ok: boolean;
  /** Set where sending works without it, so that somebody may mean it to be like this. */
  readonly optional?: true;
  /** What was found, and what to do about it if it isn't ok. */
  readonly sentence: string;
}

/** One thing that a campaign needs; `undefined` where it does not apply. */
type Examine = (opened: OpenStack) => Promise<Diagnosis | undefined>;

/** Examines everything that a campaign needs. Exit 1 when there is something to do that sending cannot do without. */
export const doctor = (target: Target & { readonly json?: boolean }, terminal: Terminal) =>
  withStack(target, async (opened) => {
    const examinations: { readonly [what: string]: Examine } = {
      credentials,
      endpoint,
      account,
      suppression,
      replies,
      mail,
      concurrency,
    };
    const findings: (Diagnosis & { readonly what: string })[] = [];
    for (const [what, examine] of Object.entries(examinations)) {
      const diagnosis = await examine(opened).catch(
        (error: unknown): Diagnosis => ({
          ok: false,
          sentence: explainError(error).sentence,
        }),
      );
      if (diagnosis === undefined) continue;
      findings.push({ what, ...diagnosis });
      if (!target.json) terminal.say(`${markOf(diagnosis)}  ${what}: ${diagnosis.sentence}`);
    }
    if (target.json) terminal.say(JSON.stringify(findings));
    return findings.every(({ ok, optional }) => ok || optional === true) ? exitCodes.complete : exitCodes.other;
  });

const markOf = ({ ok, optional }: Diagnosis) => (ok ? "ok  " : optional === true ? "note" : "TODO");

async function credentials({ stack, words }: OpenStack): Promise<Diagnosis> {
  const stored = await createCredentialsSecret(stack.secrets, stack.outputs.SecretArn).read();
  return stored === undefined
    ? { ok: false, sentence: `none are stored. To store them: ${copyable("credentials", ...words)}` }
    : { ok: true, sentence: `those of ${stored.username} are stored.` };
}

async function endpoint({ stack, simulated }: OpenStack): Promise<Diagnosis> {
  if (simulated) return { ok: true, sentence: "the built-in simulator; nothing is really sent." };
  const reached = await probeEndpoint({ endpoint: stack.outputs.Endpoint, ca: await privateAuthority() });
  return reached.kind === "reachable"
    ? { ok: true, sentence: `${reached.host} accepts connections from here, in ${Math.round(reached.connectMs)} ms.` }
    : { ok: false, sentence: `${reached.cause}; check the endpoint, and the network between here and there.` };
}

async function account({ stack, words }: OpenStack): Promise<Diagnosis> {
  const state = await stack.account.read();
  if (state.pause !== undefined && !isStopped(state)) {
    return {
      ok: false,
      sentence: `paused: ${sentence(state.pause.reason)} To end the pause: ${copyable("resume", ...words)}`,
    };
  }
  if (state.hold !== undefined && state.hold.until > Date.now()) {
    return { ok: false, sentence: `on hold, which ends by itself: ${state.hold.reason}` };
  }
  return { ok: true, sentence: "neither paused nor on hold." };
}

async function suppression({ stack }: OpenStack): Promise<Diagnosis> {
  const lists = await createSuppressions(stack.bucket)();
  return lists.kind === "unreadable"
    ? { ok: false, sentence: lists.reason }
    : { ok: true, sentence: "all lists can be read." };
}

/** Asks for the replies of the last minute, as the reporter does; through a VPC only the stack itself can. */
async function replies({ stack, atRest, simulated }: OpenStack): Promise<Diagnosis | undefined> {
  if (stack.outputs.OptOut === undefined) return undefined;
  const unread = (await stack.account.read()).optOuts?.unread;
  if (unread !== undefined) return { ok: false, sentence: unreadInWords(unread) };
  if (atRest && simulated) return { ok: true, sentence: "they are read while sending goes on." };
  const credentials = await createCredentialsSecret(stack.secrets, stack.outputs.SecretArn).read();
  if (credentials === undefined) return { ok: false, sentence: "they cannot be read without credentials." };
  const { customer } = (await settingsHere()).defaults;
  const { numberField = "snumber" } = jsonOf(OptOutSetting).parse(stack.outputs.OptOut) ?? {};
  const ca = await privateAuthority();
  const list = createListTexts({ endpoint: stack.outputs.Endpoint, ca, customer, numberField });
  const answer = await list(credentials, { from: Math.floor(Date.now() / 1000) - 60 });
  return answer.kind === "failed"
    ? { ok: false, sentence: `they cannot be read from here: ${sentence(answer.cause)}` }
    : { ok: true, sentence: "Enswitch lists them, so that opt-outs are noticed." };
}

async function mail({ stack }: OpenStack): Promise<Diagnosis | undefined> {
  if (stack.local) return undefined;
  const { ListSubscriptionsByTopicCommand, SNSClient } = await import("@aws-sdk/client-sns");
  const client = new SNSClient(stack.clientSettings);
  try {
    const { Subscriptions = [] } = await client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: stack.outputs.TopicArn }),
    );
    if (Subscriptions.length === 0) {
      return {
        ok: false,
        optional: true,
        sentence: "nobody gets mail; set notifyEmail and deploy, or subscribe to the topic.",
      };
    }
    const pending = Subscriptions.find(({ SubscriptionArn }) => SubscriptionArn === "PendingConfirmation");
    return pending === undefined
      ? { ok: true, sentence: "confirmed." }
      : { ok: false, sentence: `${pending.Endpoint ?? "somebody"} has yet to confirm with the link in AWS's mail.` };
  } finally {
    client.destroy();
  }
}

/** Concurrency that the splitter and the reporter need beside the senders. */
const besideSenders = 5;

async function concurrency({ stack }: OpenStack): Promise<Diagnosis | undefined> {
  if (stack.local) return undefined;
  const needed = ratesFor(stack.outputs.SendsPerSecond).consumers + besideSenders;
  const { GetAccountSettingsCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const client = new LambdaClient(stack.clientSettings);
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const free = AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    return free >= needed
      ? { ok: true, sentence: `AWS lets ${free} functions run at once; this rate needs ${needed}.` }
      : {
          ok: false,
          sentence: `AWS lets only ${free} functions run at once, and this rate needs ${needed}; ask for more under Service Quotas, Lambda, Concurrent executions.`,
        };
  } finally {
    client.destroy();
  }
}
