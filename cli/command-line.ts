import { readFileSync } from "node:fs";
import { Argument, Command, CommanderError, Option } from "commander";
import * as z from "zod";
import { readAlso, readCount, readDirectory, readPort, readRate, readRoles, readShare } from "./arguments.ts";
import { defaultDataDirectories, defaultStackName } from "./defaults.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { settingsFileName } from "./project-settings.ts";
import type { Terminal } from "./terminal.ts";

const bothDirectories = `"${defaultDataDirectories.endpoint}", or "${defaultDataDirectories.simulator}" for the simulator`;

/** What the commands share while the command line is put together. */
interface Setup {
  readonly program: Command;
  readonly terminal: Terminal;
  /** Makes a command's work an action of Commander that keeps its exit code. Modules are loaded only when needed. */
  act<Arguments extends unknown[]>(
    work: (...given: Arguments) => Promise<ExitCode>,
  ): (...given: Arguments) => Promise<void>;
}

/** All commands. `run` carries out the one given and returns its exit code; it throws what the command throws. */
export function createCommandLine(terminal: Terminal): {
  run(): Promise<ExitCode>;
  help(): string;
  readonly names: readonly string[];
} {
  const program = new Command("bulk-send")
    .description("Sends lists of text messages through an Enswitch phone system, with a report that never guesses.")
    .version(version(), "--version", "print the version")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    // Where too little is left beside the names, Commander leaves it to the terminal to break words.
    .configureHelp({ minWidthToWrap: 20, subcommandTerm: termOf });
  let exitCode: ExitCode = exitCodes.complete;
  const setup: Setup = {
    program,
    terminal,
    act:
      (work) =>
      async (...given) => {
        exitCode = await work(...given);
      },
  };
  addLocalCommands(setup);
  addCampaignCommands(setup);
  addControlCommands(setup);
  addAccountCommands(setup);
  addDeployingCommands(setup);
  return {
    run: async () => {
      await program.parseAsync();
      return exitCode;
    },
    help: () => program.helpInformation(),
    names: program.commands.map((command) => command.name()),
  };
}

/** A command in the list of all, with its arguments: that it has options says the head of its own help. */
const termOf = (command: Command): string =>
  [
    command.name(),
    ...command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    }),
  ].join(" ");

/** Commander's own complaint, for an argument that only one way of calling a command needs. */
const missingArgument = (name: string) =>
  new CommanderError(1, "commander.missingArgument", `error: missing required argument '${name}'`);

const Package = z.object({ version: z.string() });

const version = () =>
  Package.parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))).version;

/**
 * A command for a stack on AWS or the local cloud of this machine. One that is `onlyOnAws` does not offer the latter, and says
 * why to who asks for it.
 */
const onTarget = ({ program }: Setup, name: string, description: string, onlyOnAws = false): Command =>
  program
    .command(name)
    .description(description)
    .option("--stack <name>", "the stack on AWS", defaultStackName)
    .option("--region <region>", "its region")
    .option("--profile <profile>", "the AWS profile")
    .addOption(local().hideHelp(onlyOnAws))
    .addOption(dataOfLocal().hideHelp(onlyOnAws));

const local = () => new Option("--local", "the campaigns on this machine instead");

const dataOfLocal = () =>
  new Option("--data <directory>", `their directory (default: ${bothDirectories}); implies --local`).argParser(
    readDirectory,
  );

const withName = (command: Command) => command.option("--name <name>", "the campaign's name (default: the file's)");

const withOptions = (command: Command) =>
  command.option("--options <file>", "JSON file with the campaign's options (default: the .json beside the CSV)");

/** What the command line may say in place of the JSON. */
const withFlags = (command: Command) =>
  withOptions(command)
    .option("--message <text>", "the text to send, in place of the JSON's")
    .option("--from <number>", "the number or line to send from (snumber), in place of the JSON's")
    .option("--country <code>", "the country of numbers without a country code, such as GB, in place of the JSON's")
    .option("--sheet <name>", "the sheet of a workbook to read, in place of the JSON's");

const withEndpoint = (command: Command) =>
  command
    .option("--endpoint <url>", "the prefix of the Enswitch API; without it, the built-in simulator")
    .option("--rate <n>", "calls per second (default: 100 to the simulator, 10 to an endpoint)", readRate)
    .option(
      "--replies <share>",
      "the share of people who answer the simulator, mostly with STOP, such as 0.1",
      readShare,
    );

const withData = (command: Command) =>
  command.option("--data <directory>", `where everything is kept (default: ${bothDirectories})`, readDirectory);

