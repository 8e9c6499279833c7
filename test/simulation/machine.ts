import type { Clock } from "../../shared/ports/clock.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** What may befall a machine at each of its steps. */
export interface Chaos {
  /** Until when, epoch ms. */
  readonly until: number;
  readonly die: number;
  /** A pause of minutes, with all its timers and sockets. */
  readonly freeze: number;
  /** A pause of milliseconds to seconds. */
  readonly stall: number;
  /** A pause of milliseconds to half a second, as where the machine is busy with something else; absent: none. */
  readonly hiccup?: number;
}

/**
 * A computer that runs a program: all the program hears of the world comes through its machine, one step at a time, and
 * stops coming when the machine is frozen or dead. What a dead machine's program still does reaches nobody.
 */
export interface Machine {
  readonly name: string;
  readonly clock: Clock;
  /** The machine's own idea of the time, epoch ms. */
  now(): number;
  isDead(): boolean;
  isFrozen(): boolean;
  /** Continues the program at `at` (world time), or when it is thawed: then `late` says by how many ms. */
  step(at: number, act: (late: number) => void): void;
  die(): void;
  freeze(): void;
  thaw(): void;
}

/** The longest that a machine stands still because it is busy with something else, ms. */
export const longestHiccupMs = 500;

/** A clock that is set: from `at` (world time, epoch ms) on it shows `byMs` more than before. */
export interface ClockStep {
  readonly at: number;
  readonly byMs: number;
}

/** What a machine needs of the world. */
export interface MachineDeps {
  readonly name: string;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly chaos: Chaos | undefined;
  /** How far its clock is ahead of the world's, in ms. */
  readonly skewMs: number;
  /** When its clock is set, and by how much; absent: never. */
  readonly clockSteps?: readonly ClockStep[];
  readonly trace: (what: string) => void;
  /** Told of every step before it is made, and of death or frost in mid-run. */
  readonly onStep?: () => void;
  readonly onDeath?: () => void;
  readonly onFreeze?: (until: number) => void;
}

/** A machine that is up. */
export function createMachine(deps: MachineDeps): Machine {
  const { name, time, random, chaos, skewMs, clockSteps: steps = [], trace } = deps;
  let dead = false;
  let frozen = false;
  let deferred: { due: number; act: (late: number) => void }[] = [];

  const die = () => {
    if (dead) return;
    dead = true;
    deferred = [];
    deps.onDeath?.();
  };
  const freeze = () => {
    frozen = true;
  };
  const thaw = () => {
    if (dead || !frozen) return;
    frozen = false;
    const due = deferred;
    deferred = [];
    for (const event of due) wakeUp(time.now(), event);
  };

  /** Whether the step can be made now. */
  const survives = (): boolean => {
    if (chaos === undefined || time.now() >= chaos.until) return true;
    if (random.chance(chaos.die)) {
      trace(`${name} dies`);
      die();
      return false;
    }
    const long = random.chance(chaos.freeze);
    const short = !long && random.chance(chaos.stall);
    // Drawn only where there are any, so that older seeds stay what they were.
    const hiccup = !long && !short && chaos.hiccup !== undefined && random.chance(chaos.hiccup);
    if (long || short || hiccup) {
      const lasts = long ? random.spread(5_000, 600_000) : random.spread(2, hiccup ? longestHiccupMs : 4_000);
      trace(`${name} freezes for ${lasts} ms`);
      freeze();
      if (long) deps.onFreeze?.(time.now() + lasts);
      time.at(time.now() + lasts, thaw);
      return false;
    }
    return true;
  };

  const wakeUp = (at: number, event: { due: number; act: (late: number) => void }) =>
    time.wake(at, () => {
      if (dead) return;
      if (frozen) {
        deferred.push(event);
        return;
      }
      deps.onStep?.();
      if (dead) return;
      if (frozen || !survives()) {
        if (!dead) deferred.push(event);
        return;
      }
      event.act(time.now() - event.due);
    });

  /** How far its clock is ahead of the world's now. */
  const ahead = () => steps.reduce((ms, { at, byMs }) => (at <= time.now() ? ms + byMs : ms), skewMs);
  const now = () => time.now() + ahead();

  /** As the system's clock does: timers run by what passes, and who is woken looks at the clock again. */
  const sleep = (at: number, wake: () => void): void => {
    const due = Math.ceil(at) - ahead();
    if (due <= time.now()) wake();
    else wakeUp(due + (random.chance(0.2) ? 1 : 0), { due, act: () => sleep(at, wake) });
  };

  return {
    name,
    now,
    clock: { now, sleepUntil: (at) => new Promise((resolve) => sleep(at, resolve)) },
    isDead: () => dead,
    isFrozen: () => frozen,
    step: (at, act) => wakeUp(at, { due: at, act }),
    die,
    freeze,
    thaw,
  };
}
