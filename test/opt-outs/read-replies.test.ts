import { describe, expect, it } from "vitest";
import { createAccountStore } from "../../shared/account/account-store.ts";
import type { TextSpan } from "../../shared/enswitch/list-texts.ts";
import type { ReceivedText, TextsAnswer } from "../../shared/enswitch/read-texts.ts";
import { createLaterOptOuts } from "../../shared/opt-outs/later-opt-outs.ts";
import { noteDecisions } from "../../shared/opt-outs/note-decisions.ts";
import { optOutsInForce, optOutsKey } from "../../shared/opt-outs/opt-out-list.ts";
import { createReadReplies, type ReadRepliesDeps } from "../../shared/opt-outs/read-replies.ts";
import { createRecentDecisions } from "../../shared/opt-outs/recent-opt-outs.ts";
import { createSenders } from "../../shared/opt-outs/senders.ts";
import { createUnclearReplies } from "../../shared/opt-outs/unclear-replies.ts";
import { createManualClock, createTokens, nineOClock } from "../support/manual-clock.ts";
import { createMemoryBucket } from "../support/memory-bucket.ts";
import { createMemoryTable } from "../support/memory-table.ts";
import { createRecordedLog, createRecordedMails, createRecordedMetrics } from "../support/recorders.ts";

const minute = 60_000;

/** A phone system that has received texts, and a reader of them. */
function createWorld(changes: Partial<ReadRepliesDeps> = {}) {
  const clock = createManualClock();
  const table = createMemoryTable();
  const bucket = createMemoryBucket(clock);
  const account = createAccountStore({ table, clock, freshToken: createTokens() });
  const { mails, mail } = createRecordedMails();
  const { log, lines } = createRecordedLog();
  const { metrics, sums } = createRecordedMetrics();
  const received: ReceivedText[] = [];
  const phone = { spans: [] as TextSpan[], most: Number.POSITIVE_INFINITY, failing: undefined as string | undefined };
  const listTexts = async (_: unknown, span: TextSpan): Promise<TextsAnswer> => {
    phone.spans.push(span);
    if (phone.failing !== undefined) return { kind: "failed", cause: phone.failing };
    const { from, until = Number.POSITIVE_INFINITY } = span;
    const texts = received.filter(({ at = 0 }) => at / 1000 >= from && Math.floor(at / 1000) <= until);
    return texts.length > phone.most ? { kind: "too-large" } : { kind: "texts", texts };
  };
  const deps: ReadRepliesDeps = {
    table,
    bucket,
    account,
    secret: { read: async () => ({ username: "u", password: "p" }) },
    listTexts,
    mail,
    clock,
    metrics,
    log,
    country: "GB",
    ownNumbers: ["442079460000"],
    ...changes,
  };
  const reader = createReadReplies(deps);
  return {
    ...{ clock, table, bucket, account, mails, lines, sums, received, phone, deps },
    /** Lets `person` write; `late`: how long ago it was received. */
    write: (person: number, body: string, late = 0, id = `id${received.length}`) =>
      received.push({ id, at: clock.now() - late, number: `44770090000${person}`, body }),
    look: (active = true, own: readonly string[] = []) => reader(active, own).done,
    out: () => optOutsInForce(bucket.text(optOutsKey) ?? "").lines.map(({ number }) => Number(number.slice(-1))),
    sequence: async () => (await account.read()).optOuts?.sequence,
  };
}

