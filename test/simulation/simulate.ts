import { type Rates, ratesFor } from "../../infra/rates.ts";
import { createSimBucket, type SimBucket } from "./bucket.ts";
import { judge } from "./judge.ts";
import { createSimFunction, type Handler, type SimFunction } from "./lambda.ts";
import { csvOf, recipientOf } from "./lists.ts";
import { type Chaos, createMachine, type Machine } from "./machine.ts";
import type { Mistake, Role } from "./mistake.ts";
import { createPhoneSystem, type Outage, type PhoneSystem } from "./phone-system.ts";
import { type Deployment, loadControl, loadReporter, loadSender, loadSplitter, type Ports } from "./programs.ts";
import { createSimQueue, type SimQueue } from "./queue.ts";
import { randomFor } from "./random.ts";
import { type Deed, type Scenario, scenarioOf } from "./scenario.ts";
import { createServiceCalls, type ServiceFaults } from "./service-calls.ts";
import { createSimTable, type SimTable } from "./table.ts";
import { createVirtualTime, type VirtualTime } from "./virtual-time.ts";
import { createWitness, type Failure, type Witness } from "./witness.ts";

/** What came of a seed. */
export interface Run {
  readonly scenario: Scenario;
  readonly failures: readonly Failure[];
  readonly trace: readonly string[];
  readonly events: number;
  /** Simulated time, ms. */
  readonly lasted: number;
  readonly calls: number;
}

/** What is looked at when a run is over. */
export interface World {
  readonly scenario: Scenario;
  readonly time: VirtualTime;
  readonly table: SimTable;
  readonly bucket: SimBucket;
  readonly phoneSystem: PhoneSystem;
  readonly witness: Witness;
  readonly outages: readonly Outage[];
  readonly rates: Rates;
  /** Settings in force, from when on (epoch ms). */
  readonly deployments: readonly { readonly at: number; readonly deployment: Deployment }[];
  /** What a person put under `campaigns/`, by version. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Campaigns (by index) whose CSV somebody deleted. */
  readonly deleted: ReadonlySet<number>;
  /** Whether every campaign was over when the run ended. */
  readonly completed: boolean;
}

/** An uploaded CSV. */
export interface Upload {
  readonly campaign: number;
  readonly text: string;
}

const minute = 60_000;
const hour = 60 * minute;

/** Longest run of splitter and reporter, seconds. */
const longestRunSeconds = 900;

/** How late a request may reach its service after its sender gave it up, at most, ms. */
const latestArrivalMs = 90_000;

