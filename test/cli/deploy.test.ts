import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  type AwsAccess,
  type CdkToolkit,
  type LoadToolkit,
  loadToolkit,
  peers,
  type ToolkitHost,
} from "../../cli/cdk-toolkit.ts";
import { deploy } from "../../cli/commands/deploy.ts";
import { destroy, keptWhenDestroyed } from "../../cli/commands/destroy.ts";
import { diff } from "../../cli/commands/diff.ts";
import { deploymentSettings } from "../../cli/deployment.ts";
import { Failure, Refused } from "../../cli/exit.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { endpoint, everything } from "../support/stack-settings.ts";

const context = [`endpoint=${endpoint}`];

/** A toolkit that does nothing, and what it was asked; `deploys` is what happens when it deploys. */
function fakeToolkit({
  deploys,
  destroys,
}: {
  deploys?: (host: ToolkitHost) => Promise<unknown>;
  destroys?: (host: ToolkitHost) => Promise<unknown>;
} = {}) {
  const done: string[] = [];
  const given: { access?: AwsAccess; options?: Parameters<CdkToolkit["fromAssemblyBuilder"]>[1] } = {};
  const load: LoadToolkit = async (access, host) => {
    given.access = access;
    const app = {};
    const step =
      (name: string, work: () => Promise<unknown> = async () => {}) =>
      async (which: object) => {
        expect(which).toBe(app);
        done.push(name);
        return work();
      };
    return {
      fromAssemblyBuilder: async (_build, options) => {
        given.options = options;
        return app;
      },
      deploy: step("deploy", async () => deploys?.(host)),
      diff: step("diff", () => host.notify({ level: "result", message: "One change." })),
      destroy: step("destroy", async () => destroys?.(host)),
    };
  };
  return { load, done, given };
}

const quiet = createTerminal();

function recordingTerminal() {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  return { terminal: { ...quiet, say, note: say }, said };
}

describe("deploy", () => {
  test("asks for nothing that the region does not have, before anything is begun", async () => {
    const { load, done } = fakeToolkit();
    const options = { context: [...context, "console=true"], region: "cn-north-1" };
    await expect(deploy(options, quiet, load)).rejects.toThrow("console is true, but cn-north-1");
    expect(done).toEqual([]);
  });

  test("deploys with the settings of the file and of the command line, where it is told to", async () => {
    const { load, done, given } = fakeToolkit();
    const { terminal, said } = recordingTerminal();
    const options = { context, stack: "Texts", region: "eu-west-2", profile: "shop", out: "out" };
    expect(await deploy(options, terminal, load)).toBe(0);
    expect(done).toEqual(["deploy"]);
    expect(given.access).toMatchObject({ region: "eu-west-2", profile: "shop" });
    expect(given.options).toEqual({
      outdir: "out",
      resolveDefaultEnvironment: false,
      synthOptions: { versionReporting: false },
    });
    expect(said.at(-1)).toBe(
      "To store the Enswitch user: npx bulk-send credentials --stack Texts --region eu-west-2 --profile shop",
    );
  });

  test.each([
    [[], "endpoint is not set"],
    [[...context, "retainDays=long"], 'retainDays is "long", but must be'],
    [[...context, "sendPerSecond=1"], "sendPerSecond is not a setting; did you mean sendsPerSecond?"],
    [[...context, "rate"], "--context rate is no setting: write name=value."],
    [[...context, "stackName=a_b"], 'stackName is "a_b", but must be letters'],
  ])("does nothing with the settings %j", async (wrong, sentence) => {
    for (const command of [deploy, diff]) {
      const { load, done } = fakeToolkit();
      await expect(command({ context: wrong }, recordingTerminal().terminal, load)).rejects.toThrow(sentence);
      expect(done).toEqual([]);
    }
  });

  test("asks before rights are widened: where nobody can answer, only --yes goes on", async () => {
    const answers: unknown[] = [];
    const ask = async (host: ToolkitHost) => {
      const question = { level: "info", message: "Rights change. Go on?", defaultResponse: true } as const;
      answers.push(
        await host.requestResponse(question),
        await host.requestResponse({ ...question, defaultResponse: "a" }),
      );
    };
    const { load } = fakeToolkit({ deploys: ask });
    await expect(deploy({ context }, recordingTerminal().terminal, load)).rejects.toThrow(Refused);
    expect(answers).toEqual([]);
    await deploy({ context, yes: true }, recordingTerminal().terminal, load);
    expect(answers).toEqual([true, "a"]);
  });

  test("asks a person for a yes: whoever only presses Enter widens nothing", async () => {
    const asked: unknown[] = [];
    const answers: unknown[] = [];
    const { load } = fakeToolkit({
      deploys: async (host) => {
        const question = { level: "info", message: "Rights change. Go on?", defaultResponse: true } as const;
        answers.push(await host.requestResponse(question), await host.requestResponse(question));
      },
    });
    const replies = [false, true];
    await deploy({ context }, recordingTerminal().terminal, load, async (...question) => {
      asked.push(question);
      return replies.shift() ?? false;
    });
    expect(asked).toEqual(Array(2).fill(["Rights change. Go on?", false]));
    expect(answers).toEqual([false, true]);
  });

  test("works with the account and in the region that are named", async () => {
    const made: unknown[] = [];
    const credentials = (...given: unknown[]) => ({ given });
    class Toolkit {
      constructor(props: unknown) {
        made.push(props);
      }
      fromAssemblyBuilder = async () => ({});
      deploy = async () => {};
      diff = async () => {};
      destroy = async () => {};
    }
    const library = async () => ({ Toolkit, BaseCredentials: { awsCliCompatible: credentials } });
    const host = { notify: async () => {}, requestResponse: async () => true };
    await loadToolkit({ region: "eu-west-2", profile: "shop" }, host, library);
    await loadToolkit({}, host, library);
    const withCredentials = (given: object) => ({
      ...{ ioHost: host, emojis: false, color: false },
      sdkConfig: { baseCredentials: { given: [given] } },
    });
    expect(made).toEqual([
      withCredentials({ profile: "shop", defaultRegion: "eu-west-2" }),
      withCredentials({ profile: undefined, defaultRegion: undefined }),
    ]);
  });

  test("says what to install where the CDK's toolkit is missing", async () => {
    const { terminal } = recordingTerminal();
    await expect(deploy({ context }, terminal, loadToolkit)).rejects.toThrow(Failure);
    await expect(deploy({ context }, terminal, loadToolkit)).rejects.toThrow(
      `npm install "@aws-cdk/toolkit-lib@${peers["@aws-cdk/toolkit-lib"]}" "aws-cdk-lib@${peers["aws-cdk-lib"]}"`,
    );
  });

  test("is for the CDK that the stack is tried with, and later ones", async () => {
    const manifest = z.object({ devDependencies: z.record(z.string(), z.string()) });
    const { devDependencies } = manifest.parse(JSON.parse(await readFile("package.json", "utf8")));
    expect(peers["aws-cdk-lib"]).toBe(`^${devDependencies["aws-cdk-lib"]}`);
    expect(peers.constructs).toBe(`^${devDependencies["constructs"]}`);
  });
});

