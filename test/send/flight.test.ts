import { describe, expect, it } from "vitest";
import { createFlight } from "../../shared/send/flight.ts";
import { createManualClock } from "../support/manual-clock.ts";

const world = (consumers = 2, answerMs = 0) => {
  const clock = createManualClock();
  const answerStats = { answerMs };
  return { clock, answerStats, flight: createFlight({ clock, consumers, answerStats }) };
};

const takeOffs = (flight: ReturnType<typeof createFlight>, count: number, epoch = 0) =>
  Array.from({ length: count }, () => flight.takeOff(epoch));

describe("the calls that wait for an answer", () => {
  it("are few when answers are quick: all executions together leave nine in doubt", () => {
    for (const [consumers, room] of [
      [1, 9],
      [2, 4],
      [3, 3],
      [10, 2],
    ] as const) {
      const { flight } = world(consumers);
      takeOffs(flight, room - 1);
      expect(flight.hasRoom(10)).toBe(true);
      takeOffs(flight, 1);
      expect(flight.hasRoom(10)).toBe(false);
    }
  });

  it("are twice what the rate makes of the time answers usually take", () => {
    const { flight } = world(2, 1500);
    takeOffs(flight, 29);
    expect(flight.hasRoom(10)).toBe(true);
    takeOffs(flight, 1);
    expect(flight.hasRoom(10)).toBe(false);
  });

  it("are a whole number, the next one up", () => {
    const { flight } = world(2, 1_525);
    takeOffs(flight, 30);
    expect(flight.hasRoom(10)).toBe(true);
    takeOffs(flight, 1);
    expect(flight.hasRoom(10)).toBe(false);
  });

  it("make room when they are answered", () => {
    const { flight } = world(2);
    const [land] = takeOffs(flight, 4);
    land?.(true);
    expect(flight.hasRoom(10)).toBe(true);
  });

  it("teach how long answers take, step by step; one that never came teaches nothing", async () => {
    const { clock, flight, answerStats } = world();
    for (let answer = 1; answer <= 10; answer++) {
      const [land] = takeOffs(flight, 1);
      await clock.advance(700);
      land?.(true);
      if (answer <= 3) expect(answerStats.answerMs).toBe([100, 150, 225][answer - 1]);
    }
    expect(answerStats.answerMs).toBe(700);
    const [lost] = takeOffs(flight, 1);
    await clock.advance(20_000);
    lost?.(false);
    expect(answerStats.answerMs).toBe(700);
  });

  it("teach that they are answered quickly again, little by little", async () => {
    const { clock, flight, answerStats } = world(2, 700);
    const [land] = takeOffs(flight, 1);
    await clock.advance(40);
    land?.(true);
    expect(answerStats.answerMs).toBeCloseTo(693);
  });

  it("surely mean that the endpoint hangs a quarter of a second after that was found, if nothing has come by then", async () => {
    const { clock, flight } = world(1);
    const lands = takeOffs(flight, 4);
    await clock.advance(60_000);
    // A machine that stood still finds old calls before it finds their answers.
    expect(flight.surelyHangs()).toBe(false);
    await clock.advance(249);
    expect(flight.surelyHangs()).toBe(false);
    await clock.advance(1);
    expect(flight.surelyHangs()).toBe(true);
    lands[0]?.(true);
    expect(flight.surelyHangs()).toBe(false);
    takeOffs(flight, 1);
    await clock.advance(3_000);
    expect(flight.surelyHangs()).toBe(false);
  });

  it("that were answered late once, or noticed late, do not let many more wait", async () => {
    const { clock, flight, answerStats } = world(2, 40);
    const [land] = takeOffs(flight, 1);
    await clock.advance(3_500);
    land?.(true);
    expect(answerStats.answerMs).toBe(100);
  });

  it("that a machine which stood still finds answered all at once say what one of them does", async () => {
    const { clock, flight, answerStats } = world(2, 40);
    const lands = takeOffs(flight, 12);
    const late = takeOffs(flight, 2);
    await clock.advance(2_000);
    for (const land of lands) land(true);
    expect(answerStats.answerMs).toBe(100);
    await clock.advance(49);
    late[0]?.(true);
    expect(answerStats.answerMs).toBe(100);
    await clock.advance(1);
    late[1]?.(true);
    expect(answerStats.answerMs).toBe(150);
  });

  it("mean that the endpoint hangs when four wait for three seconds, not when they are four only", async () => {
    const { clock, flight } = world(1);
    const lands = takeOffs(flight, 4);
    expect(flight.hangs()).toBe(false);
    await clock.advance(2_999);
    expect(flight.hangs()).toBe(false);
    await clock.advance(1);
    expect(flight.hangs()).toBe(true);
    lands[0]?.(true);
    expect(flight.hangs()).toBe(false);
  });
});

describe("firing", () => {
  it("ends under an epoch that was stopped, and under all before it", () => {
    const { flight } = world();
    flight.stop(3);
    expect([2, 3, 4].map((epoch) => flight.mayFire(epoch, "1"))).toEqual([false, false, true]);
    flight.stop(1);
    expect(flight.mayFire(3, "1")).toBe(false);
  });

  it("ends with credentials that were refused, and goes on with newer ones", () => {
    const { flight } = world();
    flight.refuse("1");
    expect([flight.mayFire(0, "1"), flight.mayFire(0, "2")]).toEqual([false, true]);
  });

  it("ends by itself after five unknown outcomes in a row under that epoch", () => {
    const { flight } = world(1);
    for (const land of takeOffs(flight, 4)) land(false);
    flight.takeOff(0)(true);
    for (const land of takeOffs(flight, 4)) land(false);
    expect(flight.mayFire(0, "1")).toBe(true);
    flight.takeOff(0)(false);
    expect([flight.mayFire(0, "1"), flight.mayFire(1, "1")]).toEqual([false, true]);
  });
});