/** Commands that work on this machine alone. */
function addLocalCommands(setup: Setup): void {
  const { program, terminal, act } = setup;
  const run = program
    .command("run")
    .description("send a CSV from this machine and wait for its report")
    .argument("[csv]", "the list");
  withData(
    withEndpoint(withFlags(withName(run))).option(
      "--out <directory>",
      "where the report goes (default: reports/<name>)",
      readDirectory,
    ),
  )
    .option("--yes", "send without asking, whatever is doubtful about the list")
    .option("--json", "print the result as JSON")
    .option("--demo", "show in half a minute, with the simulator, what happens when things go wrong")
    .action(
      act(async (csv: string | undefined, options) => {
        if (options.demo) return (await import("./commands/demo.ts")).demo(options, terminal);
        if (csv === undefined) throw missingArgument("csv");
        return (await import("./commands/run.ts")).run(csv, options, terminal);
      }),
    );

  addServing(setup);

  const check = program
    .command("check")
    .description("check a CSV as it would be sent, without sending anything")
    .argument("<csv>", "the list");
  withFlags(check)
    .option("--rate <n>", `calls per second to assume (default: sendsPerSecond in ${settingsFileName})`, readRate)
    .option("--json", "print the result as JSON")
    .action(act(async (csv: string, options) => (await import("./commands/check.ts")).check(csv, options, terminal)));

  const tidy = program.command("tidy").description("remove what has expired from this machine's data directory");
  // What other commands need to mean this machine may be said here, too.
  withData(tidy.option("--local", "the campaigns on this machine, as always")).action(
    act(async (options: { readonly data?: string }) => (await import("./commands/tidy.ts")).tidy(options, terminal)),
  );

  program
    .command("new")
    .description("ask what a list needs to be sent, and write its JSON")
    .argument("<list>", "the list")
    .action(act(async (csv: string) => (await import("./commands/new.ts")).newOptions(csv, terminal)));
}

/** Commands that keep the local cloud running. */
function addServing({ program, terminal, act }: Setup): void {
  const serve = program.command("serve").description("run the local cloud, to which any S3 client can upload");
  withData(withEndpoint(serve))
    .option("--port <n>", "where to listen on 127.0.0.1 (default: any free port)", readPort)
    .option("--json", "print how to reach it as JSON")
    .option("--events", "print the events that a stack would put on EventBridge, a line each")
    .action(act(async (options) => (await import("./commands/serve.ts")).serve(options, terminal)));

  const openConsole = program
    .command("console")
    .description("open the page for lists, sending and reports in a browser");
  withData(withEndpoint(openConsole))
    .option("--port <n>", "where to listen on 127.0.0.1 (default: any free port)", readPort)
    .option("--no-open", "only print the link")
    .option("--stack <name>", "print where the console of a stack on AWS is, instead")
    .option("--region <region>", "its region")
    .option("--profile <profile>", "the AWS profile")
    // What other commands need to mean this machine may be said here, too.
    .option("--local", "the console on this machine, as always without --stack")
    .option("--json", "print the link as JSON")
    .action(act(async (options) => (await import("./commands/console.ts")).openConsole(options, terminal)));
}

/** Commands that upload campaigns and look at them. */
function addCampaignCommands(setup: Setup): void {
  const { terminal, act } = setup;
  withFlags(withName(onTarget(setup, "upload", "upload a CSV as a campaign").argument("<csv>", "the list")))
    .option("--json", "print the result as JSON")
    .action(act(async (csv: string, options) => (await import("./commands/upload.ts")).upload(csv, options, terminal)));

  onTarget(setup, "list", "list the campaigns")
    .option("--json", "print them as JSON")
    .action(act(async (options) => (await import("./commands/list.ts")).list(options, terminal)));

  onTarget(setup, "status", "show how a campaign or the account stands")
    .argument("[name]", "the campaign")
    .option("--watch", "until it is over")
    .option("--upload <version>", "only of the list with this version, as upload --json prints it")
    .option("--json", "print it as JSON")
    .action(
      act(async (name: string | undefined, options) =>
        (await import("./commands/status.ts")).status(name, options, terminal),
      ),
    );

  onTarget(setup, "history", "show who did what, to a campaign or to all of them")
    .argument("[name]", "the campaign")
    .option("--json", "print it as JSON")
    .action(
      act(async (name: string | undefined, options) =>
        (await import("./commands/history.ts")).history(name, options, terminal),
      ),
    );

  onTarget(setup, "report", "copy a campaign's report")
    .argument("<name>", "the campaign")
    .option("-o, --out <directory>", "where to (default: reports/<name>)", readDirectory)
    .option("--json", "print its summary as JSON")
    .action(
      act(async (name: string, options) => (await import("./commands/report.ts")).report(name, options, terminal)),
    );
}

