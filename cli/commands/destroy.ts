import { copyable } from "../../shared/copyable.ts";
import { askAtTerminal, somebodyCanAnswer } from "../ask.ts";
import { hostAt, type LoadToolkit, loadToolkit } from "../cdk-toolkit.ts";
import { defaultStackName } from "../defaults.ts";
import { type DeploymentOptions, deploymentSettings, prepareDeployment, requireSettings } from "../deployment.ts";
import { type ExitCode, exitCodes, Failure, Refused } from "../exit.ts";
import { targetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** What the stack's resources with a removal policy of their own leave behind. */
export const keptWhenDestroyed =
  "The bucket with its lists and reports, the ledger, the secret with the Enswitch user, and the console's people and the bucket of its page are kept, with all that is in them.";

/**
 * Destroys the stack, after its name has been typed, unless `yes`. Throws a Refused for a wrong name and where nobody can be
 * asked; a Failure where the CDK is not installed, and while the stack is protected.
 */
export async function destroy(
  options: DeploymentOptions & { readonly yes?: boolean },
  terminal: Terminal,
  load: LoadToolkit = loadToolkit,
  ask: ((question: string) => Promise<string>) | undefined = somebodyCanAnswer() ? typed : undefined,
): Promise<ExitCode> {
  const settings = await deploymentSettings(options);
  requireSettings(settings, (setting) => setting === "stackName");
  const stack = String(settings["stackName"] ?? "") || defaultStackName;
  const target = targetOptions({ ...options, stack });
  // Whoever types the name answers what the toolkit would ask again. Nobody is asked for it where the toolkit is missing.
  const host = hostAt(terminal, async () => true);
  const { toolkit, app } = await prepareDeployment(settings, options, host, load);
  terminal.note(`Destroying ${stack} deletes its queues, functions, alarms and logs. ${keptWhenDestroyed}`);
  terminal.note(
    `A new stack would have an empty ledger, and send old lists again. Before you go on, pause it: ${copyable("pause", ...target)}`,
  );
  if (!options.yes) {
    if (ask === undefined) throw new Refused(`Nobody can be asked here; add --yes to destroy ${stack}.`);
    if ((await ask(`Type the stack's name, ${stack}, to destroy it:`)).trim() !== stack) {
      terminal.say(`${stack} stays as it is.`);
      return exitCodes.complete;
    }
  }
  await host.during(toolkit.destroy(app)).catch((cause: unknown) => {
    throw isProtected(cause) ? new Failure(protectedSentence(stack), { cause }) : cause;
  });
  return exitCodes.complete;
}

const typed = (question: string) => askAtTerminal.line(question, async () => undefined);

const isProtected = (error: unknown): boolean =>
  error instanceof Error && /termination ?protection/iu.test(error.message);

const protectedSentence = (stack: string) =>
  `${stack} is protected from being destroyed. To take the protection away: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack}`;
