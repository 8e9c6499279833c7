import { createHash } from "node:crypto";
import { type Account, giveBack, takeSlots } from "../../shared/account/account.ts";
import { createPacer } from "../../shared/account/pacer.ts";
import { intervalMs, latestMs } from "../../shared/account/slots.ts";
import { CampaignEvent } from "../../shared/campaign/campaign-event.ts";
import { eventPrefix } from "../../shared/campaign/events.ts";
import type { Verdict } from "../../shared/enswitch/verdict.ts";
import type { Change, Item, Key, Table } from "../../shared/ports/table.ts";
import type { Mistake, Place } from "./mistake.ts";
import { isTame } from "./opt-out-watch.ts";
import type { OutageKind } from "./phone-system.ts";
import type { Scenario } from "./scenario.ts";

const isBatch = ({ sk }: Key) => sk.startsWith("batch#");
const isClaim = (key: Key, change: Change) => isBatch(key) && change.set?.["state"] === "claimed";
const isNote = (key: Key, change: Change) =>
  isBatch(key) && change.set?.["firing"] !== undefined && !isClaim(key, change);
const isRecord = (key: Key, change: Change) =>
  isBatch(key) && change.when["token"] !== undefined && change.set?.["recordedBy"] === change.when["token"];
const doubtful: readonly OutageKind[] = ["hanging", "mute", "unavailable", "resetting", "odd"];
const idOf = ({ pk, sk }: Key) => `${pk} ${sk}`;

/** The same table for everybody but one role. */
const only =
  (role: Place["role"], change: (table: Table, place: Place) => Partial<Table>) =>
  (table: Table, place: Place): Table =>
    place.role === role ? { ...table, ...change(table, place) } : table;

/** Calls first and claims when it records: two handlings of a batch both call. */
const claimAfterTheCall: Mistake = {
  name: "claim after the call",
  breaks: ["fired without a claim", "accepted twice"],
  table: only("sender", (table) => {
    const claims = new Map<string, { key: Key; change: Change }>();
    return {
      update: async (key, change) => {
        if (isClaim(key, change)) {
          claims.set(String(change.set?.["token"]), { key, change });
          return { ...change.set };
        }
        const claim = isBatch(key) ? claims.get(String(change.when["token"])) : undefined;
        if (claim !== undefined && (await table.update(claim.key, claim.change)) === undefined) return undefined;
        return table.update(key, change);
      },
    };
  }),
};

/** Writes a claim as a whole item, and with it nothing of what was recorded before. */
const claimByPut: Mistake = {
  name: "claim by put",
  breaks: ["accepted twice", "submitted but not accepted", "accepted but not reported", "report incomplete"],
  shows: ({ calm }) => !calm,
  table: only("sender", (table) => ({
    update: (key, change) =>
      table.update(
        key,
        isClaim(key, change) ? { ...change, remove: ["outcomes", "recordedAt", "recordedBy"] } : change,
      ),
  })),
};

/** All handlings of one invocation have the same token, so that a claim of one is taken for the other's own. */
const tokenOfTheRequest: Mistake = {
  name: "claim token that is the request id",
  breaks: ["accepted twice", "fired without a claim"],
  shows: ({ queue }) => queue.duplicated > 0,
  table: only("sender", (table) => {
    const requests = new Map<string, string>();
    return {
      update: async (key, change) => {
        if (isClaim(key, change)) {
          // The lease ends with the invocation, and tells one from the other.
          const token = `request ${String(change.set?.["leaseUntil"])}`;
          requests.set(String(change.set?.["token"]), token);
          const claimed = await table.update(key, { ...change, set: { ...change.set, token } });
          if (claimed !== undefined) return claimed;
          const item = await table.get(key, { consistent: true });
          return item?.["token"] === token ? item : undefined;
        }
        const request = isBatch(key) ? requests.get(String(change.when["token"])) : undefined;
        if (request === undefined) return table.update(key, change);
        const recordedBy = isRecord(key, change) ? request : change.set?.["recordedBy"];
        return table.update(key, {
          ...change,
          when: { ...change.when, token: request },
          set: { ...change.set, recordedBy },
        });
      },
    };
  }),
};

