/**
 * Sends a long campaign through the embedded cloud and holds the report against what the simulator noted. Prints what
 * it took: calls a second, and the memory of the process, phase by phase, and of each function's environments.
 */
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { findCampaignFile } from "../../cli/campaign-file.ts";
import { startLocalCloud } from "../../cli/local-cloud.ts";
import { copyReport, readFinalSummary } from "../../cli/report-files.ts";
import { uploadFiles } from "../../cli/upload-files.ts";
import { compareWithRecord } from "./compare-with-record.ts";
import { writeTellingList } from "./telling-list.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "200000" }, rate: { type: "string", default: "1000" } },
});
const rows = Number(values.rows);
const rate = Number(values.rate);
const mebi = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;

/** Peaks in the order in which their phases came. */
const peaks = new Map<string, { rss: number; heaps: Map<string, number> }>();
await using directory = await mkdtempDisposable(join(tmpdir(), "bulk-send-load-"));
const list = await writeTellingList(directory.path, "load", rows);
const file = await findCampaignFile(list.csv, {});
const data = join(directory.path, "data");
const out = join(directory.path, "out");
await using cloud = await startLocalCloud({
  dataDir: data,
  endpoint: undefined,
  rate,
  onLog: (line) => console.error(line),
  prepare: async ({ bucket }) => {
    await uploadFiles(bucket, file);
    return true;
  },
});
const began = performance.now();
const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
let phase = "";
for (;;) {
  const campaign = await cloud.stack.campaigns.read(list.name, { consistent: true });
  const now =
    campaign === undefined || campaign.state === "refused"
      ? "planning"
      : campaign.state === "running"
        ? `sending, ${20 * Math.floor((5 * campaign.tally.submitted) / rows)} % accepted`
        : campaign.state === "ending"
          ? "reporting"
          : "complete";
  if (now !== phase) console.log(`${seconds().padStart(7)} s  ${now}`);
  phase = now;
  const peak = peaks.get(phase) ?? { rss: 0, heaps: new Map<string, number>() };
  peaks.set(phase, peak);
  peak.rss = Math.max(peak.rss, process.memoryUsage.rss());
  const heaps = { ...(await cloud.access.usage.heaps()), Services: [process.memoryUsage().heapUsed] };
  for (const [id, all] of Object.entries(heaps)) {
    const name = id.replace(/Function.*$/u, "").toLowerCase();
    peak.heaps.set(name, Math.max(peak.heaps.get(name) ?? 0, ...all));
  }
  if (phase === "complete") break;
  await sleep(250);
}
await readFinalSummary(cloud.stack.bucket, list.name);
await copyReport(cloud.stack.bucket, list.name, out);
const { problems, counts, accepted, unknown, sentAt } = await compareWithRecord(
  list,
  out,
  join(data, "simulator", "calls.ndjson"),
);
const sendingSeconds = ((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)) / 1000;
console.log(`\n${rows} rows at ${rate} a second: ${JSON.stringify(counts)}; Enswitch accepted ${accepted}.`);
console.log(`${((sentAt.length - 1) / sendingSeconds).toFixed(1)} calls a second for ${sendingSeconds.toFixed(1)} s.`);
console.log("\nPeak memory: the whole process; JavaScript memory of the services and of the largest environment");
for (const [name, { rss, heaps }] of peaks) {
  const parts = [...heaps].filter(([, bytes]) => bytes > 0).map(([part, bytes]) => `${part} ${mebi(bytes)}`);
  console.log(`  ${name.padEnd(24)} ${mebi(rss).padStart(9)}   ${parts.join(", ")}`);
}
for (const problem of problems.slice(0, 20)) console.log(`FAIL ${problem}`);
if (unknown.length > 0) console.log(`FAIL ${unknown.length} rows are in doubt.`);
process.exitCode = problems.length + unknown.length === 0 ? 0 : 1;
