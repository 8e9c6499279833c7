import type { OutgoingEvent } from "../../shared/ports/events.ts";
import type { Item } from "../../shared/ports/table.ts";

/** Watches that what becomes of campaigns is announced: all of it, in order, and nothing else. */
export interface Announcements {
  /** A campaign's item has changed. */
  changed(name: string, before: Item | undefined, after: Item): void;
  /** The bus has accepted an event. Returns what is wrong with it, if anything is. */
  published(
    event: OutgoingEvent,
  ): { readonly wrong: "announced without a change" | "announced out of order" } | undefined;
  /** What of a campaign has not been announced, in order. */
  missing(name: string): readonly string[];
  /** Whether it was announced that calls were made of a campaign. */
  isStarted(name: string): boolean;
}

/** Nothing changed, and nothing announced. */
export function createAnnouncements(): Announcements {
  /** What became of each campaign, in order. */
  const happened = new Map<string, string[]>();
  /** How much of that was announced. */
  const announced = new Map<string, number>();
  const known = new Set<string>();
  const started = new Set<string>();
  return {
    changed: (name, before, after) => {
      const states = happened.get(name) ?? [];
      happened.set(name, states);
      states.push(...becameOf(before, after));
    },
    published: ({ type, at, detail }) => {
      const name = String(detail["name"]);
      const state = String(detail["state"]);
      const id = `${name} ${state} ${at}`;
      if (known.has(id)) return undefined;
      known.add(id);
      const next = announced.get(name) ?? 0;
      const states = happened.get(name) ?? [];
      if (type !== `campaign.${state}`) return { wrong: "announced without a change" };
      if (state === "started") {
        if (started.has(name) || states.length === 0) return { wrong: "announced without a change" };
        if (states[next - 1] === "complete" || next === 0) return { wrong: "announced out of order" };
        started.add(name);
        return undefined;
      }
      if (states[next] !== state) {
        return { wrong: states.includes(state, next) ? "announced out of order" : "announced without a change" };
      }
      announced.set(name, next + 1);
      return undefined;
    },
    missing: (name) => (happened.get(name) ?? []).slice(announced.get(name) ?? 0),
    isStarted: (name) => started.has(name),
  };
}

/** What a change of a campaign's item means to other systems, by its states alone. */
function becameOf(before: Item | undefined, after: Item): readonly string[] {
  const [from, to] = [before?.["state"], after["state"]];
  if (from === undefined || from === "refused") {
    if (to === "refused") return before?.["createdAt"] === after["createdAt"] ? [] : ["refused"];
    return to === "paused" ? ["planned", "approval-needed"] : ["planned"];
  }
  if (from === to) return [];
  if (to === "paused") return ["paused"];
  if (to === "running") return ["resumed"];
  return to === "complete" ? ["complete"] : [];
}
