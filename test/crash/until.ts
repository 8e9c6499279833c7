import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something holds, looking every few milliseconds. Resolves to whether it came to hold before `give`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  give: { readonly ms: number; readonly everyMs?: number },
): Promise<boolean> {
  const end = performance.now() + give.ms;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > end) return false;
    await sleep(give.everyMs ?? 20);
  }
}
