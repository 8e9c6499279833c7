import { slowBatch, usualLaneRate } from "../../shared/account/slots.ts";
import { Campaign, type CommittedCampaign } from "../../shared/campaign/campaign.ts";
import { isOpen } from "../../shared/campaign/window.ts";
import { isEmpty, isRepeated, recipientOf, rowOf, zoneOf } from "./lists.ts";
import { longestHiccupMs } from "./machine.ts";
import { poisonName } from "./people.ts";
import type { Call, Outage } from "./phone-system.ts";
import type { Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

/** Judges a finished run: compares the reports with what really happened, and checks when the calls were made. */
export function judge(world: World): void {
  judgeProgress(world);
  judgePoison(world);
  judgeOptions(world);
  judgeReports(world);
  judgeRate(world);
  judgeDays(world);
  judgeTimes(world);
  judgeUnknown(world);
  judgeQueue(world);
  judgeHours(world);
  judgePace(world);
  judgeAnnouncements(world);
}

/** Everything that became of a campaign was announced, once all campaigns were over. */
function judgeAnnouncements({ scenario, witness, completed, phoneSystem }: World) {
  if (!completed) return;
  const names = [...scenario.campaigns.map(({ name }) => name), ...(scenario.poison === undefined ? [] : [poisonName])];
  names.forEach((name, index) => {
    const missing = witness.announcements.missing(name);
    if (missing.length > 0) {
      witness.fail({ invariant: "not announced", message: `Of ${name} nobody was told: ${missing.join(", ")}.` });
    }
    const sent = phoneSystem.calls.some((call) => rowOf(call.cnumber).campaign === index && decidesRow(call));
    if (sent && !witness.announcements.isStarted(name)) {
      witness.fail({ invariant: "not announced", message: `Nobody was told that ${name} was started.` });
    }
  });
}

/** Whether a call decides what becomes of its row. A row that Enswitch certainly did not take stays unsent. */
function decidesRow({ verdict }: Call): boolean {
  if (verdict === undefined) return true;
  // All rows share their `snumber`: where it is refused, the campaign pauses, and its rows stay unsent.
  if (verdict.kind === "rejected") return verdict.key !== "snumber";
  return ["submitted", "forbidden", "unknown"].includes(verdict.kind);
}

/** How often an upload that nobody can read may be tried; again as often once the ledger has forgotten that it was. */
const poisonTries = ({ deaf }: Scenario): number => (deaf === undefined ? 5 : 10);

/** It was refused, with its page, and not tried for ever. */
function judgePoison({ scenario, witness, table, bucket, poisoned }: World) {
  if (scenario.poison === undefined) return;
  const state = String(table.peek({ pk: "campaigns", sk: poisonName })?.["state"]);
  const page = bucket.peek(`reports/${poisonName}/summary.json`);
  if (state !== "refused" || page === undefined) {
    witness.fail({ invariant: "not completed", message: `The upload that nobody can read is ${state}.` });
  }
  if (poisoned > poisonTries(scenario)) {
    witness.fail({
      invariant: "not completed",
      message: `An upload that nobody can read was tried ${poisoned} times.`,
    });
  }
}

function judgeProgress({ scenario, witness, table, completed, bucket, time, phoneSystem, deleted }: World) {
  scenario.campaigns.forEach(({ name }, index) => {
    const item = table.peek({ pk: "campaigns", sk: name });
    const state = String(item?.["state"]);
    if (!completed && !(state === "refused" || (item === undefined && deleted.has(index)))) {
      if (state !== "complete") {
        witness.fail({
          invariant: "not completed",
          message: `${name} is ${state} ${time.now() - scenario.start} ms after the start.`,
        });
      } else if (item?.["cleaned"] !== true) {
        witness.fail({ invariant: "not tidied", message: `${name} is complete, but has not been cleaned up.` });
      }
    }
    const run = String(item?.["run"]);
    if (state === "complete" && item?.["cleaned"] === true) {
      const left = bucket.keys(`work/${name}/${run}/`);
      if (left.length > 0) {
        witness.fail({ invariant: "not tidied", message: `${left.length} objects of ${name}'s plan are left over.` });
      }
      const summary = bucket.peek(`reports/${name}/summary.json`);
      if (summary === undefined || JSON.parse(summary).state !== "complete") {
        witness.fail({ invariant: "not tidied", message: `The summary of ${name} does not say it is complete.` });
      }
    }
    const sent = phoneSystem.calls.some(({ cnumber }) => rowOf(cnumber).campaign === index);
    if (sent && (item === undefined || state === "refused")) {
      witness.fail({
        invariant: "report incomplete",
        message: `Rows of ${name} were sent, but the campaign is ${state}.`,
      });
    }
  });
}

const committed = ({ table, scenario }: World): CommittedCampaign[] =>
  scenario.campaigns.flatMap(({ name }) => {
    const item = table.peek({ pk: "campaigns", sk: name });
    if (item === undefined) return [];
    const campaign = Campaign.parse({ ...item, tally: {} });
    return campaign.state === "complete" ? [campaign] : [];
  });

/** Lists are sent with the options that were stored with them, before them or within the time that they wait for them. */
function judgeOptions(world: World) {
  for (const { name, csvVersion, jsonVersion } of committed(world)) {
    const options = world.uploads.get(csvVersion)?.options;
    if (options === undefined || options === jsonVersion) continue;
    world.witness.fail({
      invariant: "wrong options",
      message: `${name} was sent with the options ${jsonVersion ?? "of nobody"}, and not with ${options}, which came with it.`,
    });
  }
}

function judgeReports(world: World) {
  const { scenario, witness, bucket, phoneSystem, uploads } = world;
  for (const campaign of committed(world)) {
    const { name } = campaign;
    const index = scenario.campaigns.findIndex((planned) => planned.name === name);
    const upload = uploads.get(campaign.csvVersion);
    const report = bucket.peek(`reports/${name}/report.csv`);
    if (upload === undefined || report === undefined) {
      witness.fail({ invariant: "report incomplete", message: `${name} is complete but has no report.` });
      continue;
    }
    const rows = upload.text.trimEnd().split("\r\n").slice(1);
    const lines = report
      .replace(/^\uFEFF/u, "")
      .trimEnd()
      .split("\r\n");
    const header = lines.shift()?.split(",") ?? [];
    const place = header.indexOf("send_status");
    if (lines.length !== rows.length) {
      witness.fail({
        invariant: "report incomplete",
        message: `${name} has ${rows.length} rows, but its report has ${lines.length}.`,
      });
    }
    const counts = new Map<string, number>();
    lines.forEach((line, at) => {
      const row = at + 1;
      if (rows[at] === undefined || !line.startsWith(`${rows[at]},`)) {
        witness.fail({
          invariant: "report incomplete",
          message: `Line ${row} of ${name}'s report does not match row ${row}: ${line}`,
        });
        return;
      }
      const status = line.split(",")[place] ?? "";
      counts.set(status, (counts.get(status) ?? 0) + 1);
      // The second copy of a repeated row is skipped; an accepted message belongs to the first.
      if (isEmpty(row) || isRepeated(row)) {
        const expected = isEmpty(row) ? "invalid" : "skipped";
        if (status !== expected) {
          witness.fail({
            invariant: "report incomplete",
            message: `Row ${row} of ${name} is ${status}, expected ${expected}.`,
          });
        }
        return;
      }
      const cnumber = recipientOf(index, row);
      const accepted = phoneSystem.accepted.get(cnumber) ?? 0;
      if (status === "submitted" && accepted !== 1) {
        witness.fail({
          invariant: "submitted but not accepted",
          message: `Row ${row} of ${name} is reported as submitted, but was accepted ${accepted} times.`,
          cnumber,
        });
      }
      if (["failed", "invalid", "skipped", "cancelled"].includes(status) && accepted > 0) {
        witness.fail({
          invariant: "accepted but not reported",
          message: `Row ${row} of ${name} is reported as ${status}, but was accepted.`,
          cnumber,
        });
      }
      if (!["submitted", "failed", "unknown", "invalid", "skipped", "cancelled"].includes(status)) {
        witness.fail({
          invariant: "report incomplete",
          message: `Row ${row} of ${name} has the status "${status}".`,
          cnumber,
        });
      }
    });
    judgeSideFiles(
      world,
      name,
      rows,
      lines.map((line) => line.split(",")[place] ?? ""),
    );
    const totals = campaign.totals ?? {};
    for (const [status, count] of Object.entries(totals)) {
      if ((counts.get(status) ?? 0) !== count) {
        witness.fail({
          invariant: "report incomplete",
          message: `${name} has ${count} ${status} rows according to its item, but ${counts.get(status) ?? 0} in its report.`,
        });
      }
    }
    if (campaign.end?.why === "done" && (counts.get("cancelled") ?? 0) > 0) {
      witness.fail({ invariant: "report incomplete", message: `${name} ran to its end, but has cancelled rows.` });
    }
  }
}

/** Checks `not-sent.csv` and `unknown.csv`: the original cells of the rows that can be sent again, and of those in doubt. */
function judgeSideFiles(
  { bucket, witness }: World,
  name: string,
  rows: readonly string[],
  statuses: readonly string[],
) {
  const files = [
    { file: "not-sent.csv", of: ["failed", "invalid", "cancelled"] },
    { file: "unknown.csv", of: ["unknown"] },
  ];
  for (const { file, of } of files) {
    const expected = rows.filter((_, index) => of.includes(statuses[index] ?? ""));
    const found = (bucket.peek(`reports/${name}/${file}`) ?? "").split("\r\n").slice(1, -1);
    if (found.join("\n") !== expected.join("\n")) {
      witness.fail({
        invariant: "report incomplete",
        message: `${file} of ${name} does not have the rows that its report says it should.`,
      });
    }
  }
}

/** The most calls allowed in any one second at `rate`. */
const mostInASecond = (rate: number) => Math.floor(rate > 100 ? rate * 1.01 + 1 : rate + 1);

/** How long after a change calls that were already claimed may still be made at the old rate, ms. */
const settlingMs = 3_000;

/** The same where rows share a claim that lasts for seconds: at rates below `slowBatch.rows` a second. */
const slowSettlingMs = 1000 * slowBatch.seconds + 500;

function judgeRate({ phoneSystem, witness, deployments, rates }: World) {
  const calls = phoneSystem.calls.map((call) => ({ call, at: call.clockAt })).sort((a, b) => a.at - b.at);
  const ceilings = deployments.map(({ at, deployment }) => ({ at, rate: deployment.ceiling }));
  const wishes = [
    { at: 0, rate: undefined as number | undefined },
    ...witness.account.map(({ at, rate }) => ({ at, rate })),
  ];
  const highest = (from: number, until: number) => {
    // An execution that began before a deployment keeps the old ceiling.
    const running = from - rates.senderTimeoutSeconds * 1000 - 60_000;
    const ceiling = Math.max(...inForce(ceilings, running, until).map(({ rate }) => rate));
    const ratesSince = (at: number) => inForce(wishes, at, until).map(({ rate }) => Math.min(rate ?? ceiling, ceiling));
    const slow = ratesSince(from - slowSettlingMs).filter((rate) => rate < slowBatch.rows);
    return Math.max(...ratesSince(from - settlingMs), ...slow);
  };
  let first = 0;
  calls.forEach(({ call, at }, index) => {
    while ((calls[first]?.at ?? at) <= at - 1000) first++;
    const count = index - first + 1;
    if (count <= 1) return;
    const rate = highest(Math.min(call.at, at - 1000), Math.max(call.at, at));
    if (count > mostInASecond(rate)) {
      witness.fail({
        invariant: "too fast",
        message: `${count} calls in one second, at a rate of ${rate} a second.`,
        cnumber: call.cnumber,
      });
    }
  });
}

/** In no calendar day more calls than the stack allows, by the world's clock. */
function judgeDays({ scenario: { dayLimit }, phoneSystem, witness }: World) {
  if (dayLimit === undefined) return;
  const days = new Intl.DateTimeFormat("en", { timeZone: dayLimit.timezone, dateStyle: "short" });
  const counts = new Map<string, number>();
  for (const { at, cnumber } of phoneSystem.calls) {
    const day = days.format(at);
    const count = (counts.get(day) ?? 0) + 1;
    counts.set(day, count);
    if (count === dayLimit.calls + 1) {
      const message = `More than ${dayLimit.calls} calls were made on ${day}.`;
      witness.fail({ invariant: "over the day's limit", message, cnumber });
    }
  }
}

/** The turns that were in force at any time in the given span. */
const inForce = <Turn extends { at: number }>(turns: readonly Turn[], from: number, until: number): Turn[] => {
  const begun = turns.findLastIndex(({ at }) => at <= from);
  return turns.filter((turn, index) => index >= begun && turn.at <= until);
};

function judgeTimes(world: World) {
  const { scenario, witness, phoneSystem } = world;
  const items = new Map(committed(world).map((campaign) => [campaign.name, campaign]));
  for (const { cnumber, clockAt } of phoneSystem.calls) {
    const planned = scenario.campaigns[rowOf(cnumber).campaign];
    const options = items.get(planned?.name ?? "")?.options;
    if (options === undefined) continue;
    const early = options.sendAfter !== undefined && clockAt < Date.parse(options.sendAfter);
    const late = options.sendBefore !== undefined && clockAt >= Date.parse(options.sendBefore);
    const { zones = [] } = planned ?? {};
    const timezone = zones.length === 0 ? options.window?.timezone : zoneOf(zones, rowOf(cnumber).row);
    const closed =
      options.window !== undefined && timezone !== undefined && !isOpen([{ ...options.window, timezone }], clockAt);
    if (early || late || closed) {
      witness.fail({
        invariant: "outside its time",
        message: `${planned?.name} was sent at ${new Date(clockAt).toISOString()}.`,
        cnumber,
      });
    }
  }
}

/** The most rows that an outage may leave in doubt, not counting probes; and those of them that may be in the air at one time. */
const inDoubtAtMost = 12;
const inTheAirAtMost = 9;

/**
 * The longest that senders took an answer to take until an outage, ms: a machine that is busy finds answers late. What one finds that
 * stood still for longer excuses nothing: of how long answers take, a single one says little.
 */
function slowestSeen({ scenario, phoneSystem }: World, { from }: Outage): number {
  const { usualMs } = scenario.answers;
  if (scenario.chaos.hiccup === undefined) return usualMs;
  return phoneSystem.calls.reduce((longest, { at, knownAt = at, verdict }) => {
    const told = verdict !== undefined && verdict.kind !== "unknown" && knownAt <= from;
    return told ? Math.max(longest, Math.min(knownAt - at, usualMs + longestHiccupMs)) : longest;
  }, usualMs);
}

function judgeUnknown(world: World) {
  const { phoneSystem, witness, outages, scenario, rates } = world;
  for (const outage of outages) {
    if (!Number.isFinite(outage.from)) continue;
    const doubtful = phoneSystem.calls.filter(
      (call) => call.outage === outage && (call.verdict === undefined || call.verdict.kind === "unknown"),
    );
    // A probe every minute at first, later every ten minutes, and one more each time somebody resumes the account.
    const resumes = witness.account.filter(
      ({ at, paused }, index) =>
        at >= outage.from && at <= outage.until && !paused && witness.account[index - 1]?.paused,
    ).length;
    const probes = 4 + (outage.until - outage.from) / 600_000 + resumes;
    const slowest = scenario.answers.slow > 0 ? rates.answerTimeoutMs : slowestSeen(world, outage);
    const usual = rates.consumers * Math.ceil((2 * scenario.ceiling * slowest) / 1000);
    // An execution that dies in the outage has told nobody of it, and what comes after it begins anew.
    const died = new Set(doubtful.filter(({ verdict }) => verdict === undefined).map(({ by }) => by)).size;
    const unheard = died * Math.floor(Math.max(inTheAirAtMost, usual) / rates.consumers);
    const most = Math.max(inDoubtAtMost, usual) + probes + unheard;
    if (doubtful.length > most) {
      witness.fail({
        invariant: "too many unknown",
        message: `${doubtful.length} calls were lost in an outage (${outage.kind}); at most ${Math.floor(most)} should have been.`,
      });
    }
  }
}

/** Time allowed from an upload to the first call, and from the last call to the report, ms: invocations, reads, a probe and its answer. */
const turnaroundMs = 5_000;

/** When a message comes again whose row missed its slot while another sender sends, ms: as on AWS. */
const usuallyAgainMs = 10_000;

/**
 * How long rows waited for their message to come again, ms. Until a sender has seen how slow answers are, it makes few calls at
 * once; what misses its slot then waits while another sends.
 */
function waitForAgain({ scenario, witness }: World): number {
  const againMs = scenario.afterOthersMs ?? usuallyAgainMs;
  const latest = new Map<string, number>();
  for (const { campaign, batch, at } of witness.claims) {
    const key = `${campaign}#${batch}`;
    if (at - (latest.get(key) ?? at) >= againMs) return againMs;
    latest.set(key, at);
  }
  return 0;
}

function judgePace(world: World) {
  const { scenario, witness, phoneSystem, table } = world;
  if (!scenario.calm || scenario.campaigns.some(({ zones }) => zones !== undefined)) return;
  const uploaded = Math.max(...scenario.campaigns.map(({ uploadedAfterMs }) => uploadedAfterMs));
  const begun = scenario.start + uploaded + scenario.graceSeconds * 1000;
  const sending = phoneSystem.calls.length / (0.99 * scenario.ceiling);
  const due = begun + turnaroundMs + sending * 1000 + waitForAgain(world);
  const last = phoneSystem.calls.at(-1)?.at ?? begun;
  if (last > due) {
    witness.fail({
      invariant: "too slow",
      message: `${phoneSystem.calls.length} calls at ${scenario.ceiling} a second finished ${Math.round(last - due)} ms late.`,
    });
  }
  for (const { name } of scenario.campaigns) {
    const reported = Number(table.peek({ pk: "campaigns", sk: name })?.["reportedAt"]);
    if (reported > due + turnaroundMs) {
      witness.fail({
        invariant: "too slow",
        message: `${name} was completed ${Math.round(reported - due)} ms after its last call was due.`,
      });
    }
  }
}

/** Where nothing goes wrong, nobody waits for his hours in vain, and what waits for them costs nothing meanwhile. */
function judgeHours({ scenario, witness }: World) {
  if (!scenario.calm) return;
  for (const { name, zones } of scenario.campaigns) {
    if (zones === undefined) continue;
    for (const { at, stalls } of witness.turns(name)) {
      if (stalls === 0) continue;
      const when = new Date(at).toISOString();
      const message = `A pass of ${name} was taken for stalled at ${when}, though all that was not sent waited.`;
      witness.fail({ invariant: "renewed without need", message });
    }
    const claims = witness.claims.filter(({ campaign }) => campaign === name);
    const batches = new Set(claims.map(({ batch }) => batch)).size;
    const passes = witness.turns(name).length;
    // After a rest few answers are known. At a fast rate more calls come at once than may then wait: those batches are claimed again.
    const atOnce = (scenario.laneRate ?? 0) > usualLaneRate ? batches * passes : 0;
    // One more for each pass: after a rest the first row is sent alone, and the end of hours may cut a batch in two.
    const most = batches * zones.length + 2 * passes + atOnce;
    if (claims.length > most) {
      const message = `${batches} batches of ${name} over ${zones.length} zones were claimed ${claims.length} times.`;
      witness.fail({ invariant: "claimed too often", message });
    }
  }
}

function judgeQueue({ scenario, witness }: World) {
  if (!scenario.calm || scenario.campaigns.some(({ zones }) => zones !== undefined)) return;
  for (const [batch, times] of witness.enqueued) {
    if (times > 3) {
      witness.fail({
        invariant: "fed too often",
        message: `${batch} was queued ${times} times although nothing had gone wrong.`,
      });
    }
  }
}
