import type { WithNewKeys } from "./cloud.ts";

/** Walks something; where the keys have ended at its beginning, from the beginning with new ones. */
export async function* walkAgain<Item>(again: WithNewKeys, walk: () => AsyncIterable<Item>): AsyncGenerator<Item> {
  const { items, first } = await again(async () => {
    const items = walk()[Symbol.asyncIterator]();
    return { items, first: await items.next() };
  });
  try {
    for (let next = first; next.done !== true; next = await items.next()) yield next.value;
  } finally {
    await items.return?.();
  }
}