/** After its claim it believes what it read of the campaign before. */
const readBeforeTheClaimOnly: Mistake = {
  name: "campaign read before the claim only",
  breaks: ["called after cancel or pause"],
  shows: ({ deeds }) => deeds.some(({ deed }) => deed.kind === "cancel" || deed.kind === "pause"),
  table: only("sender", (table) => {
    const known = new Map<string, Item | undefined>();
    let claimed = 0;
    return {
      get: async (key, read) => {
        if (key.pk === "campaigns" && claimed > 0 && known.has(idOf(key))) {
          claimed--;
          return known.get(idOf(key));
        }
        const item = await table.get(key, read);
        if (key.pk === "campaigns") known.set(idOf(key), item);
        return item;
      },
      update: async (key, change) => {
        const item = await table.update(key, change);
        if (isClaim(key, change) && item !== undefined) claimed++;
        return item;
      },
    };
  }),
};

/** Takes some calls in doubt for calls that were not sent. */
const believing = (
  name: string,
  wrong: (verdict: Verdict) => boolean,
  shows: (scenario: Scenario) => boolean,
): Mistake => ({
  name,
  shows,
  breaks: ["accepted twice", "accepted but not reported"],
  enswitch: (enswitch) => ({
    ...enswitch,
    fire: async (call, gate) => {
      const verdict = await enswitch.fire(call, gate);
      return wrong(verdict) ? { kind: "not-sent", cause: "tried again" } : verdict;
    },
  }),
});

/** Returns, and so acknowledges, while the outcomes are still on their way into the ledger. */
const acknowledgingFirst: Mistake = {
  name: "acknowledging before recording",
  breaks: ["unknown without need"],
  table: only("sender", (table, { machine }) => {
    const claims = new Map<string, Item>();
    return {
      update: async (key, change) => {
        if (isClaim(key, change)) {
          const item = await table.update(key, change);
          if (item !== undefined) claims.set(String(change.set?.["token"]), item);
          return item;
        }
        const claim = isRecord(key, change) ? claims.get(String(change.when["token"])) : undefined;
        if (claim === undefined) return table.update(key, change);
        machine.clock
          .sleepUntil(machine.now() + 300)
          .then(() => table.update(key, change))
          .catch(() => {});
        const { token: _token, leaseUntil: _lease, firing: _firing, ...item } = { ...claim, ...change.set };
        return item;
      },
    };
  }),
};

const notesMuch = ({ noteEveryMs = 1_000, ceiling, answers }: Scenario) =>
  noteEveryMs <= 100 && ceiling >= 5 && answers.usualMs >= 150;

/** Notes what it knows of a batch whatever has become of its claim, and late. */
const unconditionalNote: Mistake = {
  name: "note without its claim",
  breaks: [
    "accepted twice",
    "accepted but not reported",
    "submitted but not accepted",
    "report incomplete",
    "not completed",
  ],
  shows: notesMuch,
  table: only("sender", (table, { machine }) => ({
    update: async (key, change) => {
      if (!isNote(key, change)) return table.update(key, change);
      await machine.clock.sleepUntil(machine.now() + 1_500);
      return table.update(key, { ...change, when: {} });
    },
  })),
};

/** Notes rows as no longer in doubt that are still waiting for their answers. */
const hastyNote: Mistake = {
  name: "note of rows that are still in the air",
  breaks: ["accepted twice", "accepted but not reported", "fired without a claim"],
  shows: (scenario) => notesMuch(scenario) && scenario.chaos.die + scenario.chaos.freeze > 0,
  table: only("sender", (table) => ({
    update: (key, change) =>
      table.update(key, isNote(key, change) ? { ...change, set: { ...change.set, firing: [] } } : change),
  })),
};

