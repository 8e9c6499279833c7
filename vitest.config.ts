import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { UnderWay } from "./test/support/under-way.ts";

/** The longest first, so that none is left alone at the end; of these, those that mostly wait come before the others. */
const longest = [
  "test/crash/endpoint.test.ts",
  "test/crash/mishaps.test.ts",
  "test/crash/kill.test.ts",
  "test/crash/full-disk.test.ts",
  "test/crash/power-failure.test.ts",
  "test/console/whole-job.browser.test.ts",
  "test/cli/approval.test.ts",
  "test/cli/run.test.ts",
  "test/cli/at-rest.test.ts",
  "test/pipeline/whole-stack.test.ts",
  "test/cli/on-a-stack.test.ts",
  "test/infra/app.test.ts",
  "test/report/browser.test.ts",
  "test/simulation/mistakes.test.ts",
];

/**
 * Whole clouds wait for slots, leases and looks of the reporter a third of the time: one more than processors keeps those busy.
 * Many more would make each other late, and lateness costs them work: a batch that misses its slots is claimed again.
 */
const maxWorkers = availableParallelism() + 1;

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = longest.findIndex((file) => moduleId.endsWith(file));
  return rank < 0 ? longest.length : rank;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

/** Runs that are killed or whose phone system fails: a third of the time that everything takes. */
const crash = ["test/crash/**/*.test.ts"];

/** What is looked at in Chromium: a sixth of that time. */
const browser = ["test/report/browser.test.ts", "test/console/*.browser.test.ts"];

/** What starts whole clouds or processes: each file for itself. */
const whole = [
  "test/cli/**/*.test.ts",
  "test/pipeline/**/*.test.ts",
  "test/infra/**/*.test.ts",
  "test/aws/**/*.test.ts",
  "test/console/on-aws.test.ts",
  "test/library/connect.test.ts",
];

/** Of these, what starts nothing that outlives a test, or little: loading the CDK, the SDK and the sources takes longer than its tests. */
const together = [
  "test/aws/{chunked,dynamo-table,each-message,event-bus,function-credentials,log,metrics,no-event-streams}.test.ts",
  "test/aws/{read-together,secret,source-positions,sqs-queue,topic}.test.ts",
  "test/cli/{also-continuing,cancel,check-lines,demonstration,follow-campaign,interruption,link-command,live-pages,news,places,progress,suppress,suppressed-numbers,tidy}.test.ts",
  "test/cli/{typed-number,upload-files,waits,whole-file,wrap}.test.ts",
  "test/infra/{bulk-send-stack,bundle,cdk-nag,console,decided,events-example,grants,monitoring,page-settings,rates,settings}.test.ts",
  "test/infra/local/{access-control,conditions,durable-level,enswitch-simulator,environments,event-sources}.test.ts",
  "test/infra/local/{journal,make-directory,object-store,prepared-stack,s3,signature,template,xml}.test.ts",
];

/**
 * A dozen commands, one after the other, on a machine that is busy with something else. Each of them, as all that these tests wait for,
 * has a shorter time-out of its own.
 */
const wholeTimeout = 600_000;

/** How tests of whole clouds run. */
const ofWhole = {
  globalSetup: "test/support/prepare.ts",
  testTimeout: wholeTimeout,
  maxWorkers,
  maxConcurrency: 2,
};

export default defineConfig({
  test: {
    // They end a test that hangs and say nothing about speed: the machine may be busy with something else. What a test waits
    // for has a shorter time-out of its own, which can say what it was.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    reporters: process.stdout.isTTY ? ["default"] : ["default", new UnderWay()],
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: "crash", include: crash, ...ofWhole } },
      { extends: true, test: { name: "browser", include: browser, ...ofWhole } },
      { extends: true, test: { name: "whole", include: whole, exclude: together, ...ofWhole } },
      {
        extends: true,
        test: { name: "together", include: together, isolate: false, maxWorkers },
      },
      {
        extends: true,
        // Values in, values out: nothing is left behind that the next file in the same worker could meet.
        test: {
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: [...crash, ...browser, ...whole],
          isolate: false,
          maxWorkers,
        },
      },
    ],
  },
});
