import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import * as z from "zod";
import { list, workplace } from "./workplace.ts";

const Served = z.strictObject({
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string(),
  credentials: z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  console: z.url(),
  sendsTo: z.string(),
  sendsPerSecond: z.number(),
});

test("any S3 client can upload while serve runs, and the other commands see it", async () => {
  await using place = await workplace();
  await using served = place.start(["serve", "--rate", "50", "--json", "--events"]);
  await expect.poll(() => served.out()).toContain("\n");
  const { endpoint, region, bucket, credentials } = Served.parse(JSON.parse(served.out()));
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "campaigns/2026/spring.csv", Body: list(12) }));

  const watched = async () => (await place.bulkSend(["status", "2026/spring", "--watch", "--local"])).code;
  await expect.poll(watched, { interval: 200 }).toBe(0);
  await expect.poll(() => served.err()).toContain("2026/spring is complete");

  await expect.poll(() => served.err()).toContain("event campaign.complete 2026/spring");
  const told = served
    .err()
    .split("\n")
    .filter((line) => line.startsWith("event "));
  expect([...new Set(told.map((line) => line.split(" ")[1]))]).toEqual([
    "campaign.planned",
    "campaign.started",
    "campaign.complete",
  ]);
  expect(told.at(-1)).toMatch(/ 2026\/spring \S+Z rows 12 submitted 12$/);

  const listed = await place.bulkSend(["list", "--local", "--json"]);
  expect(JSON.parse(listed.out)).toMatchObject([{ name: "2026/spring", state: "complete", rows: 12, submitted: 12 }]);
  const report = await place.bulkSend(["report", "2026/spring", "--local", "-o", "copy"]);
  expect(report).toMatchObject({ code: 0 });
  expect((await place.read("copy/report.csv")).split("\r\n")).toHaveLength(14);

  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "campaigns/bad.csv", Body: "name\nAnn\n" }));
  s3.destroy();
  // The page of a refused list can be copied, and promises no report.
  await expect
    .poll(async () => (await place.bulkSend(["report", "bad", "--local", "-o", "page"])).out)
    .toMatch(/^bad: Refused, nothing was sent: [^\n]+[^.]\.\nThe page is page\/report\.html\.\n$/);

  await place.write("autumn.csv", list(3));
  expect(await place.bulkSend(["upload", "autumn.csv", "--local"])).toMatchObject({ code: 0 });
  await expect
    .poll(async () => JSON.parse((await place.bulkSend(["list", "--local", "--json"])).out)[0])
    .toMatchObject({ name: "autumn", state: "complete" });

  // As a terminal that is closed.
  served.child.kill("SIGHUP");
  expect(await served.finished).toMatchObject({ code: 130 });
});