/** Parks the campaign whatever pass it is in by now. */
const unconditionalPark: Mistake = {
  name: "unconditional park",
  breaks: ["renewed without need", "fed too often", "not completed"],
  shows: ({ deeds }) => deeds.some(({ deed }) => deed.kind === "resume" || deed.kind === "resume-account"),
  table: only("sender", (table) => ({
    update: async (key, change) => {
      if (key.pk !== "campaigns" || change.set?.["parked"] === undefined) return table.update(key, change);
      const { pass: _pass, ...when } = change.when;
      const now = await table.get(key, { consistent: true });
      return table.update(key, { ...change, when, set: { ...change.set, parked: now?.["pass"] } });
    },
  })),
};

/** Reserves as far ahead as its own deadline. */
const endlessReservation: Mistake = {
  name: "reservation without a limit ahead",
  breaks: ["slots lost"],
  takeSlots: (account, request, now) => takeSlots(account, request, Math.max(now, account.nextFreeAt - 200)),
};

/** Fires at full rate as soon as a hold is over. */
const fullFireAfterHold: Mistake = {
  name: "full fire after a hold",
  breaks: ["too many unknown"],
  shows: ({ outages }) => outages.some(({ kind, lastsMs }) => doubtful.includes(kind) && lastsMs > 300_000),
  table: only("sender", (table, { machine }) => {
    const confident = (key: Key, item: Item | undefined): Item | undefined => {
      if (key.pk !== "account" || item === undefined) return item;
      const hold = item["hold"];
      const until = typeof hold === "object" && hold !== null && "until" in hold ? Number(hold["until"]) : 0;
      return { ...item, probeDue: false, probe: undefined, hold: until > machine.now() ? hold : undefined };
    };
    return {
      get: async (key, read) => confident(key, await table.get(key, read)),
      update: async (key, change) => confident(key, await table.update(key, change)),
    };
  }),
};

/** Every machine keeps a rate of its own. */
const throttlePerConsumer: Mistake = {
  name: "throttle per consumer",
  breaks: ["too fast"],
  table: only("sender", (table, { machine }) => {
    const own = (key: Key): Key => (key.pk === "account" ? { ...key, sk: `throttle-${machine.name}` } : key);
    return {
      get: (key, read) => table.get(own(key), read),
      update: (key, change) => table.update(own(key), change),
    };
  }),
};

/** Begins the next pass where the last one stopped, although batches before that are open. */
const forgetfulFeed: Mistake = {
  name: "feed that forgets open batches",
  breaks: ["not completed"],
  table: only("reporter", (table) => ({
    update: async (key, change) => {
      if (key.pk !== "campaigns" || change.set?.["passStartedAt"] === undefined) return table.update(key, change);
      const now = await table.get(key, { consistent: true });
      return table.update(key, { ...change, set: { ...change.set, pointer: now?.["pointer"] } });
    },
  })),
};

/** Ends a campaign when its tallies say so, which a repeated addition makes them say too early. */
const countingTwice: Mistake = {
  name: "counting completions twice",
  breaks: ["not completed", "report incomplete", "accepted but not reported"],
  shows: ({ service }) => service.lost > 0 || service.late > 0,
  table: only("reporter", (table) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      if (key.pk !== "campaigns" || item?.["state"] !== "running") return item;
      const counted = ["submitted", "failed", "unknown", "skipped"].reduce(
        (sum, status) => sum + Number(item[`tally_${status}`] ?? 0),
        0,
      );
      const over = counted >= Number(item["sendable"]);
      return over ? { ...item, mark: item["lastBatch"], markRows: item["sendable"] } : item;
    },
  })),
};

