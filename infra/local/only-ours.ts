import { lstatSync, readlinkSync } from "node:fs";
import { isAbsolute, join, parse, resolve } from "node:path";

/** More links than this on one way go round in circles, for the system too. */
const mostLinks = 40;

/**
 * Whether only this user and root decide what a path leads to: nobody else owns a folder or a link on its way, or may
 * replace what is in one. What does not exist yet is nobody's. Throws where a folder cannot be looked into.
 */
export function isOnlyOurs(path: string): boolean {
  // Windows has no user ids; its folders take the rights of the folder around them.
  if (process.getuid === undefined) return true;
  const ids: readonly number[] = [process.getuid(), 0];
  let at = parse(resolve(path)).root;
  const names = namesIn(resolve(path));
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = join(at, name);
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found === undefined) return true;
    if (!ids.includes(found.uid)) return false;
    if (found.isSymbolicLink()) {
      const target = readlinkSync(next);
      if (++links > mostLinks) return false;
      if (isAbsolute(target)) at = parse(target).root;
      names.unshift(...namesIn(target));
    } else {
      if (othersMayReplace(found)) return false;
      at = next;
    }
  }
  return true;
}

/** The names on a way, `..` among them: behind a link it is not the folder that the link is in. */
const namesIn = (path: string): string[] => path.split(/[/\\]/).filter((name) => name !== "" && name !== ".");

/**
 * Whether others may put something else in the place of what is in a folder: not where only an entry's owner may remove it
 * (the sticky bit), as in `/tmp`. A group that has its user's id is the user's alone, by convention.
 */
function othersMayReplace({ mode, uid, gid }: { readonly mode: number; readonly uid: number; readonly gid: number }) {
  if ((mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}
