import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type EnswitchSimulator,
  startEnswitchSimulator,
} from "../../infra/local/enswitch-simulator/enswitch-simulator.ts";
import type { Fault } from "../../infra/local/enswitch-simulator/fault.ts";
import { startBulkSend } from "./bulk-send-process.ts";
import { compareWithRecord } from "./compare-with-record.ts";
import type { TellingList } from "./telling-list.ts";

/** Who may send through the foreign server. */
export const foreignAccount = { username: "1234", password: "open sesame" } as const;

/** A phone system that is none of bulk-send's own, and the runs that send through it. Disposing stops the server. */
export interface ForeignServer extends AsyncDisposable {
  readonly simulator: EnswitchSimulator;
  readonly directory: string;
  readonly data: string;
  /** Every call goes wrong like this from now on; what is taken all the same is every other message. */
  breakWith(fault: Fault | undefined): void;
  /** Sends a list, with what is added to the environment. */
  run(list: TellingList, rate: number, environment?: NodeJS.ProcessEnv): ReturnType<typeof startBulkSend>;
  compare(list: TellingList): ReturnType<typeof compareWithRecord>;
}

/** Starts it on this machine's loopback, below a prefix as white labels have one. */
export async function startForeignServer(): Promise<ForeignServer> {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await mkdtempDisposable(join(tmpdir(), "bulk-send-crash-")));
  const record = join(directory.path, "calls.ndjson");
  const simulator = starting.use(
    await startEnswitchSimulator({ basePath: "/local/api/json", recordFile: record, account: foreignAccount }),
  );
  const data = join(directory.path, "data");
  const out = join(directory.path, "out");
  const running = starting.move();
  return {
    simulator,
    directory: directory.path,
    data,
    breakWith: (fault) =>
      simulator.configure({
        faults:
          fault === undefined
            ? undefined
            : ({ index }) => ("accept" in fault ? { ...fault, accept: fault.accept && index % 2 === 0 } : fault),
      }),
    run: (list, rate, environment = {}) =>
      startBulkSend(
        ["run", list.csv, "--endpoint", simulator.endpoint, "--rate", `${rate}`, "--data", data, "--out", out],
        {
          ENSWITCH_USERNAME: foreignAccount.username,
          ENSWITCH_PASSWORD: foreignAccount.password,
          ...environment,
        },
      ),
    compare: (list) => compareWithRecord(list, out, record),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
