import { describe, expect, it } from "vitest";
import { type Account, changeRate, takeSlots } from "../../shared/account/account.ts";
import { createAccountStore } from "../../shared/account/account-store.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryTable, faultFor } from "../support/memory-table.ts";

const key = { pk: "account", sk: "throttle" };

const world = () => {
  const clock = createManualClock();
  const table = createMemoryTable();
  const freshToken = createTokens();
  return { clock, table, store: () => createAccountStore({ table, clock, freshToken }) };
};

/** One more in the count of failed probes: a change whose loss or repetition shows. */
const more = (account: Account) => ({
  account: { ...account, failedProbes: account.failedProbes + 1 },
  result: account.failedProbes + 1,
});

describe("the stored account", () => {
  it("is a fresh one before anything was written, and is not written by looking", async () => {
    const { table, store } = world();
    expect(await store().read()).toMatchObject({ epoch: 0, nextFreeAt: 0 });
    expect(await store().change((account) => ({ account, result: "seen" }))).toBe("seen");
    expect(table.item(key)).toBeUndefined();
  });

  it("of another format is refused by name, and not overwritten", async () => {
    const { table, store } = world();
    await store().change(more);
    const newer = { ...table.item(key), v: 2 };
    table.store(key, newer);
    await expect(store().read()).rejects.toThrow(/^The account is in the ledger in format 2, .* format 1;/u);
    await expect(store().change(more)).rejects.toThrow("The account is in the ledger in format 2");
    expect(table.item(key)).toEqual(newer);
  });

  it("is read consistently, and says in which format and version it was written", async () => {
    const { table, store } = world();
    const reads: unknown[] = [];
    const { get } = table;
    table.get = (from, read) => {
      reads.push(read?.consistent);
      return get(from, read);
    };
    for (const version of [1, 2, 3]) {
      await store().change(more);
      expect(table.item(key)).toMatchObject({ v: 1, version });
    }
    await store().read();
    expect(reads).toEqual([true, true, true, true]);
  });

  it("loses no change of many made at once by several stores", async () => {
    const { store } = world();
    const stores = [store(), store(), store()];
    const results = await Promise.all(Array.from({ length: 30 }, (_, index) => stores[index % 3]?.change(more)));
    expect(results.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    expect((await store().read()).failedProbes).toBe(30);
  });

  it("decides on what somebody else wrote since", async () => {
    const { store } = world();
    const [mine, other] = [store(), store()];
    await mine.change(more);
    await other.change(more);
    expect(await mine.change(more)).toBe(3);
  });

  it("is decided on again as perhaps changed already only where more than one other change came in between", async () => {
    const { store } = world();
    const [mine, other] = [store(), store()];
    await mine.change(more);
    const againAfter = async (others: number) => {
      for (let n = 0; n < others; n++) await other.change(more);
      const told: boolean[] = [];
      await mine.change((account, _, again) => {
        told.push(again);
        return more(account);
      });
      return told;
    };
    expect([await againAfter(0), await againAfter(1), await againAfter(2)]).toEqual([
      [false],
      [false, false],
      [false, true],
    ]);
  });

  it("stays one that may be changed already, whatever comes in between later", async () => {
    const { table, store } = world();
    const [mine, other] = [store(), store()];
    await mine.change(more);
    for (let n = 0; n < 2; n++) await other.change(more);
    const { update } = table;
    let updates = 0;
    table.update = async (...change) => {
      // Another change comes in between, and only one, when it is decided for the second time.
      if (++updates === 2) {
        table.update = update;
        await other.change(more);
      }
      return update(...change);
    };
    const told: boolean[] = [];
    await mine.change((account, _, again) => {
      told.push(again);
      return more(account);
    });
    expect(told).toEqual([false, true, true]);
  });

  it("is read anew before a decision that changes nothing is believed", async () => {
    const { store } = world();
    const [mine, other] = [store(), store()];
    await mine.change(more);
    await other.change((account) => ({ account: changeRate(account, 5, nineOClock), result: undefined }));
    expect(await mine.change((account) => ({ account, result: account.rate }))).toBe(5);
  });

  it("needs one write and no read for the second change of the same store", async () => {
    const { table, store } = world();
    const mine = store();
    await mine.change(more);
    table.calls.length = 0;
    await mine.change(more);
    expect(table.calls.map(({ method }) => method)).toEqual(["update"]);
  });

  it("needs no read for a change after it was read", async () => {
    const { table, store } = world();
    const mine = store();
    await mine.read();
    table.calls.length = 0;
    await mine.change(more);
    expect(table.calls.map(({ method }) => method)).toEqual(["update"]);
  });

  it("is read once to learn that a change has become needless because of somebody else's", async () => {
    const { table, store } = world();
    const [mine, other] = [store(), store()];
    await mine.change(more);
    await other.change(more);
    table.calls.length = 0;
    const untilTwo = (account: Account) => (account.failedProbes < 2 ? more(account) : { account, result: 0 });
    expect(await mine.change(untilTwo)).toBe(0);
    expect(table.calls.map(({ method }) => method)).toEqual(["update", "get"]);
  });

  it("recognises its own change when the table's answer was lost and the repetition failed", async () => {
    const { table, store } = world();
    table.fault = faultFor("repeated", ({ method }) => method === "update");
    expect(await store().change(more)).toBe(1);
    expect((await store().read()).failedProbes).toBe(1);
  });

  it("decides anew when the change whose answer was lost has been overwritten: slots are lost, never given twice", async () => {
    const { table, clock, store } = world();
    const [mine, other] = [store(), store()];
    const take = (holder: string) => (account: Account, now: number) => {
      const open = account.nextFreeAt === 0 ? { ...account, nextFreeAt: now } : account;
      const grant = takeSlots(open, { ...request, holder }, now);
      return grant.kind === "slots" ? { account: grant.account, result: grant.slots } : { account, result: [] };
    };
    let first = true;
    table.fault = ({ method }) => {
      if (method !== "update" || !first) return undefined;
      first = false;
      return "repeated";
    };
    // The other store writes between the lost answer and the reading after it.
    const get = table.get;
    let taken: Promise<readonly number[]> | undefined;
    let reads = 0;
    table.get = async (...args) => {
      if (++reads === 2) taken = Promise.resolve(await other.change(take("other")));
      return get(...args);
    };
    const given = await mine.change(take("mine"));
    const theirs = (await taken) ?? [];
    expect(given.length).toBeGreaterThan(0);
    expect(theirs.length).toBeGreaterThan(0);
    expect(new Set([...given, ...theirs]).size).toBe(given.length + theirs.length);
    expect(clock.now()).toBe(nineOClock);
  });

  it("never gives the same slot to two stores that race", async () => {
    const { store } = world();
    const stores = [store(), store()];
    await stores[0]?.change((account) => ({ account: { ...account, nextFreeAt: nineOClock }, result: undefined }));
    const takes = Array.from({ length: 20 }, (_, index) =>
      stores[index % 2]?.change((account, now) => {
        const grant = takeSlots(account, { ...request, holder: String(index % 2) }, now);
        return grant.kind === "slots" ? { account: grant.account, result: grant.slots } : { account, result: [] };
      }),
    );
    const slots = (await Promise.all(takes)).flatMap((taken) => taken ?? []);
    expect(slots.length).toBeGreaterThan(5);
    expect(new Set(slots).size).toBe(slots.length);
  });

  it("removes what is no longer so", async () => {
    const { table, store } = world();
    await store().change((account) => ({
      account: { ...account, probe: { token: "x", leaseUntil: 1 } },
      result: undefined,
    }));
    expect(table.item(key)).toHaveProperty("probe");
    await store().change((account) => ({ account: { ...account, probe: undefined }, result: undefined }));
    expect(table.item(key)).not.toHaveProperty("probe");
    expect(table.calls.at(-1)?.change?.remove).toContain("probe");
  });

  it("throws when the ledger cannot be reached, and reads afresh the next time", async () => {
    const { table, store } = world();
    const mine = store();
    await mine.change(more);
    table.fault = faultFor("answer-lost", ({ method }) => method === "update");
    await expect(mine.change(more)).rejects.toThrow("answer was lost");
    expect(await mine.change(more)).toBe(3);
  });

  it("refuses an item of a form it does not know", async () => {
    const { table, store } = world();
    table.store(key, { version: 1, writer: "x", nextFreeAt: "soon" });
    await expect(store().read()).rejects.toThrow();
  });
});

const request = {
  rows: 5,
  latest: nineOClock + 60_000,
  ceiling: 10,
  probeToken: "p",
  probeLeaseMs: 35_000,
  answerStats: { answered: false, accepted: false, answerMs: 0 },
};
