import { ratesFor } from "../../infra/rates.ts";
import { createSimFunction, type Handler, type SimFunction } from "./lambda.ts";
import type { Machine } from "./machine.ts";
import type { PortsOf } from "./machine-ports.ts";
import type { StartMachine } from "./machines.ts";
import type { Role } from "./mistake.ts";
import { type Deployment, loadReporter, loadSender, loadSplitter } from "./programs.ts";
import type { SimQueue } from "./queue.ts";
import { randomFor } from "./random.ts";
import type { RunContext } from "./run-context.ts";
import { longestRunSeconds, type Services } from "./services.ts";

/** The deployed functions with their settings. */
export interface SimStack {
  /** The settings in force. */
  deployment(): Deployment;
  /** All settings there have been, from when on (epoch ms). */
  readonly deployments: readonly { readonly at: number; readonly deployment: Deployment }[];
  deploy(changes: { readonly ceiling: number; readonly snumber: string }): void;
  /** Lets a function look at its queue. */
  poll(role: Role): void;
  /** Every machine of every function dies at once. */
  restart(): void;
}

/** The three functions on their queues, with the scenario's settings. */
export function createSimStack(
  context: RunContext,
  { queues }: Services,
  startMachine: StartMachine,
  portsOf: PortsOf,
): SimStack {
  const { scenario, time, rates } = context;
  let deployment: Deployment = {
    ceiling: scenario.ceiling,
    rates,
    defaults: { snumber: "442079460000" },
    retainDays: scenario.retainDays,
    approval: scenario.approval.rule,
    dayLimit: scenario.dayLimit,
    graceSeconds: scenario.graceSeconds,
    readsReplies: scenario.replies !== undefined,
    noteEveryMs: scenario.noteEveryMs,
    laneRate: scenario.laneRate,
    afterOthersMs: scenario.afterOthersMs,
  };
  const deployments = [{ at: scenario.start, deployment }];
  const loader = (role: Role) => {
    const deployed = deployment;
    return (machine: Machine) => load(role, machine, deployed);
  };
  const load = (role: Role, machine: Machine, deployed: Deployment): Handler => {
    const ports = portsOf(machine, role);
    switch (role) {
      case "splitter":
        return loadSplitter(ports, { ...deployed, ...context.mistake?.splitter });
      case "sender":
        return loadSender(ports, deployed, {
          takeSlots: context.mistake?.takeSlots,
          createPacer: context.mistake?.createPacer,
        });
      case "reporter":
        return loadReporter(ports, deployed);
      default:
        return role satisfies never;
    }
  };
  const functionOf = (role: Role, queue: SimQueue, size: FunctionSize): SimFunction =>
    createSimFunction({
      name: role,
      time,
      random: randomFor(context.seed, `function ${role}`),
      queue: () => queue,
      ...size,
      start: (name, onDeath) => startMachine(name, role, onDeath),
      load: loader(role),
      faults: {
        until: context.faultsUntil,
        lostAcknowledgements: scenario.queue.duplicated / 3,
        coldStarts: scenario.calm ? 0 : 0.05,
      },
      trace: context.note,
    });
  const functions: Record<Role, SimFunction> = {
    splitter: functionOf("splitter", queues.uploads, {
      batchSize: 1,
      maxConcurrency: 3,
      timeoutSeconds: longestRunSeconds,
    }),
    sender: functionOf("sender", queues.batches, {
      batchSize: rates.batchesPerInvocation,
      maxConcurrency: rates.consumers,
      timeoutSeconds: rates.senderTimeoutSeconds,
    }),
    reporter: functionOf("reporter", queues.nudges, {
      batchSize: 10,
      maxConcurrency: 2,
      timeoutSeconds: longestRunSeconds,
    }),
  };
  const roles = ["splitter", "sender", "reporter"] as const;
  return {
    deployment: () => deployment,
    deployments,
    deploy: ({ ceiling, snumber }) => {
      const { batchRows } = ratesFor(ceiling);
      deployment = { ...deployment, ceiling, rates: { ...rates, batchRows }, defaults: { snumber } };
      deployments.push({ at: time.now(), deployment });
      for (const role of roles) functions[role].deploy(loader(role));
    },
    poll: (role) => functions[role].poll(),
    restart: () => {
      for (const role of roles) functions[role].restart();
    },
  };
}

type FunctionSize = Pick<Parameters<typeof createSimFunction>[0], "batchSize" | "maxConcurrency" | "timeoutSeconds">;
