import { copyable } from "../../shared/copyable.ts";
import { askAtTerminal, type Prompter, somebodyCanAnswer } from "../ask.ts";
import { hostAt, type LoadToolkit, loadToolkit } from "../cdk-toolkit.ts";
import { defaultStackName } from "../defaults.ts";
import {
  type DeploymentOptions,
  deploymentSettings,
  prepareDeployment,
  requireRegion,
  requireSettings,
} from "../deployment.ts";
import { type ExitCode, exitCodes, Refused } from "../exit.ts";
import { targetOptions } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Deploys the stack, new or changed. What widens rights is asked of the person at the terminal, unless `yes`. Throws a Refused
 * for settings that are missing or wrong, and where nobody can be asked; a Failure where the CDK is not installed.
 */
export async function deploy(
  options: DeploymentOptions & { readonly yes?: boolean },
  terminal: Terminal,
  load: LoadToolkit = loadToolkit,
  ask: Prompter["confirm"] | undefined = somebodyCanAnswer() ? askAtTerminal.confirm : undefined,
): Promise<ExitCode> {
  const settings = await deploymentSettings(options);
  requireSettings(settings, () => true);
  requireRegion(settings, options);
  const confirm = async (question: string): Promise<boolean> => {
    if (options.yes) return true;
    if (ask !== undefined) return ask(question, false);
    throw new Refused(`${question} Nobody can be asked here; look at the changes, and add --yes.`);
  };
  const host = hostAt(terminal, confirm);
  const { toolkit, app } = await prepareDeployment(settings, options, host, load);
  await host.during(toolkit.deploy(app));
  const stack = String(settings["stackName"] ?? "") || defaultStackName;
  terminal.say(`To store the Enswitch user: ${copyable("credentials", ...targetOptions({ ...options, stack }))}`);
  return exitCodes.complete;
}
