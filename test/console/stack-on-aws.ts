import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { buildPage } from "../../infra/build-page.ts";
import { type EmbeddedCloud, startEmbeddedCloud } from "../../infra/local/embedded-cloud.ts";
import { sites } from "../../infra/rates.ts";
import { synthesise } from "../../infra/synthesise.ts";
import { createS3Bucket } from "../../shared/aws/s3-bucket.ts";
import { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { type Bucket, smallText } from "../../shared/ports/bucket.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { endpoint as phoneSystem } from "../support/stack-settings.ts";
import { until } from "../support/until.ts";
import { poolOfStack } from "./pool-of-stack.ts";
import { type SignInService, startSignInService } from "./sign-in-service.ts";

/** A stack with a console as AWS would have it, from its template, in the embedded cloud. */
export interface StackOnAws extends AsyncDisposable {
  readonly template: unknown;
  readonly cloud: EmbeddedCloud;
  /** The bucket that the page is in, and its name. */
  readonly pages: Bucket;
  readonly pagesName: string;
  /** Where the page was built. */
  readonly pageFiles: string;
  /** What the reporter has told the page. */
  readonly settings: ConsoleSettings;
  /** Where people sign in. */
  readonly service: SignInService;
}

/** Starts it, and waits until the reporter has published the page. */
export async function startStackOnAws(chosen: { readonly [setting: string]: unknown } = {}): Promise<StackOnAws> {
  await using starting = new AsyncDisposableStack();
  const directory = starting.use(await mkdtempDisposable(join(tmpdir(), "console-on-aws-"))).path;
  const pageFiles = join(directory, "page");
  await buildPage(pageFiles);
  const common = { endpoint: phoneSystem, snumber: "442079460000", country: "GB", console: true };
  const { template, entries } = synthesise({ ...common, ...chosen }, sites.local);
  // On AWS the page's files are beside the bundle.
  const moved: unknown = JSON.parse(JSON.stringify(template).replaceAll("/var/task/page", pageFiles));
  const stack = { template: moved, entries };
  const cloud = starting.use(await startEmbeddedCloud({ dataDir: join(directory, "data"), stack }));
  const pagesName = cloud.stack.buckets.find(({ logicalId }) => logicalId.startsWith("ConsolePage"))?.name ?? "";
  const { endpoint, region, credentials } = cloud;
  const pages = createS3Bucket(new S3Client({ endpoint, region, credentials, forcePathStyle: true }), pagesName);
  await cloud.send(cloud.outputs["NudgesQueueUrl"] ?? "", nudgeBody({ kind: "look" }));
  const settings = await until("the page is published", async () => {
    const text = await smallText(pages, "console/config.json");
    return text === undefined ? undefined : ConsoleSettings.parse(JSON.parse(text));
  });
  if (settings.signIn.kind !== "pool") throw new Error("People should sign in with the user pool.");
  const service = starting.use(
    await startSignInService({ cloud, settings: settings.signIn, template: poolOfStack(template, endpoint) }),
  );
  const running = starting.move();
  const parts = { template, cloud, pages, pagesName, pageFiles, settings, service };
  return { ...parts, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