/** Takes a list with other content for another campaign, whatever its name. */
const identityByContent: Mistake = {
  name: "identity by content",
  breaks: ["accepted twice"],
  shows: ({ deeds }) => deeds.some(({ deed }) => deed.kind === "upload" && deed.content === "corrected"),
  table: (table, { role, ledger, bucket }) => {
    const campaign = (name: string) => ledger.peek({ pk: "campaigns", sk: name });
    const digestNow = (name: string) => {
      const text = bucket.peek(`campaigns/${name}.csv`);
      return text === undefined ? undefined : createHash("sha256").update(text).digest("hex");
    };
    const own = (key: Key): Key =>
      isBatch(key) ? { ...key, pk: `${key.pk}@${String(campaign(key.pk)?.["digest"])}` } : key;
    return {
      ...table,
      get: async (key, read) => {
        const item = await table.get(own(key), read);
        if (role !== "splitter" || key.pk !== "campaigns" || item?.["digest"] === undefined) return item;
        return item["digest"] === digestNow(key.sk) ? item : undefined;
      },
      update: async (key, change) => {
        const creates = key.pk === "campaigns" && change.set?.["digest"] !== undefined;
        const other = creates && campaign(key.sk)?.["digest"] !== change.set?.["digest"];
        return table.update(own(key), other ? { ...change, when: {} } : change);
      },
      query: (pk, range) =>
        table.query(pk === "campaigns" || pk.startsWith("/") ? pk : `${pk}@${String(campaign(pk)?.["digest"])}`, range),
    };
  },
};

/** Shows a campaign as live whatever is shown of it by now. */
const unconditionalPages: Mistake = {
  name: "live pages over the last ones",
  breaks: ["not tidied"],
  shows: ({ service }) => service.late > 0,
  store: (bucket) => ({
    ...bucket,
    replace: (key, _tag, body, type) => bucket.put(key, body, type),
  }),
};

const waits = ({ approval }: Scenario) => approval.rule !== "never";

/** Feeds what it has just committed without a look at its state. */
const fedBeforeApproved: Mistake = {
  name: "fed before approved",
  breaks: ["sent without approval"],
  shows: waits,
  table: only("splitter", (table) => ({
    update: async (key, change) => {
      const item = await table.update(key, change);
      if (key.pk !== "campaigns" || item?.["state"] !== "paused") return item;
      const { pause: _, ...rest } = item;
      return { ...rest, state: "running" };
    },
  })),
};

/** Takes every approval under a campaign's name for one of its plan. */
const approvalOfAnother: Mistake = {
  name: "approval of another version",
  breaks: ["sent without approval"],
  shows: ({ deeds }) => deeds.some(({ deed }) => deed.kind === "approve" && deed.of === "another"),
  table: only("reporter", (table, { ledger }) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      if (item === undefined || !key.pk.startsWith("/approvals/")) return item;
      return { ...item, run: ledger.peek({ pk: "campaigns", sk: key.sk })?.["run"] };
    },
  })),
};

/** Does not compare who approves with who uploaded. */
const approverIsUploader: Mistake = {
  name: "approver is uploader",
  breaks: ["sent without approval"],
  shows: ({ deeds }) => deeds.some(({ deed }) => deed.kind === "approve" && deed.by !== "AIDABEN"),
  table: only("reporter", (table) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      return item === undefined || !key.pk.startsWith("/uploader ") ? item : { ...item, by: "AWS:AIDANOBODY" };
    },
  })),
};

/** Counts the day's calls in each execution for itself: those of others are not in it. */
const dayCountedPerConsumer: Mistake = {
  name: "the day's calls counted by each execution",
  breaks: ["over the day's limit"],
  shows: ({ dayLimit }) => dayLimit !== undefined,
  takeSlots: (() => {
    const counted = new Map<string, Account["day"]>();
    return (account, request, now) => {
      const grant = takeSlots({ ...account, day: counted.get(request.holder) }, request, now);
      if (grant.kind === "slots") counted.set(request.holder, grant.account.day);
      return grant;
    };
  })(),
};

