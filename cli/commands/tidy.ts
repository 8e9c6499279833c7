import { findEmbeddedCloud } from "../../infra/local/cloud-access.ts";
import { exitCodes, Refused } from "../exit.ts";
import { dataDirectoryOf, type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Removes what has expired from a data directory, by the rules that the bucket has on AWS. Opening a directory that nothing
 * runs on does that, as does every start. Throws a Refused while something runs on it.
 */
export async function tidy(options: { readonly data?: string }, terminal: Terminal) {
  const data = dataDirectoryOf({ ...options, stack: "" });
  if ((await findEmbeddedCloud(data)) !== undefined) {
    throw new Refused(`bulk-send is running on ${data}; stop it first. Every start removes what has expired as well.`);
  }
  const target: Target = { data, stack: "" };
  return withStack(target, async ({ stack }) => {
    terminal.say(
      `What had expired in ${data} is removed: lists, checks, attachments and reports after ${stack.outputs.KeepDays} days (keepDays), older versions of them a week later.`,
    );
    return exitCodes.complete;
  });
}
