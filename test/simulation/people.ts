import { csvOf, recipientOf } from "./lists.ts";
import type { PortsOf } from "./machine-ports.ts";
import type { StartMachine } from "./machines.ts";
import type { PhoneSystem } from "./phone-system.ts";
import { loadControl } from "./programs.ts";
import { randomFor } from "./random.ts";
import { errorText, hour, minute, type RunContext } from "./run-context.ts";
import type { Content, Deed } from "./scenario.ts";
import type { SimSecret } from "./secret.ts";
import type { Services } from "./services.ts";
import type { SimStack } from "./stack.ts";

/** An uploaded CSV. */
export interface Upload {
  readonly campaign: number;
  readonly text: string;
}

/** The people around the stack: they upload, do what the scenario says, and look after what waits for them. */
export interface People {
  /** What they uploaded under `campaigns/`, by version. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Campaigns (by index) whose CSV they deleted. */
  readonly deleted: ReadonlySet<number>;
  /** Schedules their uploads and deeds. */
  begin(): void;
  /** To be called before every step of a sender: some deeds are done at such a step. */
  senderSteps(): void;
  /** From `at` (epoch ms) on they resume what is paused, every five minutes. */
  resumeFrom(at: number): void;
}

/** What people work with. */
export interface PeopleDeps {
  readonly services: Services;
  readonly secret: SimSecret;
  readonly phoneSystem: PhoneSystem;
  readonly stack: SimStack;
  readonly startMachine: StartMachine;
  readonly portsOf: PortsOf;
  /** Told before every deed. */
  readonly acted: () => void;
}

/** People who have not done anything yet. */
export function createPeople(context: RunContext, deps: PeopleDeps): People {
  const { scenario, time, names } = context;
  const { table } = deps.services;
  const files = createUploads(context, deps.services);
  const act = createDeeds(context, deps, files);
  const atSteps = scenario.deeds
    .flatMap(({ when, deed }) => (when.kind === "step" ? [{ step: when.step, deed }] : []))
    .sort((a, b) => a.step - b.step);
  let steps = 0;
  const resumeAll = () => {
    time.wake(time.now() + 5 * minute, resumeAll);
    const account = table.peek({ pk: "account", sk: "throttle" });
    if (account?.["pause"] !== undefined) act({ kind: "resume-account" });
    names.forEach((name, campaign) => {
      if (table.peek({ pk: "campaigns", sk: name })?.["state"] === "paused") act({ kind: "resume", campaign });
    });
  };
  return {
    uploads: files.uploads,
    deleted: files.deleted,
    begin: () => {
      scenario.campaigns.forEach(({ content, options, uploadedAfterMs }, index) => {
        time.at(scenario.start + uploadedAfterMs, () => files.uploadCsv(index, content, options));
      });
      if (scenario.poison !== undefined) {
        time.at(scenario.start + scenario.poison.uploadedAfterMs, () => files.put(poisonKey, "to,text\r\n1,x\r\n"));
      }
      for (const { when, deed } of scenario.deeds) {
        if (when.kind === "time") time.wake(scenario.start + when.afterMs, () => act(deed));
      }
    },
    senderSteps: () => {
      steps++;
      while (atSteps[0] !== undefined && atSteps[0].step <= steps) {
        const due = atSteps.shift();
        if (due !== undefined) act(due.deed);
      }
    },
    resumeFrom: (at) => time.wake(at, resumeAll),
  };
}

/** The name of the upload that nobody can read. */
export const poisonName = "poison";

/** Its key. */
export const poisonKey = `campaigns/${poisonName}.csv`;

/** Files that people put into the bucket and delete, and the messages that S3 sends about them. */
function createUploads({ seed, scenario }: RunContext, { bucket, queues }: Services) {
  const uploads = new Map<string, Upload>();
  const deleted = new Set<number>();
  const events = randomFor(seed, "events");
  const upload = (key: string, text: string) => {
    const version = bucket.put(key, text, "person");
    const record = {
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: "person" },
      s3: { object: { key: key.replaceAll("/", "%2F"), versionId: version } },
    };
    queues.uploads.put([JSON.stringify({ Records: [record] })]);
    return version;
  };
  return {
    uploads,
    deleted,
    put: upload,
    uploadCsv: (campaign: number, content: Content, options: unknown) => {
      const planned = scenario.campaigns[campaign];
      if (planned === undefined) return;
      const text = csvOf(campaign, planned.rows, content);
      const putOptions = () => {
        if (options !== undefined) upload(`campaigns/${planned.name}.json`, JSON.stringify(options));
      };
      const optionsFirst = scenario.uploadDelaySeconds === 0 || events.chance(0.5);
      if (optionsFirst) putOptions();
      uploads.set(upload(`campaigns/${planned.name}.csv`, text), { campaign, text });
      if (!optionsFirst) putOptions();
      deleted.delete(campaign);
    },
    deleteCsv: (campaign: number, versions: boolean) => {
      deleted.add(campaign);
      bucket.delete(`campaigns/${scenario.campaigns[campaign]?.name}.csv`, versions);
    },
  };
}

/** Does what people do. */
function createDeeds(context: RunContext, deps: PeopleDeps, files: ReturnType<typeof createUploads>) {
  const { time, names, note } = context;
  const { secret, phoneSystem, stack } = deps;
  const person = deps.startMachine("person", "person");
  const control = () => loadControl(deps.portsOf(person, "person"), stack.deployment());
  const nameOf = (campaign: number) => names[campaign] ?? "";
  const told = (result: Promise<{ sentence: string }>) => {
    result.then(
      ({ sentence }) => note(`person is told: ${sentence}`),
      (error: unknown) => note(`person is told: ${errorText(error)}`),
    );
  };
  return (deed: Deed) => {
    note(`person: ${JSON.stringify(deed)}`);
    deps.acted();
    switch (deed.kind) {
      case "pause":
        return told(control().pause(nameOf(deed.campaign)));
      case "resume":
        return told(control().resume(nameOf(deed.campaign)));
      case "cancel":
        return told(control().cancel(nameOf(deed.campaign)));
      case "pause-account":
        return told(control().pauseAccount());
      case "resume-account":
        return told(control().resumeAccount());
      case "rate":
        return told(control().setRate(Math.min(deed.rate, stack.deployment().ceiling)));
      case "cap":
        return told(control().setCallsPerDay(deed.callsPerDay));
      case "upload":
        return files.uploadCsv(deed.campaign, deed.content, deed.options);
      case "delete-csv":
        return files.deleteCsv(deed.campaign, deed.versions);
      case "deploy":
        return stack.deploy(deed);
      case "suppress": {
        const list = `number\r\n${recipientOf(deed.campaign, deed.row)}\r\n`;
        deps.services.bucket.put("suppression/stop.csv", list, "person");
        return;
      }
      case "purge":
        return deps.services.queues.batches.purge();
      case "restart":
        return stack.restart();
      case "new-password":
        phoneSystem.setPassword(secret.freshPassword());
        time.at(time.now() + 2_000, secret.storePassword);
        return;
      default:
        return deed satisfies never;
    }
  };
}

/** From when on (epoch ms) nothing goes wrong by itself any more and people resume what waits for them. */
export function troubleEndsAt({ scenario, faultsUntil }: RunContext): number {
  const longestOutageMs = Math.max(0, ...scenario.outages.map(({ lastsMs }) => lastsMs));
  // Where lists are kept for a day only, nobody looks after them for most of it.
  const neglectedMs = scenario.retainDays === 1 ? 22 * hour : 0;
  return faultsUntil + longestOutageMs + neglectedMs;
}