/** Gives slots back to the day at which calls were made. */
const givesBackCalls: Mistake = {
  name: "slots given back after their calls",
  breaks: ["over the day's limit"],
  shows: ({ dayLimit }) => dayLimit !== undefined,
  takeSlots: (account, request, now) => takeSlots(giveBack(account, [account.nextFreeAt - 1_000], 1e9), request, now),
};

/** What people have texted back is read and noted, but batches that were fed before go out as they are. */
const optOutsUnseenByBatches: Mistake = {
  name: "opt-outs that queued batches do not believe",
  breaks: ["called after opting out"],
  shows: ({ replies }) => replies !== undefined,
  table: only("sender", (table) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      return key.pk === "account" && item !== undefined ? { ...item, optOuts: undefined } : item;
    },
  })),
};

/** Each reading begins where the last one ended: what is listed late is never read. */
const readingWithoutOverlap: Mistake = {
  name: "reading of replies without an overlap",
  breaks: ["called after opting out"],
  // What nobody has read nobody knows of, but for the watch, which holds only undisturbed reporters to it.
  shows: (scenario) =>
    isTame(scenario) && scenario.replies?.texts.some(({ listedAfterMs }) => listedAfterMs > 60_000) === true,
  table: only("reporter", (table) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      const readAt = item?.["readAt"];
      // What is left to read at once is read without an overlap.
      return key.sk === "opt-outs" && typeof readAt === "number" && item?.["behind"] !== true
        ? { ...item, cursor: readAt, behind: true }
        : item;
    },
  })),
};

/** Whoever writes the list of opt-outs replaces what somebody else has just written. */
const optOutsOverwritten: Mistake = {
  name: "opt-outs of one writer lost to another",
  breaks: ["called after opting out"],
  shows: ({ replies }) => replies?.byHand !== undefined,
  store: (bucket) => ({
    ...bucket,
    replace: (key, tag, body, contentType) =>
      key.startsWith("suppression/") ? bucket.put(key, body, contentType) : bucket.replace(key, tag, body, contentType),
  }),
};

/** The reporter takes what was read a few minutes ago for recent enough to begin with a new campaign. */
const newCampaignsUnread: Mistake = {
  name: "a new campaign fed before replies are read",
  breaks: ["called after opting out"],
  shows: (scenario) =>
    isTame(scenario) &&
    scenario.replies?.texts.some(({ campaign, afterMs, listedAfterMs }) => {
      const beforeMs = (scenario.campaigns[campaign]?.uploadedAfterMs ?? 0) - Math.max(0, afterMs + listedAfterMs);
      return beforeMs > 0 && beforeMs < 4 * 60_000;
    }) === true,
  table: only("reporter", (table, { machine }) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      const triedAt = item?.["triedAt"];
      const lately = typeof triedAt === "number" && machine.now() - triedAt < 200_000;
      return key.sk === "opt-outs" && lately ? { ...item, triedAt: machine.now() } : item;
    },
  })),
};

/** The senders that only rows name are known to nobody who reads replies. */
const sendersForgotten: Mistake = {
  name: "senders of rows forgotten",
  breaks: ["own number opted out"],
  shows: ({ campaigns, replies }) =>
    replies?.texts.some(
      ({ bySender, campaign, row, afterMs, body }) =>
        bySender === true && /^stop/iu.test(body) && row <= (campaigns[campaign]?.rows ?? 0) && afterMs > 5 * 60_000,
    ) === true,
  table: only("splitter", (table) => ({
    update: async (key, change) => (key.sk === "senders" ? {} : table.update(key, change)),
  })),
};

/** Tells of a change before it is made, which may fail. */
const eventBeforeTheChange: Mistake = {
  name: "event written before the change",
  breaks: ["announced without a change", "announced out of order"],
  table: (table, { publish }) => ({
    ...table,
    update: async (key, change) => {
      const events = Object.entries(change.set ?? {}).filter(([name]) => name.startsWith(eventPrefix));
      for (const [, event] of key.pk === "campaigns" ? events : []) {
        const { state, at } = CampaignEvent.parse(event);
        await publish({ type: `campaign.${state}`, at, detail: { name: key.sk, state } });
      }
      return table.update(key, change);
    },
  }),
};

