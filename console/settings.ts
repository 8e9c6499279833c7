import type { ConsoleSettings } from "../shared/console/console-settings.ts";

/**
 * What the stack says about itself, read once from beside the page; a local cloud says it only to who has its link's `secret`.
 * `undefined` when it says it to nobody without a (valid) one. Throws when it cannot be reached or read.
 */
export async function loadSettings(secret: string | undefined): Promise<ConsoleSettings | undefined> {
  const headers = secret === undefined ? undefined : { authorization: `Bearer ${secret}` };
  const [answer, { readSettings }] = await Promise.all([
    fetch("config.json", { cache: "no-cache", ...(headers && { headers }) }),
    import("./read-answers.ts"),
  ]);
  if (answer.status === 401) return undefined;
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  return readSettings(await answer.json());
}
