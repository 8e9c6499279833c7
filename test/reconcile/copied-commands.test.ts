import { expect, it } from "vitest";
import { ReporterEnv, targetOf } from "../../functions/environment.ts";
import { smallText } from "../../shared/ports/bucket.ts";
import { Summary } from "../../shared/report/summary.ts";
import { nineOClock } from "../support/manual-clock.ts";
import { createWorld } from "./world.ts";

it("the reporter's pages and mails show commands for its own stack", async () => {
  const { commit, look, mails, bucket } = createWorld();
  const pause = { code: "failures" as const, reason: "Too many failed.", at: nineOClock };
  await commit({ state: "paused", pause });
  await look();
  const text = await smallText(bucket, "reports/spring/summary.json");
  const { nextSteps } = Summary.parse(JSON.parse(text ?? ""));
  expect(nextSteps.join()).toContain("npx bulk-send resume spring --stack texts");
  expect(mails.map((mail) => mail.text).join()).toContain("npx bulk-send resume spring --stack texts\n");
});

it("names a stack by name and region, and a data directory by its path", () => {
  const env = ReporterEnv.parse({
    TABLE: "t",
    BUCKET: "b",
    BATCHES_QUEUE_URL: "https://sqs.example/b",
    NUDGES_QUEUE_URL: "https://sqs.example/n",
    UPLOADS_QUEUE_URL: "https://sqs.example/u",
    SENDS_PER_SECOND: "10",
    POWERTOOLS_SERVICE_NAME: "Texts",
    BATCH_ROWS: "10",
    VISIBILITY_SECONDS: "60",
    RETAIN_DAYS: "90",
    GRACE_SECONDS: "15",
    KEEP_DAYS: "90",
    SECRET_ARN: "s",
    ENDPOINT: "https://pbx.example.com/api/json",
    AWS_REGION: "eu-west-1",
  });
  expect(targetOf(env)).toEqual(["--stack", "Texts", "--region", "eu-west-1"]);
  expect(targetOf({ ...env, DATA_DIRECTORY: "/home/ann/.bulk-send" })).toEqual(["--data", "/home/ann/.bulk-send"]);
});