/** Takes an event for announced while it is still on its way. */
const announcedTooEarly: Mistake = {
  name: "event lost after a crash",
  breaks: ["not announced"],
  publish:
    (publish, { machine }) =>
    async (event) => {
      machine.clock
        .sleepUntil(machine.now() + 300)
        .then(() => publish(event))
        .catch(() => {});
    },
};

/** Tells only how a campaign stands when it is looked at. */
const latestEventOnly: Mistake = {
  name: "only the latest event announced",
  breaks: ["not announced", "announced out of order"],
  table: only("reporter", (table) => ({
    get: async (key, read) => {
      const item = await table.get(key, read);
      if (key.pk !== "campaigns" || item === undefined) return item;
      const events = Object.keys(item).filter((name) => name.startsWith(eventPrefix));
      const older = new Set(events.sort().slice(0, -1));
      return Object.fromEntries(Object.entries(item).filter(([name]) => !older.has(name)));
    },
  })),
};

const overZones = ({ campaigns }: Scenario) => campaigns.some(({ zones = [] }) => zones.length > 1);

/** An item of a campaign whose hours are by the recipients' clocks, as a program takes it; others as they are. */
const mistaken = (key: Key, item: Item | undefined, change: (item: Item) => Item): Item | undefined =>
  key.pk === "campaigns" && item?.["zones"] !== undefined ? change(item) : item;

/** The same table, on which a campaign whose hours are by the recipients' clocks looks otherwise to one role. */
const misread = (role: Place["role"], change: (item: Item, place: Place) => Item): Mistake["table"] =>
  only(role, (table, place) => ({
    get: async (key, read) => mistaken(key, await table.get(key, read), (item) => change(item, place)),
    update: async (key, request) => mistaken(key, await table.update(key, request), (item) => change(item, place)),
  }));

/** Sends whatever was fed: whose hours it is was looked at then. */
const windowAtFeedOnly: Mistake = {
  name: "window checked at feed only",
  breaks: ["outside its time"],
  shows: overZones,
  table: misread("sender", (item) => ({ ...item, options: {} })),
};

/** Takes its own clock for the recipients'. */
const zoneOfTheSender: Mistake = {
  name: "zone of the sender",
  breaks: ["outside its time"],
  shows: overZones,
  table: misread("sender", (item) => {
    const groups = Array.isArray(item["zones"]) ? item["zones"] : [];
    return { ...item, zones: groups.map(() => ({ zones: ["Europe/Berlin"], rows: 1 })) };
  }),
};

/** Goes on with the pass that it has, whosever hours begin. */
const sameHours: Mistake = {
  name: "pass not renewed when hours begin",
  breaks: ["not completed"],
  shows: (scenario) => overZones(scenario) && scenario.calm,
  table: misread("reporter", (item, { machine }) => ({ ...item, hoursAt: machine.now() })),
};

/** Takes what waits for its hours for what is in the queue. */
const waitingAsQueued: Mistake = {
  name: "rows that wait counted as queued",
  breaks: ["renewed without need"],
  shows: (scenario) => overZones(scenario) && scenario.calm,
  table: misread("reporter", (item) => ({ ...item, passedOver: undefined })),
};

/** Takes batches of which rows wait for messages that were lost. */
const begunAsQueued: Mistake = {
  name: "begun batches that wait counted as queued",
  breaks: ["renewed without need"],
  shows: (scenario) => overZones(scenario) && scenario.calm,
  table: only("reporter", (table) => ({
    query: async function* (pk, range) {
      for await (const { sk, item } of table.query(pk, range)) {
        const { left: _, ...rest } = item;
        yield { sk, item: sk.startsWith("batch#") ? rest : item };
      }
    },
  })),
};

