import { hostAt, type LoadToolkit, loadToolkit } from "../cdk-toolkit.ts";
import { type DeploymentOptions, deploymentSettings, prepareDeployment, requireSettings } from "../deployment.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Shows what deploying would change. Throws a Refused for settings that are missing or wrong, and a Failure where the CDK is
 * not installed.
 */
export async function diff(
  options: DeploymentOptions,
  terminal: Terminal,
  load: LoadToolkit = loadToolkit,
): Promise<ExitCode> {
  const settings = await deploymentSettings(options);
  requireSettings(settings, () => true);
  const host = hostAt(terminal, async () => true);
  const { toolkit, app } = await prepareDeployment(settings, options, host, load);
  await host.during(toolkit.diff(app));
  return exitCodes.complete;
}
