import type { CommittedCampaign } from "../campaign/campaign.ts";
import { openPracticePhoneSystem } from "../enswitch/practice-phone-system.ts";
import { itemVersion } from "../ledger/read-item.ts";
import { type BatchMessage, planVersion } from "../plan/plan.ts";
import type { Item, Key, Table } from "../ports/table.ts";
import { createSender, type SenderDeps } from "./sender.ts";

/** Rows of a practice batch, batches, and calls a second: as fast as one execution sends. */
const practice = { rows: 25, batches: 8, rate: 200 } as const;

/** How long practising may hold up an environment's start, milliseconds; Lambda gives it ten seconds. */
const longestMs = 3_000;

/** So far ahead is the deadline that no practice call is too late for it, milliseconds. */
const hourMs = 3_600_000;

/** No campaign's name begins with a slash, and nothing is ever stored under this one. */
const nowhere: Key = { pk: "/practice", sk: "/" };

/**
 * Sends a made-up list to a made-up phone system inside this process, so that the code of a call has been compiled before the
 * first real one. A function's start has a whole processor
 * (https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting), if
 * it is "on-demand", and its calls only a share, in which code that is not compiled yet takes three times as long: they would miss their slots.
 * Of what is real it uses nothing but the ledger's client, for reads and for changes that can never apply. Never throws.
 */
export async function practise(deps: SenderDeps, initializationType: string | undefined): Promise<void> {
  if (initializationType !== "on-demand") return;
  const { clock } = deps;
  const ends = clock.now() + longestMs;
  const table = createPracticeTable(deps.table, () => clock.now() < ends);
  try {
    using phoneSystem = await openPracticePhoneSystem();
    const credentials = { username: "practice", password: "practice" };
    const { begin } = createSender({
      ...deps,
      table,
      secret: { current: async () => credentials, refresh: async () => credentials },
      nudge: async () => {},
      endpoint: phoneSystem.endpoint,
      ceiling: practice.rate,
      dayLimit: undefined,
      metrics: { add: () => {} },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    await using execution = begin();
    const deadline = ends + hourMs;
    const sending = Array.from({ length: practice.batches }, (_, index) =>
      execution.handle({ body: JSON.stringify(practiceBatch(index + 1)), receiveCount: 1 }, deadline),
    );
    await Promise.race([Promise.allSettled(sending), clock.sleepUntil(ends)]);
  } catch {
    // It was for practice only: whatever is wrong will be met and reported by the first call.
  }
}

/** A ledger of its own, for which each request is also made to the real one, in vain, as long as it is `open`. */
function createPracticeTable(real: Table, open: () => boolean): Table {
  const items = new Map<string, Item>([
    [idOf({ pk: "campaigns", sk: campaign.name }), { v: itemVersion, ...campaign }],
  ]);
  const check = () => {
    if (!open()) throw new Error("The time for practice is over.");
  };
  return {
    get: async (key, read) => {
      check();
      await real.get(nowhere, read);
      return items.get(idOf(key));
    },
    update: async (key, { set }) => {
      check();
      await real.update(nowhere, { when: { v: "never" }, set });
      const item: Item = { ...items.get(idOf(key)), ...set };
      items.set(idOf(key), item);
      return item;
    },
    query: async function* () {},
  };
}

const idOf = ({ pk, sk }: Key) => `${pk} ${sk}`;

const practiceBatch = (batch: number): BatchMessage => ({
  v: planVersion,
  batch,
  prev: unread,
  campaign: campaign.name,
  run: campaign.run,
  pass: campaign.pass,
  skipped: [],
  rows: Array.from({ length: practice.rows }, (_, index) => ({
    row: index + 1,
    cnumber: "0",
    message:
      "A text of about a hundred characters, which is written for practice and which nobody will ever see or get.",
    snumber: "0",
    stype: "",
  })),
});

/** What nobody looks at while sending. */
const unread = 0;

const campaign: Omit<CommittedCampaign, "tally"> = {
  name: "/practice",
  judged: [],
  judgedAt: unread,
  uploadedBy: "",
  createdAt: unread,
  state: "running",
  run: "",
  csvKey: "",
  csvVersion: "",
  digest: "",
  options: {},
  defaults: {},
  dialect: { encoding: "", guessed: false, delimiter: "" },
  batchRows: practice.rows,
  parts: unread,
  rows: unread,
  sendable: unread,
  invalid: unread,
  skipped: unread,
  segments: unread,
  lastBatch: unread,
  retainUntil: Number.MAX_SAFE_INTEGER,
  pass: 1,
  passStartedAt: unread,
  stalls: unread,
  pointer: unread,
  pointerRows: unread,
  mark: unread,
  markRows: unread,
  history: [],
  ignored: [],
};
