import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CloudError, type WithNewKeys } from "../../console/cloud/cloud.ts";
import { createKeys } from "../../console/cloud/keys.ts";
import { walkAgain } from "../../console/cloud/walk-again.ts";
import type { Session } from "../../shared/console/session.ts";
import { nineOClock } from "../support/manual-clock.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: nineOClock });
});
afterEach(() => {
  vi.useRealTimers();
});

const hour = 3_600_000;

const sessionOf = (turn: number): Session => ({
  person: "anna",
  roles: ["uploader"],
  credentials: { accessKeyId: `key ${turn}`, secretAccessKey: "s", expiresAt: Date.now() + hour },
});

/** Somebody whose renewals give new keys, none, or come to nothing. */
function createPerson() {
  const person: { renewals: number; how: "new" | "none" | "unreachable" } = { renewals: 0, how: "new" };
  const keys = createKeys({
    session: sessionOf(0),
    renew: async () => {
      person.renewals += 1;
      if (person.how === "unreachable") throw new TypeError("Failed to fetch");
      return person.how === "none" ? undefined : sessionOf(person.renewals);
    },
    signOut: async () => {},
  });
  return { person, keys };
}

describe("the keys of a page that is left open", () => {
  it("are renewed before they end, once for all that ask at the same time", async () => {
    const { person, keys } = createPerson();
    expect((await keys.present()).accessKeyId).toBe("key 0");
    vi.setSystemTime(Date.now() + hour - 60_000);
    const asked = await Promise.all([keys.present(), keys.present()]);
    expect(asked.map(({ accessKeyId }) => accessKeyId)).toEqual(["key 1", "key 1"]);
    expect(person.renewals).toBe(1);
  });

  it("are renewed after a night in which the machine slept, as soon as there is a connection", async () => {
    const { person, keys } = createPerson();
    vi.setSystemTime(Date.now() + 14 * hour);
    person.how = "unreachable";
    await expect(keys.present()).rejects.toMatchObject({ trouble: "offline" });
    person.how = "new";
    expect((await keys.present()).accessKeyId).toBe("key 2");
  });

  it("do for as long as they are good when they cannot be renewed early", async () => {
    const { person, keys } = createPerson();
    person.how = "unreachable";
    vi.setSystemTime(Date.now() + hour - 60_000);
    expect((await keys.present()).accessKeyId).toBe("key 0");
  });

  it("are over when the person has to sign in again", async () => {
    const { person, keys } = createPerson();
    person.how = "none";
    vi.setSystemTime(Date.now() + 2 * hour);
    await expect(keys.present()).rejects.toMatchObject({ trouble: "signed-out" });
  });

  it("are used again where the clock was put back, and renewed where they are refused by another clock", async () => {
    const { person, keys } = createPerson();
    vi.setSystemTime(Date.now() - 5 * hour);
    expect((await keys.present()).accessKeyId).toBe("key 0");
    const call = vi.fn(async () => {
      if (person.renewals === 0) throw new CloudError("signed-out", { cause: "ExpiredToken" });
      return "done";
    });
    expect(await keys.again(call)).toBe("done");
    expect(call).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["none", "signed-out"],
    ["unreachable", "offline"],
  ] as const)("are not asked for for ever: with %s a refused call is %s", async (how, trouble) => {
    const { person, keys } = createPerson();
    person.how = how;
    const refused = async () => {
      throw new CloudError("signed-out", { cause: "ExpiredToken" });
    };
    await expect(keys.again(refused)).rejects.toMatchObject({ trouble });
    expect(person.renewals).toBe(1);
  });
});

describe("a walk", () => {
  it("begins again with new keys, and is ended where nobody wants more of it", async () => {
    let walks = 0;
    let ended = 0;
    const walk = async function* () {
      walks += 1;
      try {
        if (walks === 1) throw new CloudError("signed-out", { cause: "ExpiredToken" });
        yield 1;
        yield 2;
      } finally {
        ended += 1;
      }
    };
    const { keys } = createPerson();
    expect(await Array.fromAsync(walkAgain(keys.again, walk))).toEqual([1, 2]);
    for await (const item of walkAgain(keys.again, walk)) {
      expect(item).toBe(1);
      break;
    }
    expect(walks).toBe(3);
    expect(ended).toBe(3);
  });

  it("throws what comes in the middle of it", async () => {
    const once: WithNewKeys = (call) => call();
    const walk = async function* () {
      yield 1;
      throw new CloudError("offline", { cause: 1 });
    };
    await expect(Array.fromAsync(walkAgain(once, walk))).rejects.toMatchObject({ trouble: "offline" });
  });
});
