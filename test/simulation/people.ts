import { createAccountStore } from "../../shared/account/account-store.ts";
import { createApprovals } from "../../shared/campaign/approvals.ts";
import { noteDecisions } from "../../shared/opt-outs/note-decisions.ts";
import { createRecentDecisions } from "../../shared/opt-outs/recent-opt-outs.ts";
import { addedByHand } from "../../shared/opt-outs/words.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { csvOf, recipientOf, senderOf } from "./lists.ts";
import type { PortsOf } from "./machine-ports.ts";
import type { StartMachine } from "./machines.ts";
import type { PhoneSystem } from "./phone-system.ts";
import { loadControl } from "./programs.ts";
import { randomFor } from "./random.ts";
import { errorText, hour, minute, type RunContext } from "./run-context.ts";
import type { Content, Deed, Person } from "./scenario.ts";
import type { SimSecret } from "./secret.ts";
import type { Services } from "./services.ts";
import type { SimStack } from "./stack.ts";

/** An uploaded CSV. */
export interface Upload {
  readonly campaign: number;
  readonly text: string;
  /** Version of the options that belong to it, once they are there; without options of its own it takes what is there. */
  options?: string;
}

/** The people around the stack: they upload, do what the scenario says, and look after what waits for them. */
export interface People {
  /** What they uploaded under `campaigns/`, by version. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Campaigns (by index) whose CSV they deleted. */
  readonly deleted: ReadonlySet<number>;
  /** Who uploaded a version of a list or of options. */
  uploaderOf(version: string): Person | undefined;
  /** Schedules their uploads and deeds. */
  begin(): void;
  /** To be called before every step of a sender: some deeds are done at such a step. */
  senderSteps(): void;
  /** To be called when an answer with replies is on its way: somebody may change the list at that moment. */
  seeTextsListed(): void;
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
  let byHand = scenario.replies?.byHand;
  const resumeAll = () => {
    time.wake(time.now() + 5 * minute, resumeAll);
    const account = table.peek({ pk: "account", sk: "throttle" });
    if (account?.["pause"] !== undefined) act({ kind: "resume-account" });
    names.forEach((name, campaign) => {
      const item = table.peek({ pk: "campaigns", sk: name });
      if (item?.["state"] !== "paused") return;
      const pause = JSON.stringify(item["pause"]);
      if (!pause.includes('"approval"')) act({ kind: "resume", campaign });
      // Where the event about an upload was lost, nobody can approve it.
      else if (pause.includes("S3 has not said")) act({ kind: "cancel", campaign });
      else act({ kind: "approve", campaign, by: "AIDABEN", of: "plan" });
    });
  };
  return {
    uploads: files.uploads,
    deleted: files.deleted,
    uploaderOf: (version) => files.uploaders.get(version),
    begin: () => {
      scenario.campaigns.forEach(({ content, options, uploadedAfterMs }, index) => {
        time.at(scenario.start + uploadedAfterMs, () => files.uploadCsv(index, content, options));
      });
      if (scenario.poison !== undefined) {
        time.at(scenario.start + scenario.poison.uploadedAfterMs, () => files.put(poisonKey, "to,text\r\n1,x\r\n"));
      }
      for (const { afterMs, ...reply } of scenario.replies?.texts ?? []) {
        const agoMs = Math.max(0, -afterMs);
        time.wake(scenario.start + Math.max(0, afterMs), () => act({ kind: "reply", agoMs, ...reply }));
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
    seeTextsListed: () => {
      if (byHand === undefined) return;
      const { afterMs, ...whom } = byHand;
      byHand = undefined;
      time.wake(time.now() + afterMs, () => act({ kind: "opt-out-by-hand", ...whom }));
    },
    resumeFrom: (at) => time.wake(at, resumeAll),
  };
}

/** The name of the upload that nobody can read. */
export const poisonName = "poison";

/** Its key. */
export const poisonKey = `campaigns/${poisonName}.csv`;

/** How much later than their list people store options, at most: within the time that a list waits for them. */
const latestOptionsMs = 10_000;

/** Files that people put into the bucket and delete, and the messages that S3 sends about them. */
function createUploads({ seed, scenario, time }: RunContext, { bucket, queues }: Services) {
  const uploads = new Map<string, Upload>();
  const deleted = new Set<number>();
  const events = randomFor(seed, "events");
  const uploaders = new Map<string, Person>();
  const upload = (key: string, text: string, by: Person = scenario.approval.list) => {
    const version = bucket.put(key, text, "person");
    uploaders.set(version, by);
    const record = {
      eventName: "ObjectCreated:Put",
      eventTime: new Date(time.now()).toISOString(),
      userIdentity: { principalId: `AWS:${by}` },
      s3: { object: { key: key.replaceAll("/", "%2F"), versionId: version } },
    };
    queues.uploads.put([JSON.stringify({ Records: [record] })]);
    return version;
  };
  return {
    uploads,
    deleted,
    uploaders,
    put: upload,
    uploadCsv: (campaign: number, content: Content, options: unknown) => {
      const planned = scenario.campaigns[campaign];
      if (planned === undefined) return;
      const text = csvOf(campaign, planned, content);
      const list: Upload = { campaign, text };
      const putOptions = () => {
        const by = scenario.approval.options;
        if (options === undefined) return;
        list.options = upload(`campaigns/${planned.name}.json`, JSON.stringify(options), by);
      };
      const optionsFirst = scenario.graceSeconds === 0 || events.chance(0.5);
      if (optionsFirst) putOptions();
      uploads.set(upload(`campaigns/${planned.name}.csv`, text), list);
      if (!optionsFirst) time.wake(time.now() + events.spread(1, latestOptionsMs), putOptions);
      deleted.delete(campaign);
    },
    deleteCsv: (campaign: number, versions: boolean) => {
      deleted.add(campaign);
      bucket.delete(`campaigns/${scenario.campaigns[campaign]?.name}.csv`, versions);
    },
  };
}

/** How the phone system writes the number of somebody in the country of the stack. */
function writtenAs(cnumber: string, written: "e164" | "digits" | "national" | "dialled"): string {
  switch (written) {
    case "e164":
      return `+${cnumber}`;
    case "digits":
      return cnumber;
    case "national":
      return `0${cnumber.slice(2)}`;
    case "dialled":
      return `00${cnumber}`;
    default:
      return written satisfies never;
  }
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
  const approve = (name: string, userId: Person, of: "plan" | "another") => {
    const seen = deps.services.table.peek({ pk: "campaigns", sk: name })?.["run"];
    const run = of === "another" || typeof seen !== "string" ? "another" : seen;
    const { table, nudges } = deps.portsOf(person, "person");
    const given = createApprovals(table)
      .give(name, { approver: { kind: "person", userId }, run, at: time.now() })
      .then(() => nudges([nudgeBody({ kind: "look" })]));
    told(given.then(() => ({ sentence: "The approval is noted." })));
  };
  const optOut = async (cnumber: string) => {
    const { table, bucket, freshToken, machine } = deps.portsOf(person, "person");
    const account = createAccountStore({ table, clock: machine.clock, freshToken });
    const at = Math.floor(time.now() / 1000) * 1000;
    const decision = { number: `+${cnumber}`, at, word: addedByHand, id: `hand-${freshToken()}` };
    const standing = await noteDecisions({ bucket, account, recent: createRecentDecisions({ table }) }, [decision]);
    return { sentence: `${standing.length} numbers were added.` };
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
      case "reply": {
        const cnumber = (deed.bySender ? senderOf : recipientOf)(deed.campaign, deed.row);
        phoneSystem.replies.write({ ...deed, cnumber, from: writtenAs(cnumber, deed.written) });
        return;
      }
      case "opt-out-by-hand":
        return told(optOut(recipientOf(deed.campaign, deed.row)));
      case "approve":
        return approve(nameOf(deed.campaign), deed.by, deed.of);
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
