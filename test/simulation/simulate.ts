// What the programs load when they need it is loaded before: that takes real time, and virtual time waits for nothing real.
import "jschardet";
import "../../shared/csv/number-zones.ts";
import "../../shared/csv/read-workbook-records.ts";
import { createExcuses } from "./excuses.ts";
import { judge } from "./judge.ts";
import { createPortsOf, latestArrivalMs } from "./machine-ports.ts";
import { createMachines } from "./machines.ts";
import type { Mistake } from "./mistake.ts";
import { createOptOutWatch } from "./opt-out-watch.ts";
import { createFaultyPhoneSystem } from "./outages.ts";
import { createPeople, type People, poisonKey, troubleEndsAt } from "./people.ts";
import { createProgress, latestEnd, type Progress } from "./progress.ts";
import { createRoom } from "./room.ts";
import { createRunContext, minute } from "./run-context.ts";
import type { Scenario } from "./scenario.ts";
import { startSchedule } from "./schedule.ts";
import { createSimSecret } from "./secret.ts";
import { createServices } from "./services.ts";
import { createSimStack, type SimStack } from "./stack.ts";
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

/** Runs a seed to its end. The same seed, rows and mistake make the same run. */
export async function simulate(
  seed: number,
  settings: { readonly rows?: number; readonly mistake?: Mistake; readonly scenario?: Scenario } = {},
): Promise<Run> {
  const context = createRunContext(seed, settings.rows, settings.mistake, settings.scenario);
  const { scenario, time, note } = context;
  const troubleEnds = troubleEndsAt(context);
  const excuses = createExcuses();
  const secret = createSimSecret(context);
  const witness = createWitness({
    campaigns: context.names,
    secrets: () => secret.passwords,
    excused: excuses.excused,
    skewMs: scenario.skewMs,
    approval: scenario.approval.rule,
    optedOut: createOptOutWatch(context, {
      replies: () => phoneSystem.replies,
      outages: () => outages,
    }),
    uploaderOf: (version) => people.uploaderOf(version),
    trace: note,
    changed: () => progress.changed(),
  });

  // What is scheduled for one instant happens in the order in which it is scheduled here.
  const room = createRoom(context);
  const called: Witness["called"] = (call) => {
    witness.called(call);
    room.called();
  };
  const listed = () => people.seeTextsListed();
  const { phoneSystem, outages } = createFaultyPhoneSystem(context, secret, { ...witness, called }, listed);
  for (const { afterMs } of scenario.serviceOutages) time.at(scenario.start + afterMs, excuses.ledgerAway);
  const services = createServices(context, witness, room, (role) => stack.poll(role));
  const portsOf = createPortsOf(context, { services, secret, phoneSystem, witness });
  const startMachine = createMachines(context, excuses, () => people.senderSteps());
  const stack: SimStack = createSimStack(context, services, startMachine, portsOf);
  const people: People = createPeople(context, {
    services,
    secret,
    phoneSystem,
    stack,
    startMachine,
    portsOf,
    acted: () => progress.changed(),
  });
  const progress: Progress = createProgress(context, services.table, troubleEnds, people.deleted);
  people.begin();
  startSchedule(context, services);
  people.resumeFrom(troubleEnds + minute);

  const end = latestEnd(scenario, troubleEnds);
  do {
    await time.run(progress.isOver, end);
    // Requests still under way: nothing that arrives late may spoil what is done.
    await time.run(() => false, time.now() + latestArrivalMs);
    // A list that was uploaded late may have been found only now.
  } while (time.now() < end && !progress.isSettled());

  const { table, bucket } = services;
  const { uploads, deleted } = people;
  const completed = progress.isCompleted();
  const { rates } = context;
  const { deployments } = stack;
  judge({
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
    poisoned: context.trace.filter((line) => line.endsWith(`reads ${poisonKey}`)).length,
    completed,
  });
  return {
    scenario,
    failures: witness.failures,
    trace: context.trace,
    events: time.events(),
    lasted: time.now() - scenario.start,
    calls: phoneSystem.calls.length,
  };
}