/** Commands that change how campaigns are sent. */
function addControlCommands(setup: Setup): void {
  const { terminal, act } = setup;
  const control = (name: string, description: string) =>
    onTarget(setup, name, description).option("--json", "print the result as JSON");

  control("pause", "pause a campaign, or all sending if none is named")
    .argument("[name]", "the campaign")
    .action(
      act(async (name: string | undefined, options) =>
        (await import("./commands/pause.ts")).pause(name, options, terminal),
      ),
    );

  control("resume", "resume a campaign, or all sending if none is named")
    .argument("[name]", "the campaign")
    .action(
      act(async (name: string | undefined, options) =>
        (await import("./commands/resume.ts")).resume(name, options, terminal),
      ),
    );

  control("cancel", "end a campaign; rows not sent yet never will be")
    .argument("<name>", "the campaign")
    .option("--yes", "cancel without asking")
    .action(
      act(async (name: string, options) => (await import("./commands/cancel.ts")).cancel(name, options, terminal)),
    );

  onTarget(setup, "approve", "approve a campaign that waits for a second person")
    .argument("<name>", "the campaign")
    .option("--yes", "approve without asking")
    .option("--json", "print the result as JSON")
    .action(
      act(async (name: string, options) => (await import("./commands/approve.ts")).approve(name, options, terminal)),
    );

  control("rate", "set or show the account's rate")
    .argument("[n]", "calls per second, at most the stack's sendsPerSecond", readRate)
    .action(
      act(async (perSecond: number | undefined, options) =>
        (await import("./commands/rate.ts")).rate(perSecond, options, terminal),
      ),
    );

  control("cap", "set or show the most messages of a day")
    .argument("[n]", "messages per day, at most the stack's maxMessagesPerDay", readCount)
    .action(
      act(async (perDay: number | undefined, options) =>
        (await import("./commands/cap.ts")).cap(perDay, options, terminal),
      ),
    );
}

/** Commands that deploy the stack. */
function addDeployingCommands({ program, terminal, act }: Setup): void {
  const deploying = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("--stack <name>", `the stack's name (default: stackName in ${settingsFileName})`)
      .option("--region <region>", "its region")
      .option("--profile <profile>", "the AWS profile")
      .option("-c, --context <name=value>", `a setting, before ${settingsFileName}; may be repeated`, readAlso)
      .option("-o, --out <directory>", "keep what would be deployed here", readDirectory);
  deploying("deploy", "deploy the stack, new or changed, to AWS")
    .option("--yes", "do not ask about rights that it widens")
    .action(act(async (options) => (await import("./commands/deploy.ts")).deploy(options, terminal)));
  deploying("diff", "show what deploying would change").action(
    act(async (options) => (await import("./commands/diff.ts")).diff(options, terminal)),
  );
  deploying("destroy", "delete the stack; lists, reports and the ledger are kept")
    .option("--yes", "destroy without asking")
    .action(act(async (options) => (await import("./commands/destroy.ts")).destroy(options, terminal)));
}

/** Commands that prepare an account for sending. */
function addAccountCommands(setup: Setup): void {
  const { terminal, act } = setup;
  onTarget(setup, "credentials", "store the Enswitch user; asks without echo").action(
    act(async (options) => (await import("./commands/credentials.ts")).credentials(options, terminal)),
  );

  withFlags(
    onTarget(setup, "test", "send a list's first message to your own phone")
      .argument("<number>", "your own number")
      .argument("<csv>", "the list"),
  )
    .option("--yes", "send without asking")
    .action(
      act(async (number: string, csv: string, options) =>
        (await import("./commands/test-message.ts")).testMessage(number, csv, options, terminal),
      ),
    );

  onTarget(setup, "doctor", "check everything that a campaign needs")
    .option("--json", "print the findings as JSON")
    .action(act(async (options) => (await import("./commands/doctor.ts")).doctor(options, terminal)));

  addPeople(setup);

  onTarget(setup, "logs", "show what the functions have logged")
    .addArgument(new Argument("[function]").choices(["splitter", "sender", "reporter"]))
    .action(
      act(async (name: "splitter" | "sender" | "reporter" | undefined, options) =>
        (await import("./commands/logs.ts")).logs(name, options, terminal),
      ),
    );

  onTarget(setup, "suppress", "maintain a list of numbers never to send to")
    .addArgument(new Argument("<what>").choices(["add", "remove", "list"]))
    .argument("[numbers...]", "telephone numbers")
    .option("--yes", "remove without asking")
    .option("--json", "print the result as JSON")
    .action(
      act(async (what: "add" | "remove" | "list", numbers: string[], options) =>
        (await import("./commands/suppress.ts")).suppress(what, numbers, options, terminal),
      ),
    );

  onTarget(setup, "opt-outs", "show or change who has opted out")
    .addArgument(new Argument("[what]").choices(["list", "add", "remove"]).default("list"))
    .argument("[numbers...]", "telephone numbers")
    .option("--unclear", "list the replies that a person has to read")
    .option("--yes", "remove without asking, so that these people are texted again")
    .option("--json", "print the result as JSON")
    .action(
      act(async (what: "list" | "add" | "remove", numbers: string[], options) =>
        (await import("./commands/opt-outs.ts")).optOuts(what, numbers, options, terminal),
      ),
    );
}

function addPeople(setup: Setup): void {
  const { terminal, act } = setup;
  onTarget(setup, "people", "say who may use the console of a stack on AWS", true)
    .addArgument(new Argument("<what>").choices(["add", "remove", "list"]))
    .argument("[mail]", "the person's e-mail address")
    .option("--role <role>", "what they may do: uploader, reader, operator or approver; may be repeated", readRoles)
    .option("--json", "print the result as JSON")
    .action(
      act(async (what: "add" | "remove" | "list", mail: string | undefined, options) =>
        (await import("./commands/people.ts")).people(what, mail, options, terminal),
      ),
    );
}
