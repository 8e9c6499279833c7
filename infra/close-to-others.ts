import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const writableByOthers = 0o022;
const sticky = 0o1000;

/**
 * Lets nobody else on this machine write into the CDK's output, whatever the umask: what is deployed is read from there.
 * This process, and those it starts, make nothing that others can write to; what an earlier run has left is corrected.
 */
export function closeToOthers(outdir: string): void {
  const umask = process.umask(writableByOthers);
  process.umask(umask | writableByOthers);
  // The CDK's command line makes the zips of the assets in `.cache`, under the umask that it has itself.
  for (const directory of [outdir, join(outdir, ".cache")]) {
    mkdirSync(directory, { recursive: true });
    close(directory);
    for (const name of readdirSync(directory)) close(join(directory, name));
  }
}

function close(path: string): void {
  const { mode, uid } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (mode === undefined || (mode & writableByOthers) === 0) return;
  // Another user's is not ours to change, and of a directory such as /tmp everybody may write only his own entries.
  if (uid !== process.getuid?.() || (mode & sticky) !== 0) return;
  chmodSync(path, mode & 0o7777 & ~writableByOthers);
}
