import { ConsoleSettings } from "../shared/console/console-settings.ts";

/** What the stack says about itself, read once from beside the page. Throws when it cannot be reached or read. */
export async function loadSettings(): Promise<ConsoleSettings> {
  const answer = await fetch("config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  return ConsoleSettings.parse(await answer.json());
}