test("a setting's value is all that follows the first equals sign", async () => {
  const manualUrl = "https://wiki.example.com/?page=bulk=send";
  expect(await deploymentSettings({ context: [`manualUrl=${manualUrl}`] })).toMatchObject({ manualUrl });
});

test("what the toolkit tells of an error that it throws is told once, and everything else", async () => {
  const deploys = async (host: ToolkitHost) => {
    await host.notify({ level: "error", message: "One resource failed." });
    await host.notify({ level: "info", message: "Rolled back." });
    await host.notify({ level: "debug", message: "Nobody reads this." });
    await host.notify({ level: "error", message: "There is no account.\n" });
    throw new Error("There is no account.");
  };
  const first = recordingTerminal();
  await expect(deploy({ context }, first.terminal, fakeToolkit({ deploys }).load)).rejects.toThrow("no account");
  expect(first.said).toEqual(["One resource failed.", "Rolled back."]);

  const other = recordingTerminal();
  const destroys = async (host: ToolkitHost) => {
    await host.notify({ level: "error", message: "One resource failed." });
    throw new Error("It stays.");
  };
  await expect(destroy({ yes: true }, other.terminal, fakeToolkit({ destroys }).load)).rejects.toThrow("It stays.");
  expect(other.said.at(-1)).toBe("One resource failed.");
});

test("diff shows what the toolkit finds", async () => {
  const { load, done } = fakeToolkit();
  const { terminal, said } = recordingTerminal();
  expect(await diff({ context }, terminal, load)).toBe(0);
  expect({ done, said }).toEqual({ done: ["diff"], said: ["One change."] });
});

describe("destroy", () => {
  const answer = (text: string) => async () => text;

  test("names what is kept, and wants the stack's name", async () => {
    const { load, done } = fakeToolkit();
    const { terminal, said } = recordingTerminal();
    await destroy({ stack: "Texts" }, terminal, load, answer("texts"));
    expect(done).toEqual([]);
    expect(said.join("\n")).toContain(keptWhenDestroyed);
    expect(said.join("\n")).toContain("npx bulk-send pause --stack Texts");
    expect(said.at(-1)).toBe("Texts stays as it is.");
    await destroy({ stack: "Texts" }, terminal, load, answer(" Texts "));
    expect(done).toEqual(["destroy"]);
  });

  test("does nothing where nobody can be asked, unless --yes, nor under a wrong name", async () => {
    const { load, done } = fakeToolkit();
    const { terminal } = recordingTerminal();
    await expect(destroy({}, terminal, load, undefined)).rejects.toThrow("add --yes to destroy BulkSend.");
    await expect(destroy({ stack: "a_b", yes: true }, terminal, load)).rejects.toThrow('stackName is "a_b"');
    expect(done).toEqual([]);
    await destroy({ yes: true }, terminal, load);
    expect(done).toEqual(["destroy"]);
  });

  test("asks for no name where the CDK is missing", async () => {
    const { terminal, said } = recordingTerminal();
    const asked = async () => expect.fail("It asked.");
    await expect(destroy({}, terminal, loadToolkit, asked)).rejects.toThrow("Deploying needs the AWS CDK");
    expect(said).toEqual([]);
  });

  test("says how to take the protection away that the stack has", async () => {
    const destroys = async () => {
      throw new Error("Stack [BulkSend] cannot be deleted while TerminationProtection is enabled");
    };
    const { terminal } = recordingTerminal();
    await expect(destroy({ yes: true }, terminal, fakeToolkit({ destroys }).load)).rejects.toThrow(
      "--no-enable-termination-protection --stack-name BulkSend",
    );
  });

  test("keeps what it says, and nothing else", () => {
    const { Resources } = synthesise({ ...everything, console: true }).template;
    const kept = Object.values(Resources).filter(({ DeletionPolicy }) => /^Retain/.test(String(DeletionPolicy)));
    expect(kept.map(({ Type }) => Type).toSorted()).toEqual([
      "AWS::Cognito::UserPool",
      "AWS::DynamoDB::Table",
      "AWS::S3::Bucket",
      "AWS::S3::Bucket",
      "AWS::S3::BucketPolicy",
      "AWS::S3::BucketPolicy",
      "AWS::SecretsManager::Secret",
    ]);
  });
});