/** Runs a seed to its end. The same seed, rows and mistake make the same run. */
export async function simulate(
  seed: number,
  settings: { readonly rows?: number; readonly mistake?: Mistake } = {},
): Promise<Run> {
  const scenario = scenarioOf(seed, settings.rows);
  const { mistake } = settings;
  const time = createVirtualTime(scenario.start);
  const trace: string[] = [];
  const note = (what: string) => trace.push(`${String(time.now() - scenario.start).padStart(9)} ${what}`);
  const faultsUntil = scenario.start + scenario.faultsMs;
  const names = scenario.campaigns.map(({ name }) => name);
  const rates = ratesFor(scenario.ceiling);
  note(`scenario ${JSON.stringify({ ...scenario, start: new Date(scenario.start).toISOString() })}`);

  // What excuses a claim that is never recorded: its machine's death or frost, or a ledger out of reach.
  const troubled = new Map<string, number>();
  let everAway = false;
  const excused = (machine: string, since: number) => everAway || (troubled.get(machine) ?? 0) >= since;

  let dirty = true;
  const secrets = ["Geheim-0-pw"];
  const witness = createWitness({
    campaigns: names,
    secrets: () => secrets,
    excused,
    skewMs: scenario.skewMs,
    trace: note,
    changed: () => {
      dirty = true;
    },
  });
  const table = createSimTable({ time, random: randomFor(seed, "table"), observe: witness.applied });
  const uploads = new Map<string, Upload>();
  const bucket = createSimBucket({
    time,
    observe: ({ key, text, by }) => {
      note(`${by} stores ${key} (${text.length})`);
      witness.text(key, text);
    },
  });

  const outages = scenario.outages.map(
    ({ kind }): Outage => ({ kind, from: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY }),
  );
  const beginOutage = (index: number) => {
    const [outage, planned] = [outages[index], scenario.outages[index]];
    if (outage === undefined || planned === undefined || outage.from <= time.now() || time.now() >= faultsUntil) return;
    outage.from = time.now();
    outage.until = time.now() + planned.lastsMs;
    note(`the phone system is ${outage.kind} for ${planned.lastsMs} ms`);
    if (outage.kind !== "credentials") return;
    const password = freshPassword();
    phoneSystem.setPassword(password);
    time.at(outage.until, storePassword);
  };
  scenario.outages.forEach(({ atCall, afterMs }, index) => {
    time.at(scenario.start + (atCall === 0 ? 0 : afterMs), () => beginOutage(index));
  });
  const phoneSystem = createPhoneSystem({
    seed,
    time,
    random: randomFor(seed, "phone system"),
    faults: {
      outages,
      until: faultsUntil,
      lostAnswers: scenario.answers.lost,
      answerMs: scenario.answers.usualMs,
      slowAnswers: scenario.answers.slow,
      badRows: scenario.answers.bad,
    },
    answerTimeoutMs: rates.answerTimeoutMs,
    password: secrets[0] ?? "",
    observe: (call) => {
      witness.called(call);
      scenario.outages.forEach(({ atCall }, index) => {
        if (phoneSystem.calls.length === atCall) beginOutage(index);
      });
    },
    accepts: witness.accepted,
  });

  const secret = { username: "robot", password: secrets[0] ?? "", version: "1" };
  /** Somebody stores the credentials that are right by now. */
  const storePassword = () => {
    secret.password = secrets.at(-1) ?? "";
    secret.version = String(Number(secret.version) + 1);
    note(`the secret is now version ${secret.version}`);
  };
  const freshPassword = () => {
    const password = `Geheim-${secrets.length}-pw`;
    secrets.push(password);
    return password;
  };
  const serviceFaults = (factor: number): ServiceFaults => ({
    until: faultsUntil,
    ...scenario.service,
    latestMs: factor,
    outages: scenario.serviceOutages.map(({ afterMs, lastsMs }) => ({
      from: scenario.start + afterMs,
      until: scenario.start + afterMs + lastsMs,
    })),
  });
  for (const { afterMs } of scenario.serviceOutages) {
    time.at(scenario.start + afterMs, () => {
      everAway = true;
    });
  }

  const queueFaults = { until: faultsUntil, longestDelayMs: 10 * minute, ...scenario.queue };
  const functions = new Map<Role, SimFunction>();
  const queueOf = (name: string, role: Role, of: { delay: number; visibility: number; receives: number }): SimQueue =>
    createSimQueue({
      name,
      time,
      random: randomFor(seed, `queue ${name}`),
      faults: queueFaults,
      delaySeconds: of.delay,
      visibilitySeconds: of.visibility,
      maxReceives: of.receives,
      observe: (body) => {
        witness.text(`A message in ${name}`, body);
        if (role === "sender") witness.queued(body);
      },
      changed: () => functions.get(role)?.poll(),
    });
  const queues = {
    uploads: queueOf("uploads", "splitter", {
      delay: scenario.uploadDelaySeconds,
      visibility: longestRunSeconds + 10,
      receives: 8,
    }),
    batches: queueOf("batches", "sender", { delay: 0, visibility: rates.visibilitySeconds, receives: 1000 }),
    nudges: queueOf("nudges", "reporter", { delay: 0, visibility: longestRunSeconds + 10, receives: 5 }),
  };

  let tokens = 0;
  const portsOf = (machine: Machine, role: Role | "person"): Ports => {
    const random = randomFor(seed, `ports ${machine.name}`);
    const calls = (latencyMs: number, latest = 8_000) =>
      createServiceCalls({ machine, time, random, faults: serviceFaults(latest), latencyMs });
    const tableCall = calls(12);
    const queueCall = calls(20);
    const bucketCall = calls(40, latestArrivalMs);
    const secretCall = calls(30);
    const through = table.through(tableCall, machine.name);
    const own =
      role !== "person" && mistake?.table !== undefined
        ? mistake.table(through, { role, machine, ledger: table, bucket })
        : through;
    const objects = bucket.through(bucketCall, machine.name);
    const connect = () => {
      const enswitch = phoneSystem.connect(machine, random);
      return mistake?.enswitch === undefined ? enswitch : mistake.enswitch(enswitch);
    };
    const line = (level: string, message: string, more: unknown) => {
      const text = `${machine.name} ${level}: ${message} ${JSON.stringify(more)}`;
      note(text);
      witness.logged(text);
      if (/TypeError|ReferenceError|ZodError|RangeError/.test(text))
        witness.fail({ invariant: "program failed", message: text });
    };
    return {
      machine,
      table: own,
      bucket: mistake?.store === undefined ? objects : mistake.store(objects),
      secret: { read: () => secretCall("secret", () => ({ ...secret })) },
      uploads: queues.uploads.through(queueCall),
      batches: queues.batches.through(queueCall),
      nudges: queues.nudges.through(queueCall),
      changeVisibility: (queue) => (receipt, seconds) =>
        queueCall("change visibility", () => queues[queue].changeVisibility(receipt, seconds)),
      mail: (subject, text) => secretCall("mail", () => witness.text(subject, text)),
      connect,
      freshToken: () => `${(++tokens).toString(16).padStart(6, "0")}`,
      log: {
        info: (message, fields) => line("info", message, fields),
        warn: (message, fields) => line("warn", message, fields),
        error: (message, error, fields) => line("error", message, { error: errorText(error), ...fields }),
      },
    };
  };

  let deployment: Deployment = {
    ceiling: scenario.ceiling,
    rates,
    defaults: { snumber: "442079460000" },
    retainDays: scenario.retainDays,
  };
  const deployments = [{ at: scenario.start, deployment }];
  const loaderOf = (role: Role, stack: Deployment) => {
    return (machine: Machine): Handler => {
      const ports = portsOf(machine, role);
      switch (role) {
        case "splitter":
          return loadSplitter(ports, stack);
        case "sender":
          return loadSender(ports, stack, { takeSlots: mistake?.takeSlots });
        case "reporter":
          return loadReporter(ports, stack);
        default:
          return role satisfies never;
      }
    };
  };

  let steps = 0;
  const stepDeeds: { step: number; deed: Deed }[] = [];
  const chaos: Chaos = { ...scenario.chaos, until: faultsUntil };
  const skews = randomFor(seed, "skews");
  const machineOf = (name: string, role: Role | "person", onDeath: () => void = () => {}): Machine =>
    createMachine({
      name,
      time,
      random: randomFor(seed, `machine ${name}`),
      chaos: role === "person" ? undefined : chaos,
      skewMs: role === "person" ? 0 : skews.int(-scenario.skewMs, scenario.skewMs),
      trace: note,
      onDeath: () => {
        note(`${name} is dead`);
        troubled.set(name, Number.POSITIVE_INFINITY);
        onDeath();
      },
      onFreeze: (until) => troubled.set(name, until),
      onStep: () => {
        if (role !== "sender") return;
        steps++;
        while (stepDeeds[0] !== undefined && stepDeeds[0].step <= steps) {
          const due = stepDeeds.shift();
          if (due !== undefined) doDeed(due.deed);
        }
      },
    });

  const functionOf = (role: Role, queue: SimQueue, batchSize: number, maxConcurrency: number, timeoutSeconds: number) =>
    functions.set(
      role,
      createSimFunction({
        name: role,
        time,
        random: randomFor(seed, `function ${role}`),
        queue: () => queue,
        batchSize,
        maxConcurrency,
        timeoutSeconds,
        start: (name, onDeath) => machineOf(name, role, onDeath),
        load: loaderOf(role, deployment),
        faults: {
          until: faultsUntil,
          lostAcknowledgements: scenario.queue.duplicated / 3,
          coldStarts: scenario.calm ? 0 : 0.05,
        },
        trace: note,
      }),
    );
  functionOf("splitter", queues.uploads, 1, 2, longestRunSeconds);
  functionOf("sender", queues.batches, rates.batchesPerInvocation, rates.consumers, rates.senderTimeoutSeconds);
  functionOf("reporter", queues.nudges, 10, 2, longestRunSeconds);

  // People.
  const person = machineOf("person", "person");
  const control = () => loadControl(portsOf(person, "person"), deployment.ceiling);
  const deleted = new Set<number>();
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
  const events = randomFor(seed, "events");
  const uploadCsv = (campaign: number, content: "list" | "corrected" | "refused", options: unknown) => {
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
  };

  const doDeed = (deed: Deed) => {
    note(`person: ${JSON.stringify(deed)}`);
    dirty = true;
    const granted = (wish: Promise<{ sentence: string }>) => {
      wish.then(
        ({ sentence }) => note(`person is told: ${sentence}`),
        (error: unknown) => note(`person is told: ${errorText(error)}`),
      );
    };
    switch (deed.kind) {
      case "pause":
        return granted(control().pause(names[deed.campaign] ?? ""));
      case "resume":
        return granted(control().resume(names[deed.campaign] ?? ""));
      case "cancel":
        return granted(control().cancel(names[deed.campaign] ?? ""));
      case "pause-account":
        return granted(control().pauseAccount());
      case "resume-account":
        return granted(control().resumeAccount());
      case "rate":
        return granted(control().setRate(Math.min(deed.rate, deployment.ceiling)));
      case "upload":
        return uploadCsv(deed.campaign, deed.content, deed.options);
      case "delete-csv":
        deleted.add(deed.campaign);
        return bucket.delete(`campaigns/${names[deed.campaign]}.csv`, deed.versions);
      case "deploy": {
        deployment = {
          ...deployment,
          ceiling: deed.ceiling,
          rates: { ...rates, batchRows: ratesFor(deed.ceiling).batchRows },
          defaults: { snumber: deed.snumber },
        };
        deployments.push({ at: time.now(), deployment });
        for (const [role, fn] of functions) fn.deploy(loaderOf(role, deployment));
        return;
      }
      case "suppress":
        bucket.put("suppression/stop.csv", `number\r\n${recipientOf(deed.campaign, deed.row)}\r\n`, "person");
        return;
      case "purge":
        return queues.batches.purge();
      case "restart":
        for (const fn of functions.values()) fn.restart();
        return;
      case "new-password": {
        const password = freshPassword();
        phoneSystem.setPassword(password);
        time.at(time.now() + 2_000, storePassword);
        return;
      }
      default:
        return deed satisfies never;
    }
  };

  scenario.campaigns.forEach(({ content, options, uploadedAfterMs }, index) => {
    time.at(scenario.start + uploadedAfterMs, () => uploadCsv(index, content, options));
  });
  for (const { when, deed } of scenario.deeds) {
    if (when.kind === "time") time.wake(scenario.start + when.afterMs, () => doDeed(deed));
    else stepDeeds.push({ step: when.step, deed });
  }
  stepDeeds.sort((a, b) => a.step - b.step);

  const ticks = randomFor(seed, "ticks");
  const tick = () => {
    const faulty = time.now() < faultsUntil;
    if (!(faulty && ticks.chance(scenario.lostTicks))) queues.nudges.put(['{"kind":"tick"}']);
    // After some hours nothing new is learnt from every single minute.
    const sparse = time.now() - scenario.start > 4 * hour;
    time.at(time.now() + (sparse ? 433_000 : minute), tick);
  };
  time.at(scenario.start + 1_000, tick);

  // Whoever looks after things mends what waits for a person, once nothing goes wrong by itself any more.
  const neglected = scenario.retainDays === 1;
  const troubleEnds =
    Math.max(faultsUntil, ...scenario.outages.map(({ lastsMs }) => faultsUntil + lastsMs)) +
    (neglected ? 22 * hour : 0);
  const mend = () => {
    time.wake(time.now() + 5 * minute, mend);
    const account = table.peek({ pk: "account", sk: "throttle" });
    if (account?.["pause"] !== undefined) doDeed({ kind: "resume-account" });
    names.forEach((name, campaign) => {
      if (table.peek({ pk: "campaigns", sk: name })?.["state"] === "paused") doDeed({ kind: "resume", campaign });
    });
  };
  time.wake(troubleEnds + minute, mend);

  const isOver = (name: string, index: number): boolean => {
    const item = table.peek({ pk: "campaigns", sk: name });
    if (item === undefined) return deleted.has(index);
    return item["state"] === "refused" || (item["state"] === "complete" && item["cleaned"] === true);
  };
  let completed = false;
  const over = () => {
    if (time.now() < troubleEnds || !dirty) return false;
    dirty = false;
    completed = names.every(isOver);
    return completed;
  };
  const slowest = Math.min(
    ...scenario.deeds.map(({ deed }) =>
      deed.kind === "rate"
        ? deed.rate
        : deed.kind === "deploy"
          ? Math.min(deed.ceiling, scenario.ceiling)
          : scenario.ceiling,
    ),
    scenario.ceiling,
  );
  const rowCount = scenario.campaigns.reduce((sum, { rows }) => sum + rows + 1, 0);
  // A window of minutes a day, a slow rate and ticks that come late take days, one piece of the campaign in each.
  const windowMs = scenario.campaigns.some(({ options }) => options?.window !== undefined) ? 12 * 25 * hour : 0;
  const limit = troubleEnds + 2.5 * hour + windowMs + (4 * rowCount * 1000) / slowest;
  await time.run(over, limit);
  // Whatever is still under way: nothing that arrives late may spoil what is done.
  await time.run(() => false, time.now() + latestArrivalMs);
  completed ||= names.every(isOver);

  const world: World = {
    scenario,
    time,
    table,
    bucket,
    phoneSystem,
    witness,
    outages,
    rates,
    deployments,
    uploads,
    deleted,
    completed,
  };
  judge(world);
  return {
    scenario,
    failures: witness.failures,
    trace,
    events: time.events(),
    lasted: time.now() - scenario.start,
    calls: phoneSystem.calls.length,
  };
}

const errorText = (error: unknown): string => {
  if (error instanceof AggregateError) return `${error.message}: ${error.errors.map(errorText).join("; ")}`;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
};
