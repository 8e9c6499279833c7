import { consoleRegionFault } from "../infra/console-region.ts";
import { readSettings, settingNames, settingsAmong } from "../infra/settings.ts";
import { nearName } from "../shared/near-name.ts";
import type { AppSource, AwsAccess, CdkToolkit, LoadToolkit, ToolkitHost } from "./cdk-toolkit.ts";
import { Refused } from "./exit.ts";
import { deployedContext } from "./project-settings.ts";

/** The options of the commands that deploy. */
export interface DeploymentOptions extends AwsAccess {
  /** Settings as `name=value`, before those of the file. */
  readonly context?: readonly string[];
  /** The stack's name, before that of the settings. */
  readonly stack?: string;
  /** Keeps what would be deployed in this directory. */
  readonly out?: string;
}

/** The stack as it would be deployed, and what can do that. */
export interface Deployment {
  readonly toolkit: CdkToolkit;
  readonly app: AppSource;
}

type DeployedContext = Awaited<ReturnType<typeof deployedContext>>;

/** The settings of the file for them and of the command line. Throws a Refused for what is no setting. */
export async function deploymentSettings({ context = [], stack }: DeploymentOptions): Promise<DeployedContext> {
  const given = context.map((text) => {
    const [name = "", ...value] = text.split("=");
    if (value.length === 0) throw new Refused(`--context ${text} is no setting: write name=value.`);
    if (settingNames.includes(name)) return [name, value.join("=")];
    const near = nearName(name, settingNames);
    throw new Refused(`${name} is not a setting${near === undefined ? "." : `; did you mean ${near}?`}`);
  });
  const named = stack === undefined ? {} : { stackName: stack };
  return { ...(await deployedContext()), ...Object.fromEntries(given), ...named };
}

/** Throws a Refused with a sentence for each setting that is missing or wrong, of those that `matter`. */
export function requireSettings(context: DeployedContext, matter: (setting: string) => boolean): void {
  const wrong = readSettings(context).problems.filter(({ setting }) => matter(setting));
  if (wrong.length > 0) throw new Refused(wrong.map(({ sentence }) => sentence).join(" "));
}

/** Throws a Refused where the settings ask for what the region that is named does not have. */
export function requireRegion(context: DeployedContext, { region = process.env["AWS_REGION"] }: AwsAccess): void {
  const fault = consoleRegionFault(readSettings(context).settings.console, region);
  if (fault !== undefined) throw new Refused(fault);
}

/** The stack with these settings, not synthesised yet. Throws what `load` throws. */
export async function prepareDeployment(
  context: DeployedContext,
  options: DeploymentOptions,
  host: ToolkitHost,
  load: LoadToolkit,
): Promise<Deployment> {
  const toolkit = await load(options, host);
  const app = await toolkit.fromAssemblyBuilder((props) => synthesiseApp(context, props), {
    outdir: options.out,
    // The stack is the same in every account and region.
    resolveDefaultEnvironment: false,
    synthOptions: { versionReporting: false },
  });
  return { toolkit, app };
}

/** Loaded only now: most commands do without the CDK, and the package may have to. */
async function synthesiseApp(
  settings: DeployedContext,
  { outdir, context }: { readonly outdir?: string; readonly context?: { readonly [key: string]: unknown } },
) {
  const { App } = await import("aws-cdk-lib");
  const { BulkSendStack } = await import("../infra/bulk-send-stack.ts");
  const { closeToOthers } = await import("../infra/close-to-others.ts");
  const app = new App({ outdir, context });
  closeToOthers(app.outdir);
  new BulkSendStack(app, "BulkSend", { settings: settingsAmong(settings) });
  return app.synth();
}
