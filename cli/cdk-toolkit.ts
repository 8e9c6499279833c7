import type { CloudAssembly } from "aws-cdk-lib/cx-api";
import { Failure } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/**
 * What only deploying, and a CDK app of somebody's own, need; whoever wants that installs it beside the package. Of the CDK's
 * parts, older ones cannot read what newer ones write, so that all are to be of the same time.
 */
export const peers = {
  "@aws-cdk/toolkit-lib": "^1.43.0",
  "aws-cdk-lib": "^2.275.0",
  constructs: "^10.8.1",
} as const;

/** What the toolkit tells about its work, or asks. */
interface ToolkitMessage {
  readonly level: "error" | "result" | "warn" | "info" | "debug" | "trace";
  readonly message: string;
}

/** Whoever is told, and asked, by the toolkit. */
export interface ToolkitHost {
  notify(message: ToolkitMessage): Promise<void>;
  /** Answers with `defaultResponse` or what stands in its place. */
  requestResponse(request: ToolkitMessage & { readonly defaultResponse: unknown }): Promise<unknown>;
}

/** An app that the toolkit synthesises when it needs it. */
export type AppSource = object;

/** What is used of `@aws-cdk/toolkit-lib`. */
export interface CdkToolkit {
  fromAssemblyBuilder(
    build: (props: {
      readonly outdir?: string;
      readonly context?: { readonly [key: string]: unknown };
    }) => Promise<CloudAssembly>,
    options: {
      readonly outdir?: string;
      readonly resolveDefaultEnvironment: boolean;
      readonly synthOptions: { readonly versionReporting: boolean };
    },
  ): Promise<AppSource>;
  deploy(app: AppSource): Promise<unknown>;
  diff(app: AppSource): Promise<unknown>;
  destroy(app: AppSource): Promise<unknown>;
}

/** Whose account, and where. */
export interface AwsAccess {
  readonly region?: string;
  readonly profile?: string;
}

/** Loads the toolkit. Throws a Failure that says what to install where it, or the CDK, is missing. */
export type LoadToolkit = (access: AwsAccess, host: ToolkitHost) => Promise<CdkToolkit>;

/** What is used of `@aws-cdk/toolkit-lib` to make one. */
export interface ToolkitLibrary {
  readonly Toolkit: new (props: {
    readonly ioHost: ToolkitHost;
    readonly emojis: boolean;
    readonly color: boolean;
    readonly sdkConfig: { readonly baseCredentials: object };
  }) => CdkToolkit;
  readonly BaseCredentials: {
    awsCliCompatible(options: { readonly profile?: string; readonly defaultRegion?: string }): object;
  };
}

/** Loads the toolkit that is installed beside this program, unless `load` has another. */
export const loadToolkit = async (
  { region, profile }: AwsAccess,
  ioHost: ToolkitHost,
  load: () => Promise<ToolkitLibrary> = installed,
): Promise<CdkToolkit> => {
  const { Toolkit, BaseCredentials } = await load();
  const baseCredentials = BaseCredentials.awsCliCompatible({ profile, defaultRegion: region });
  return new Toolkit({ ioHost, emojis: false, color: false, sdkConfig: { baseCredentials } });
};

async function installed(): Promise<ToolkitLibrary> {
  // Not literally, as it need not be there when this is compiled.
  const [toolkit] = Object.keys(peers);
  try {
    const [library]: ToolkitLibrary[] = await Promise.all([import(`${toolkit}`), import("aws-cdk-lib")]);
    if (library !== undefined) return library;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const words = Object.entries(peers).map(([name, range]) => `"${name}@${range}"`);
  throw new Failure(
    `Deploying needs the AWS CDK, which is not installed here with all its parts. To install it: npm install ${words.join(" ")}`,
  );
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";

/** A host at a terminal. */
export interface TerminalHost extends ToolkitHost {
  /** Waits for what the toolkit does; an error that it throws after telling of it is told once, by whoever catches it. */
  during<Result>(work: Promise<Result>): Promise<Result>;
}

/** Tells a person at a terminal what the toolkit says; what it asks is answered by `confirm`, or as it suggests. */
export function hostAt(terminal: Terminal, confirm: (question: string) => Promise<boolean>): TerminalHost {
  // Told with what comes next, or not at all when that is the same as an exception.
  let held: string | undefined;
  const tell = () => {
    if (held !== undefined) terminal.note(held);
    held = undefined;
  };
  return {
    notify: async ({ level, message }) => {
      if (level === "debug" || level === "trace") return;
      tell();
      if (level === "error") held = message;
      else if (level === "result") terminal.say(message);
      else terminal.note(message);
    },
    requestResponse: async ({ message, defaultResponse }) => {
      tell();
      return typeof defaultResponse === "boolean" ? confirm(message) : defaultResponse;
    },
    during: (work) =>
      work
        .catch((error: unknown) => {
          if (error instanceof Error && held?.trim() === error.message.trim()) held = undefined;
          throw error;
        })
        .finally(tell),
  };
}
