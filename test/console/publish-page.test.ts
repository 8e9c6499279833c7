import { expect, test } from "vitest";
import { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { createPublishPage, type PublishPageDeps } from "../../shared/console/publish-page.ts";
import { createMemoryBucket, type MemoryBucket } from "../support/memory-bucket.ts";

const settings: PublishPageDeps["settings"] = {
  stackName: "BulkSend",
  region: "eu-west-1",
  bucket: "campaigns",
  table: "ledger",
  nudges: "https://sqs.eu-west-1.amazonaws.com/1/nudges",
  signIn: {
    kind: "pool",
    issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a",
    clientId: "client",
    domain: "example.auth.eu-west-1.amazoncognito.com",
    userPoolId: "eu-west-1_a",
    identityPoolId: "eu-west-1:b",
  },
  sending: { sendsPerSecond: 10, simulated: false },
};

/** A page of a version, whose files are read in two pieces. */
const pageOf = (version: string): PublishPageDeps["built"] => ({
  contents: async () => ({
    version,
    files: [
      { path: `assets/main-${version}.js`, contentType: "text/javascript" },
      { path: "index.html", contentType: "text/html" },
    ],
  }),
  read: async function* (path) {
    yield Buffer.from(`${path} of `);
    yield Buffer.from(version);
  },
});

const publisher = (pages: MemoryBucket, version: string, more: Partial<PublishPageDeps["settings"]> = {}) =>
  createPublishPage({ pages, built: pageOf(version), settings: { ...settings, ...more } });

const reads = (pages: MemoryBucket) => {
  const read: string[] = [];
  pages.fault = ({ method, key }) => {
    if (method === "get") read.push(key);
  };
  return read;
};

test("the page is put in its place, what names others after them and the settings last", async () => {
  const pages = createMemoryBucket();
  await publisher(pages, "v1")();
  expect(pages.puts).toEqual(["console/assets/main-v1.js", "console/index.html", "console/config.json"]);
  expect(pages.text("console/index.html")).toBe("index.html of v1");
  expect(ConsoleSettings.parse(pages.json("console/config.json"))).toEqual({ version: "v1", ...settings });
});

test("a page that is right is read once, and not again at every look", async () => {
  const pages = createMemoryBucket();
  await publisher(pages, "v1")();
  const written = [...pages.puts];
  const read = reads(pages);
  const publish = publisher(pages, "v1");
  for (let look = 0; look < 3; look++) await publish();
  expect(read).toEqual(["console/config.json"]);
  expect(pages.puts).toEqual(written);
});

test.each([
  ["another version", "v2", {}],
  ["other settings", "v1", { sending: { sendsPerSecond: 20, simulated: false } }],
] as const)("%s is put in its place once", async (_name, version, more) => {
  const pages = createMemoryBucket();
  await publisher(pages, "v1")();
  pages.puts.length = 0;
  const publish = publisher(pages, version, more);
  for (let look = 0; look < 3; look++) await publish();
  expect(pages.puts).toEqual([`console/assets/main-${version}.js`, "console/index.html", "console/config.json"]);
  expect(pages.json("console/config.json")).toMatchObject({ version, ...more });
  // Somebody may still have the earlier page open.
  expect(pages.keys("console/assets/")).toContain("console/assets/main-v1.js");
});

test("what could not be written is written at the next look, and the settings never say what is not there", async () => {
  const pages = createMemoryBucket();
  const publish = publisher(pages, "v1");
  pages.fault = ({ method, key }) => {
    if (method === "put" && key === "console/index.html") throw new Error("S3 has a bad day.");
  };
  await expect(publish()).rejects.toThrow("bad day");
  expect(pages.text("console/config.json")).toBeUndefined();
  pages.fault = () => {};
  await publish();
  expect(pages.json("console/config.json")).toMatchObject({ version: "v1" });
});

test("of two that write at the same time, the one whose settings are not taken writes all of it again", async () => {
  const pages = createMemoryBucket();
  const older = publisher(pages, "v1");
  const newer = publisher(pages, "v2");
  // While the newer one is writing, the older one comes in between and ends first.
  let met = false;
  pages.fault = ({ method, key }) => {
    if (met || method !== "put" || key !== "console/index.html") return;
    met = true;
    pages.store("console/config.json", JSON.stringify({ version: "v1" }));
    pages.store("console/index.html", "index.html of v1");
  };
  await newer();
  expect(pages.json("console/config.json")).toMatchObject({ version: "v1" });
  await newer();
  expect(pages.text("console/index.html")).toBe("index.html of v2");
  expect(pages.json("console/config.json")).toMatchObject({ version: "v2" });
  await older();
  expect(pages.text("console/index.html")).toBe("index.html of v1");
});
