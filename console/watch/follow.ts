import { rateOf } from "../../shared/account/account.ts";
import { reportFileNames, reportKey } from "../../shared/ports/bucket-layout.ts";
import { sendingConditionsOf } from "../../shared/reconcile/sending-conditions.ts";
import { liveSummary } from "../../shared/report/live-summary.ts";
import { createPace } from "../../shared/report/pace.ts";
import type { Summary } from "../../shared/report/summary.ts";
import { createWaits } from "../../shared/report/waits.ts";
import { withWrittenFigures } from "../../shared/report/would-be-sent.ts";
import { CloudError } from "../cloud/cloud.ts";
import type { App } from "../page/app.ts";
import { pause } from "../page/waiting.ts";
import { whenSeen } from "../page/when-seen.ts";
import { readSummary } from "../reports/read-summary.ts";

/** A look at a campaign. */
export type CampaignLook =
  /** Nothing of it is to be seen yet; it may have just been handed over. */
  | { readonly kind: "not-yet"; readonly offline: boolean }
  | {
      readonly kind: "seen";
      readonly summary: Summary;
      /** What it waits for at present although nothing keeps it from being sent. */
      readonly wait?: string;
      /** Messages a second at present; missing while too little has been seen. */
      readonly pace?: number;
      /** It is paused together with everything else. */
      readonly whole: boolean;
      readonly offline: boolean;
    }
  | { readonly kind: "trouble"; readonly error: unknown };

/** How often to look, in milliseconds: at the ledger, at what is written once a minute, and while there is no connection. */
const everyMs = { ledger: 1_000, written: 3_000, offline: 2_000 } as const;

/** How often all campaigns, which share the rate, are listed, and the written summary is read beside the ledger, in milliseconds. */
const slowlyMs = 15_000;

/** Looks at a campaign until it is over or `signal` aborts; goes on by itself after the connection was lost. */
export async function follow(
  app: Pick<App, "cloud" | "can" | "settings">,
  name: string,
  { signal, show }: { readonly signal: AbortSignal; readonly show: (look: CampaignLook) => void },
): Promise<void> {
  let look: (() => Promise<CampaignSeen | undefined>) | undefined;
  const pace = createPace();
  let last: CampaignLook = { kind: "not-yet", offline: false };
  while (!signal.aborted) {
    let waitMs: number = app.can.operate ? everyMs.ledger : everyMs.written;
    try {
      // Its code is loaded here, and again if there was no connection.
      look ??= app.can.operate ? await createLedgerLooks(app, name) : createWrittenLooks(app, name);
      const seen = await look();
      if (signal.aborted) return;
      last = seen === undefined ? { kind: "not-yet", offline: false } : { ...withPace(seen, pace), offline: false };
      show(last);
      if (last.kind === "seen" && isOver(last.summary)) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof CloudError) || error.trouble !== "offline") return show({ kind: "trouble", error });
      waitMs = everyMs.offline;
      show({ ...last, offline: true });
    }
    await pause(waitMs, signal);
    await whenSeen(signal);
  }
}

const isOver = ({ state }: Summary) => state === "complete" || state === "refused" || state === "checked";

interface CampaignSeen {
  readonly summary: Summary;
  readonly wait?: string | undefined;
  readonly whole?: boolean;
}

function withPace({ summary, wait, whole = false }: CampaignSeen, pace: ReturnType<typeof createPace>) {
  const { submitted, failed, unknown } = summary.counts;
  const rate = pace.rate(submitted + failed + unknown, Date.now());
  return { kind: "seen" as const, summary, wait, whole, pace: summary.state === "running" ? rate : undefined };
}

/** Looks at what the reporter writes. */
const createWrittenLooks =
  ({ cloud }: Pick<App, "cloud">, name: string) =>
  async (): Promise<CampaignSeen | undefined> => {
    const text = await cloud.objects.text(reportKey(name, reportFileNames.summary));
    const summary = text === undefined ? undefined : readSummary(text);
    return summary && { summary };
  };

/** Looks at the ledger, which is ahead of what the reporter writes; the reasons of rows are only in that. */
async function createLedgerLooks({ cloud, settings }: Pick<App, "cloud" | "settings">, name: string) {
  const ledger = await cloud.ledger();
  const written = slowly(createWrittenLooks({ cloud }, name));
  const others = slowly(() => Array.fromAsync(ledger.campaigns.all(() => {})));
  const waits = createWaits(ledger.batches);
  return async (): Promise<CampaignSeen | undefined> => {
    const campaign = await ledger.campaigns.read(name, { consistent: true });
    if (campaign === undefined) return written.now();
    if (campaign.state === "refused" || campaign.state === "complete") return written.now();
    const account = await ledger.account.read();
    const now = Date.now();
    const most = {
      rate: rateOf(account, settings.sending.sendsPerSecond),
      maxPerDay: settings.sending.maxMessagesPerDay,
    };
    const conditions = sendingConditionsOf(campaign, account, most, await others.lately(), now);
    const live = liveSummary(campaign, conditions, now);
    const wait = live.state === "running" ? await waits(campaign, account, now) : undefined;
    const whole = campaign.state === "running" && account.pause !== undefined;
    return { summary: withWritten(live, (await written.lately())?.summary), wait, whole };
  };
}

/** What the ledger says, with what only the written summary has: reasons, messages, and who opted out. */
function withWritten(ledger: Summary, written: Summary | undefined): Summary {
  const live = withWrittenFigures(ledger, written);
  if (written === undefined || written.state === "complete" || written.state === "refused") return live;
  const { problems, warnings, messages, recipients, unicode, footer, optedOut, segments } = written;
  const distribution =
    Object.keys(live.segments.distribution).length === 0 ? segments.distribution : live.segments.distribution;
  const kept = { problems, warnings, messages, recipients, unicode, footer, optedOut };
  return { ...live, ...kept, segments: { ...live.segments, distribution } };
}

/** Something that is read at every look, or only now and then. */
function slowly<Result>(read: () => Promise<Result>) {
  let known: { readonly result: Result; readonly at: number } | undefined;
  const now = async () => {
    const result = await read();
    known = { result, at: Date.now() };
    return result;
  };
  return { now, lately: async () => (known !== undefined && Date.now() - known.at < slowlyMs ? known.result : now()) };
}
