import { rename, symlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Puts the command where `npx` looks first, `node_modules/.bin` of the project in `directory`. A `bin` in package.json
 * would not do: for a project's own one `npx` installs the project into a cache in the user's home at each call, which
 * takes a second, breaks for good when it is interrupted, and changes the mode of the file that git keeps.
 */
export async function linkCommand(directory: string): Promise<void> {
  const link = join(directory, "node_modules", ".bin", "bulk-send");
  const made = `${link}.${process.pid}`;
  await symlink(join("..", "..", "cli", "bulk-send.js"), made);
  await rename(made, link);
}