describe("reading replies", () => {
  it("notes who opts out, and who takes it back", async () => {
    const world = createWorld();
    world.write(1, "Stop.");
    world.write(2, "thanks");
    world.write(3, "START");
    await world.look();
    expect(world.out()).toEqual([1]);
    expect(await world.sequence()).toBe(1);
    await world.clock.advanceTo(nineOClock + 5 * minute);
    world.write(1, "unstop");
    world.write(4, "STOP");
    await world.look();
    expect(world.out()).toEqual([4]);
    expect(world.sums.get("OptOuts")).toBe(2);
    expect(JSON.stringify(world.lines)).not.toMatch(/4477/u);
  });

  it("keeps words of every alphabet in the list, and reads them again", async () => {
    const world = createWorld();
    world.write(1, "إلغاء الاشتراك");
    world.write(2, "退订");
    world.write(3, "सदस्यता समाप्त करें");
    await world.look();
    expect(world.out()).toEqual([1, 2, 3]);
    await world.clock.advanceTo(nineOClock + 5 * minute);
    world.write(2, "START");
    await world.look();
    expect(world.out()).toEqual([1, 3]);
  });

  it("is done every four minutes while campaigns are under way, and every hour otherwise", async () => {
    const world = createWorld();
    const timesOf = async (active: boolean, minutes: number) => {
      const before = world.phone.spans.length;
      for (let at = 0; at < minutes; at++) {
        await world.clock.advanceTo(world.clock.now() + minute);
        await world.look(active);
      }
      return world.phone.spans.length - before;
    };
    await world.look();
    expect(await timesOf(true, 60)).toBe(15);
    expect(await timesOf(false, 180)).toBe(3);
  });

  it("reads each text once, though spans overlap and texts are listed late", async () => {
    const world = createWorld();
    world.write(1, "STOP");
    await world.look();
    const written = world.bucket.puts.length;
    for (let look = 1; look <= 6; look++) {
      await world.clock.advanceTo(world.clock.now() + 4 * minute);
      await world.look();
    }
    expect(world.bucket.puts.length).toBe(written);
    world.write(2, "STOP", 25 * minute);
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    await world.look();
    expect(world.out()).toEqual([1, 2]);
    expect(world.sums.get("OptOuts")).toBe(2);
  });

  it("does not put somebody back on the list whom a person took off it by hand", async () => {
    const world = createWorld();
    world.write(1, "STOP");
    await world.look();
    world.bucket.store(optOutsKey, "number,date,word,id\n");
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    await world.look();
    expect(world.out()).toEqual([]);
  });

  it("shortens the span until the answer can be read, and skips nothing", async () => {
    const world = createWorld();
    world.phone.most = 2;
    for (let text = 0; text < 60; text++) world.write(text % 10, text === 17 ? "STOP" : "hello", text * 7 * minute);
    for (let look = 0; look < 40; look++) {
      await world.look();
      await world.clock.advanceTo(world.clock.now() + minute);
    }
    expect(world.out()).toEqual([7]);
    expect((await world.account.read()).optOuts?.unread).toBeUndefined();
    const last = world.phone.spans.at(-1);
    expect(last?.until).toBeUndefined();
  });

  it("says so when one second has more than can be read, and goes on once it has not", async () => {
    const world = createWorld();
    world.phone.most = 2;
    for (const person of [1, 2, 3]) world.write(person, "STOP");
    for (let look = 0; look < 12; look++) {
      await world.look();
      await world.clock.advanceTo(world.clock.now() + minute);
    }
    expect((await world.account.read()).optOuts?.unread?.reason).toMatch(/more texts were received/u);
    world.phone.most = 3;
    for (let look = 0; look < 12; look++) {
      await world.look();
      await world.clock.advanceTo(world.clock.now() + minute);
    }
    expect(world.out()).toEqual([1, 2, 3]);
  });

  it("never takes one of our own numbers for somebody who opts out", async () => {
    const world = createWorld();
    world.received.push({ id: "a", at: nineOClock, number: "+44 20 7946 0000", body: "STOP" });
    world.received.push({ id: "b", at: nineOClock, number: "02079460001", body: "STOP" });
    world.received.push({ id: "c", at: nineOClock, number: "ACME", body: "STOP" });
    world.received.push({ id: "d", at: nineOClock, number: "", body: "STOP" });
    world.received.push({ id: "e", at: nineOClock, number: "Bank4U2026", body: "STOP" });
    world.received.push({ id: "f", at: nineOClock, number: "442079460002", body: "STOP" });
    await world.look(true, ["442079460001", "020 7946 0002"]);
    expect(world.out()).toEqual([]);
  });

  it("leaves it to a person what comes from a number that only rows of a list are sent from, under way or over", async () => {
    const world = createWorld();
    await createSenders(world).note(["442079461234", "33612345678"]);
    world.received.push({ id: "a", at: nineOClock, number: "020 7946 1234", body: "STOP" });
    world.received.push({ id: "b", at: nineOClock, number: "+33612345678", body: "START" });
    world.received.push({ id: "c", at: nineOClock, number: "442079461234", body: "thanks" });
    world.write(1, "STOP");
    world.write(2, "please stop");
    await world.look(false);
    expect(world.out()).toEqual([1]);
    const unclear = await createUnclearReplies(world).all();
    expect(unclear.map(({ number, text, sender }) => [number, text, sender])).toEqual([
      ["+442079461234", "STOP", true],
      ["+33612345678", "START", true],
      ["+447700900002", "please stop", undefined],
    ]);
  });

  it("notes once what the phone system lists twice in one answer", async () => {
    const world = createWorld();
    for (const _ of [1, 2]) world.write(1, "please stop", 0, "same");
    await world.look();
    expect(await createUnclearReplies(world).all()).toHaveLength(1);
  });

  it("keeps what waits for a person, however many texts that name the word were sent from a list's own senders", async () => {
    const world = createWorld();
    await createSenders(world).note(["442079461234", "447700900005"]);
    world.write(2, "please stop");
    // Somebody whose number a list had in its sender column.
    world.write(5, "STOP");
    for (let sent = 0; sent < 300; sent++) {
      world.received.push({
        ...{ id: `sent${sent}`, at: nineOClock + sent, number: "442079461234" },
        body: `Hello ${sent}. Reply STOP to stop`,
      });
    }
    await world.look();
    const waiting = await createUnclearReplies(world).all();
    expect(waiting).toContainEqual(expect.objectContaining({ number: "+447700900002", text: "please stop" }));
    expect(waiting).toContainEqual(expect.objectContaining({ number: "+447700900005", text: "STOP", sender: true }));
    expect(waiting.length).toBeLessThanOrEqual(300);
  });

  it("leaves everybody alone whose number it may be", async () => {
    const world = createWorld({ country: "DE" });
    // Digits of Munich behind its trunk zero, or without it.
    world.received.push({ id: "a", at: nineOClock, number: "00447700900001", body: "STOP" });
    world.received.push({ id: "b", at: nineOClock, number: "0049 89 123456", body: "STOP" });
    await world.look();
    const numbers = optOutsInForce(world.bucket.text(optOutsKey) ?? "").lines.map(({ number }) => number);
    expect(numbers).toEqual(["+447700900001", "+4989123456"]);
  });

  it.each(["", "0", "é"])("notes everybody where the phone system gives all texts the id %j", async (id) => {
    const world = createWorld();
    world.write(1, "STOP", 0, id);
    world.write(2, "STOP", 0, id);
    world.write(3, "please stop", 0, id);
    world.write(4, "please stop", 0, id);
    await world.look();
    expect(world.out()).toEqual([1, 2]);
    expect((await createUnclearReplies(world).all()).map(({ number }) => number.slice(-1))).toEqual(["3", "4"]);
    for (const word of ["START", "STOP"]) {
      await world.clock.advanceTo(world.clock.now() + 4 * minute);
      world.write(1, word, 0, id);
      await world.look();
    }
    expect(world.out().toSorted()).toEqual([1, 2]);
    const later = createLaterOptOuts(world);
    const found = await later({ known: 2, latest: (await world.sequence()) ?? 0, country: "GB" });
    expect(found === "too-many" ? found : found("07700900001")).toBe("opted out on 2026-03-02");
  });

  it("does not take a START that was read long ago for a new one, however many texts come and however fast their clock is", async () => {
    const world = createWorld();
    const ahead = -50 * minute;
    const readOn = async () => {
      await world.look();
      await world.clock.advanceTo(world.clock.now() + 4 * minute);
    };
    world.write(1, "STOP");
    for (let look = 0; look < 12; look++) await readOn();
    world.write(1, "START", ahead);
    await readOn();
    expect(world.out()).toEqual([]);
    for (let text = 0; text < 6_000; text++) world.write(2, "thanks", ahead);
    world.write(1, "STOP", ahead);
    await readOn();
    expect(world.out()).toEqual([1]);
    await readOn();
    expect(world.out()).toEqual([1]);
  });

  it("notes ten thousand who opt out at once, each once", async () => {
    const world = createWorld();
    for (let text = 0; text < 10_000; text++) {
      world.received.push({ id: `${text}`, at: world.clock.now(), number: `44770${1_000_000 + text}`, body: "STOP" });
    }
    await world.look();
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    const written = world.bucket.puts.length;
    await world.look();
    expect(world.out()).toHaveLength(10_000);
    expect(world.bucket.puts.length).toBe(written);
    expect(world.sums.get("OptOuts")).toBe(10_000);
  });

  it("takes the texts of a list in the order in which they came, and those of one second for an opt-out", async () => {
    const world = createWorld();
    world.write(1, "START", 1_000);
    world.write(1, "STOP", 60_000);
    world.write(2, "STOP", 1_000);
    world.write(2, "START", 60_000);
    world.write(3, "STOP", 400);
    world.write(3, "START", 200);
    await world.look();
    expect(world.out()).toEqual([2, 3]);
  });

  it("takes a text of the future for one of now, so that it can be taken back", async () => {
    const world = createWorld();
    world.write(1, "STOP", -365 * 24 * 60 * minute);
    await world.look();
    expect(world.out()).toEqual([1]);
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    world.write(1, "START");
    await world.look();
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    await world.look();
    expect(world.out()).toEqual([]);
  });

  it("lists what is unclear, each once", async () => {
    const world = createWorld();
    world.write(1, "please stop");
    await world.look();
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    await world.look();
    expect(await createUnclearReplies(world).all()).toEqual([
      { id: "id0", number: "+447700900001", at: nineOClock, text: "please stop" },
    ]);
    expect(world.out()).toEqual([]);
  });

  it("says since when replies are not read, tells people once, and reads what it missed", async () => {
    const world = createWorld();
    await world.look();
    world.phone.failing = "no privilege";
    world.write(1, "STOP");
    for (let look = 0; look < 60; look++) {
      await world.clock.advanceTo(world.clock.now() + minute);
      await world.look();
    }
    expect((await world.account.read()).optOuts?.unread).toEqual({ since: nineOClock, reason: "no privilege" });
    expect(world.mails).toHaveLength(1);
    expect(world.mails[0]?.text).toContain("2026-03-02T09:00:00.000Z");
    world.phone.failing = undefined;
    await world.clock.advanceTo(world.clock.now() + 4 * minute);
    await world.look();
    expect(world.out()).toEqual([1]);
    expect((await world.account.read()).optOuts?.unread).toBeUndefined();
  });

  it("goes on where it was cut off, at every write", async () => {
    for (let cut = 0; cut < 6; cut++) {
      const world = createWorld();
      world.write(1, "STOP");
      let writes = 0;
      const cutting = <Result>(act: () => Promise<Result>) => {
        if (writes++ === cut) throw new Error("The machine died.");
        return act();
      };
      const table = {
        ...world.table,
        update: async (...change: Parameters<typeof world.table.update>) =>
          cutting(() => world.table.update(...change)),
      };
      const bucket = {
        ...world.bucket,
        replace: async (...change: Parameters<typeof world.bucket.replace>) =>
          cutting(() => world.bucket.replace(...change)),
      };
      const account = createAccountStore({ table, clock: world.clock, freshToken: createTokens() });
      await createReadReplies({ ...world.deps, table, bucket, account })(true, []).done.catch(() => {});
      await world.clock.advanceTo(world.clock.now() + 5 * minute);
      await world.look();
      expect(world.out(), `cut off at write ${cut}`).toEqual([1]);
      expect(await world.sequence()).toBe(1);
      const later = await createLaterOptOuts(world)({ known: 0, latest: 1, country: "GB" });
      expect(later === "too-many" ? later : later("07700900001")).toBe("opted out on 2026-03-02");
    }
  });

  it("is done by one at a time", async () => {
    const world = createWorld();
    const reader = createReadReplies(world.deps);
    const order: number[] = [];
    const begin = async (place: number) => {
      const { current, done } = reader(true, []);
      await current.then(() => order.push(place));
      await done;
    };
    await world.clock.run(Promise.all([begin(1), begin(2), begin(3)]));
    expect(world.phone.spans).toHaveLength(1);
    // The others have waited for what it read.
    expect(order[0]).toBe(1);
  });

  it("lets nothing be fed before replies are read again after an idle time, but does not wait where they cannot be", async () => {
    const world = createWorld();
    const order: string[] = [];
    const { current, done } = createReadReplies({
      ...world.deps,
      listTexts: async () => {
        order.push("read");
        return { kind: "failed", cause: "down" };
      },
    })(true, []);
    await current.then(() => order.push("current"));
    await done;
    expect(order).toEqual(["read", "current"]);
    await world.clock.advanceTo(world.clock.now() + 10 * minute);
    const never = createReadReplies({ ...world.deps, listTexts: () => new Promise(() => {}) })(true, []);
    await never.current;
  });

  it("is done again on request, unless somebody has tried since, and says up to when replies were read", async () => {
    const world = createWorld();
    const reader = createReadReplies(world.deps);
    const upTo = async (since: number) => {
      const { current, done } = reader(true, [], since);
      await done;
      return current;
    };
    await world.look();
    await world.clock.advance(minute);
    expect(await upTo(nineOClock)).toBe(nineOClock);
    expect(world.phone.spans).toHaveLength(1);
    expect(await upTo(world.clock.now())).toBe(nineOClock + minute);
    expect(world.phone.spans).toHaveLength(2);
    await world.clock.advance(minute);
    world.phone.failing = "down";
    expect(await upTo(world.clock.now())).toBe(nineOClock + minute);
    // Nobody is asked again at once.
    expect(await upTo(world.clock.now())).toBe(nineOClock + minute);
    expect(world.phone.spans).toHaveLength(3);
  });

  it("waits on request for who is at it, and reads again if he had begun before; but not for ever", async () => {
    const world = createWorld();
    const slow = { ms: 10_000 };
    const listTexts: typeof world.deps.listTexts = async (...asked) => {
      const answer = await world.deps.listTexts(...asked);
      await world.clock.sleepUntil(world.clock.now() + slow.ms);
      return answer;
    };
    const first = createReadReplies({ ...world.deps, listTexts })(true, []);
    await world.clock.advance(2_000);
    world.write(1, "STOP");
    const { current, done } = createReadReplies(world.deps)(true, [], world.clock.now());
    await world.clock.run(Promise.all([first.done, done]));
    expect(await current).toBeGreaterThanOrEqual(nineOClock + 10_000);
    expect(world.out()).toEqual([1]);
    await world.clock.advance(5 * minute);
    slow.ms = Number.POSITIVE_INFINITY;
    void createReadReplies({ ...world.deps, listTexts: () => new Promise(() => {}) })(true, []);
    await world.clock.advance(1_000);
    const since = world.clock.now();
    const hung = createReadReplies(world.deps)(true, [], since);
    await world.clock.run(hung.done);
    expect(await hung.current).toBeLessThan(since);
    expect(world.clock.now() - since).toBeLessThan(minute);
  });

  it("lets nothing be fed as long as there is more to read, or by what was read long ago", async () => {
    const world = createWorld();
    const listSlowly: typeof world.deps.listTexts = async (credentials, span) => {
      await world.clock.sleepUntil(world.clock.now() + 20_000);
      return world.deps.listTexts(credentials, span);
    };
    world.phone.most = 1;
    for (let text = 0; text < 3; text++) world.write(text, "hello", text * minute);
    const isFed = async () => {
      let fed = false;
      const { current } = createReadReplies({ ...world.deps, listTexts: () => new Promise(() => {}) })(true, []);
      void current.then(() => (fed = true));
      await world.clock.advance(1_000);
      await world.clock.advance(2 * minute);
      return fed;
    };
    await world.clock.run(createReadReplies({ ...world.deps, listTexts: listSlowly })(true, []).done);
    expect(await isFed()).toBe(false);
    world.phone.most = Number.POSITIVE_INFINITY;
    await world.clock.run(world.look());
    expect(await isFed()).toBe(true);
    await world.clock.run(world.look());
    await world.clock.advance(6 * minute);
    expect(await isFed()).toBe(false);
  });

  it.each([
    ["a day ahead of", 24 * 60],
    ["two hours behind", -120],
  ])("misses nobody while this clock is %s the phone system's", async (_, minutes) => {
    const world = createWorld();
    await world.look();
    const clock = { ...world.clock, now: () => world.clock.now() + minutes * minute };
    for (let person = 1; person <= 4; person++) {
      await world.clock.advanceTo(world.clock.now() + 40 * minute);
      world.write(person, "STOP", person === 4 ? -30 * 24 * 60 * minute : 0);
      // The clock is put right before the last two texts are read.
      await createReadReplies({ ...world.deps, clock: person < 3 ? clock : world.clock })(true, []).done;
    }
    await world.clock.advanceTo(world.clock.now() + 5 * minute);
    world.write(5, "STOP");
    await world.look();
    expect(world.out()).toEqual([1, 2, 3, 4, 5]);
  });

  it("goes on where the clock was put back", async () => {
    const world = createWorld();
    await world.look();
    world.write(1, "STOP");
    const clock = { ...world.clock, now: () => world.clock.now() - 60 * minute };
    await createReadReplies({ ...world.deps, clock })(true, []).done;
    expect(world.phone.spans).toHaveLength(2);
  });

  it("reads on in longer spans again once the many texts of one time are read", async () => {
    const world = createWorld();
    world.phone.most = 2;
    const year = 365 * 24 * 60 * minute;
    for (let text = 0; text < 4; text++) world.write(9, "hello", year + text * 1_000);
    world.write(1, "STOP");
    for (let look = 0; look < 3; look++) {
      await world.look();
      await world.clock.advanceTo(world.clock.now() + minute);
    }
    expect(world.out()).toEqual([1]);
    expect(world.phone.spans.length).toBeLessThan(200);
  });

  it("leaves alone that replies are not read, when a person notes who opts out", async () => {
    const world = createWorld({ listTexts: async () => ({ kind: "failed", cause: "down" }) });
    await world.look();
    const recent = createRecentDecisions(world);
    await noteDecisions({ ...world, recent }, [
      { number: "+447700900001", at: nineOClock, word: "added by hand", id: "a" },
    ]);
    expect((await world.account.read()).optOuts).toEqual({
      sequence: 1,
      unread: { since: nineOClock, reason: "down" },
    });
  });

  it("is begun again by others when who was at it has died", async () => {
    const world = createWorld();
    void createReadReplies({ ...world.deps, listTexts: () => new Promise(() => {}) })(true, []);
    await world.clock.advance(0);
    world.write(1, "STOP");
    await world.clock.run(world.look());
    expect(world.out()).toEqual([]);
    await world.clock.advance(2 * minute);
    await world.look();
    expect(world.out()).toEqual([1]);
  });
});
