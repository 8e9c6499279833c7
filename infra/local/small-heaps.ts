import { setFlagsFromString } from "node:v8";

/**
 * Has V8 collect garbage earlier, in this process and above all in the threads that it starts from now on. A dozen of them run
 * the local cloud, each with some 25 MiB that it needs; left to themselves on a machine with room, they take ten times as much
 * in turn. What a heap may grow to when it has to is not changed. Call it before modules are loaded: what Node has compiled
 * is kept for the same flags only.
 */
export function keepHeapsSmall(): void {
  // A heap may grow by half between two collections, not to up to four times its size.
  setFlagsFromString("--heap-growing-percent=50");
  // The first collection of a thread's heap comes at 24 MiB, not at half of what it may grow to.
  setFlagsFromString("--initial-old-space-size=24");
  // What is new in a thread's heap takes 3 times 2 MiB, not up to 3 times 16, and in this one's what it has grown to now.
  growForWhatIsNew();
  setFlagsFromString("--min-semi-space-size=2");
  setFlagsFromString("--max-semi-space-size=4");
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Lets this thread's room for what is new grow to 3 times 4 MiB, which takes some milliseconds: it begins with a quarter, where
 * garbage is collected four times as often, and its limit was set when the process began. It grows with what outlives a collection.
 */
function growForWhatIsNew(): void {
  const [arrays, numbers] = [500, 1_000];
  const living: number[][] = [];
  for (let count = 0; count < arrays; count++) living.push(new Array<number>(numbers).fill(count));
}