/** Lists are sent as they come, with the options that are there. */
const impatientSplitter: Mistake = {
  name: "a list that waits for no options",
  breaks: ["wrong options"],
  shows: ({ graceSeconds }) => graceSeconds > 0,
  splitter: { graceSeconds: 0 },
};

/** Takes outcomes for recorded that the ledger had no room for. */
const outcomesGivenUp: Mistake = {
  name: "outcomes given up where there is no room",
  breaks: ["unknown without need"],
  shows: ({ noRoom, serviceOutages }) => noRoom.length > 0 && serviceOutages.length === 0,
  table: only("sender", (table) => {
    const claims = new Map<string, Item>();
    return {
      update: async (key, change) => {
        const token = String(change.when["token"]);
        const item = await table.update(key, change).catch((error: unknown) => {
          if (!isRecord(key, change)) throw error;
          const { token: _token, leaseUntil: _lease, firing: _firing, ...claimed } = { ...claims.get(token) };
          return { ...claimed, ...change.set };
        });
        if (isClaim(key, change) && item !== undefined) claims.set(String(change.set?.["token"]), item);
        return item;
      },
    };
  }),
};

/** Uses slots late where other executions may have some, too. */
const lateAmongOthers: Mistake = {
  name: "late calls among those of others",
  breaks: ["too fast"],
  shows: ({ chaos }) => chaos.hiccup !== undefined,
  createPacer: (clock) => {
    const pacer = createPacer(clock);
    const longAgo = (rate: number) => clock.now() - 10 * intervalMs(rate) - 10_000;
    return {
      ...pacer,
      took: (taken, again) => {
        if (!again) pacer.took({ ...taken, slots: [longAgo(taken.rate)] }, false);
        pacer.took({ ...taken, slots: [...taken.slots, clock.now() + 60_000] }, true);
      },
    };
  },
};

/** Makes up for all that was late, without a look at how many calls a second has already. */
const lateUncounted: Mistake = {
  name: "late calls that nobody counts",
  breaks: ["too fast"],
  shows: ({ chaos }) => chaos.hiccup !== undefined,
  createPacer: (clock) => ({
    took: () => {},
    wait: async (slot) => {
      await clock.sleepUntil(slot);
      if (clock.now() - slot >= latestMs) return undefined;
      return { use: () => clock.now() - slot < latestMs, [Symbol.dispose]: () => {} };
    },
  }),
};

/** Every mistake that the simulation must catch. */
export const mistakes: readonly Mistake[] = [
  claimAfterTheCall,
  claimByPut,
  tokenOfTheRequest,
  readBeforeTheClaimOnly,
  believing(
    "retry on time-out",
    (verdict) => verdict.kind === "unknown" && verdict.cause === "no answer in time",
    ({ answers, outages }) => answers.lost > 0 || outages.some(({ kind }) => kind === "mute"),
  ),
  believing(
    "503 as not sent",
    (verdict) => verdict.kind === "unknown" && verdict.cause === "HTTP 503",
    ({ outages }) => outages.some(({ kind }) => kind === "unavailable"),
  ),
  acknowledgingFirst,
  unconditionalNote,
  hastyNote,
  unconditionalPark,
  endlessReservation,
  fullFireAfterHold,
  throttlePerConsumer,
  dayCountedPerConsumer,
  givesBackCalls,
  forgetfulFeed,
  countingTwice,
  identityByContent,
  unconditionalPages,
  fedBeforeApproved,
  approvalOfAnother,
  approverIsUploader,
  optOutsUnseenByBatches,
  readingWithoutOverlap,
  optOutsOverwritten,
  newCampaignsUnread,
  sendersForgotten,
  eventBeforeTheChange,
  announcedTooEarly,
  latestEventOnly,
  windowAtFeedOnly,
  zoneOfTheSender,
  sameHours,
  waitingAsQueued,
  begunAsQueued,
  impatientSplitter,
  outcomesGivenUp,
  lateAmongOthers,
  lateUncounted,
];
