import { ratesFor } from "../../infra/rates.ts";
import { createCredentialsSecret } from "../../shared/aws/secret.ts";
import { probeEndpoint } from "../../shared/enswitch/probe-endpoint.ts";
import { createSuppressions } from "../../shared/feed/suppression.ts";
import { isStopped } from "../../shared/reconcile/restart.ts";
import { exitCodes } from "../exit.ts";
import { explainError } from "../explain-error.ts";
import { privateAuthority } from "../project-settings.ts";
import type { Stack } from "../stack.ts";
import { atPlace, type Found, type Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** What one look found. */
interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, and what to do when it is not well. */
  readonly sentence: string;
}

/** Looks at everything a campaign needs. Exit 1 when something has to be done. */
export const doctor = (place: Place & { readonly json?: boolean }, terminal: Terminal) =>
  atPlace(place, async (found) => {
    const { stack } = found;
    const looks: readonly [what: string, look: () => Promise<Omit<Finding, "what"> | undefined>][] = [
      ["credentials", () => credentials(stack)],
      ["endpoint", () => endpoint(found)],
      ["account", () => account(stack)],
      ["suppression", () => suppression(stack)],
      ["mail", () => mail(stack)],
      ["concurrency", () => concurrency(stack)],
    ];
    const findings: Finding[] = [];
    for (const [what, look] of looks) {
      const finding = await look().catch((error: unknown) => ({ ok: false, sentence: explainError(error).sentence }));
      if (finding === undefined) continue;
      findings.push({ what, ...finding });
      if (!place.json) terminal.say(`${finding.ok ? "ok  " : "TODO"}  ${what}: ${finding.sentence}`);
    }
    if (place.json) terminal.say(JSON.stringify(findings));
    return findings.every(({ ok }) => ok) ? exitCodes.complete : exitCodes.other;
  });

async function credentials(stack: Stack): Promise<Omit<Finding, "what">> {
  const stored = await createCredentialsSecret(stack.secrets, stack.outputs.SecretArn).read();
  return stored === undefined
    ? { ok: false, sentence: "none are stored; store them with bulk-send credentials." }
    : { ok: true, sentence: `those of ${stored.username} are stored.` };
}

async function endpoint({ stack, atRest }: Found): Promise<Omit<Finding, "what">> {
  const url = stack.outputs.Endpoint;
  if (atRest && url.startsWith("http://127.0.0.1/"))
    return { ok: true, sentence: "the simulator, which starts with bulk-send run or bulk-send serve." };
  const reached = await probeEndpoint({ endpoint: url, ca: await privateAuthority() });
  return reached.kind === "reachable"
    ? { ok: true, sentence: `${reached.host} takes connections from here, in ${Math.round(reached.connectMs)} ms.` }
    : { ok: false, sentence: `${reached.cause}; look at the endpoint, or at the network between (seen from here).` };
}

async function account(stack: Stack): Promise<Omit<Finding, "what">> {
  const state = await stack.account.read();
  if (state.pause !== undefined && !isStopped(state))
    return { ok: false, sentence: `paused: ${state.pause.reason} bulk-send resume lets it go on.` };
  if (state.hold !== undefined && state.hold.until > Date.now())
    return { ok: false, sentence: `on hold, ends by itself: ${state.hold.reason}` };
  return { ok: true, sentence: "neither paused nor on hold." };
}

async function suppression(stack: Stack): Promise<Omit<Finding, "what">> {
  const lists = await createSuppressions(stack.bucket)();
  return lists.kind === "unreadable"
    ? { ok: false, sentence: lists.reason }
    : { ok: true, sentence: "all lists can be read." };
}

async function mail(stack: Stack): Promise<Omit<Finding, "what"> | undefined> {
  if (stack.local) return undefined;
  const { ListSubscriptionsByTopicCommand, SNSClient } = await import("@aws-sdk/client-sns");
  const client = new SNSClient(stack.clientSettings);
  try {
    const { Subscriptions = [] } = await client.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: stack.outputs.TopicArn }),
    );
    const pending = Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === "PendingConfirmation");
    if (Subscriptions.length === 0)
      return { ok: false, sentence: "nobody gets mails; set notifyEmail and deploy, or subscribe to the topic." };
    return pending.length > 0
      ? { ok: false, sentence: `${pending[0]?.Endpoint ?? "somebody"} has yet to confirm by the link in AWS's mail.` }
      : { ok: true, sentence: "confirmed." };
  } finally {
    client.destroy();
  }
}

/** Splitter and reporter need room beside the senders. */
const besideSenders = 4;

async function concurrency(stack: Stack): Promise<Omit<Finding, "what"> | undefined> {
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
          sentence: `AWS lets only ${free} functions run at once, this rate needs ${needed}; ask for more under Service Quotas, Lambda, Concurrent executions.`,
        };
  } finally {
    client.destroy();
  }
}
