import { copyable } from "../../shared/copyable.ts";
import { type ExitCode, exitCodes, Failure } from "../exit.ts";
import { accountEntries, campaignEntries, deedEntries, type HistoryLine, inOrder } from "../history-entries.ts";
import type { Stack } from "../stack.ts";
import { type Target, targetOptions, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export type HistoryOptions = Target & { readonly json?: boolean };

/** Shows who did what, oldest first: to a campaign, or to the account and all campaigns when no name is given. */
export const history = (name: string | undefined, options: HistoryOptions, terminal: Terminal): Promise<ExitCode> =>
  withStack(options, async ({ stack }) => {
    const lines = inOrder(name === undefined ? await ofAll(stack, terminal) : await ofOne(stack, name, options));
    if (options.json) terminal.say(JSON.stringify(lines));
    else if (lines.length === 0) terminal.say("Nothing has been done yet.");
    else for (const line of lines) terminal.say(inWords(line, name));
    return exitCodes.complete;
  });

async function ofOne(
  { campaigns, older, deeds }: Stack,
  name: string,
  target: Target,
): Promise<readonly HistoryLine[]> {
  const campaign = await campaigns.read(name, { consistent: true });
  const named = campaign?.name ?? name;
  const checks = deedEntries((await deeds.all()).filter((deed) => deed.name === named));
  if (campaign === undefined && checks.length > 0) return checks;
  if (campaign === undefined) {
    throw new Failure(`There is no campaign ${name}. To see all: ${copyable("list", ...targetOptions(target))}`);
  }
  const whole = campaign.state === "refused" ? campaign : await older.whole(campaign);
  return [...checks, ...campaignEntries(whole, false)];
}

async function ofAll({ campaigns, older, account, deeds }: Stack, terminal: Terminal): Promise<readonly HistoryLine[]> {
  const ofAccount = accountEntries(await older.wholeOfAccount(await account.read()));
  const lines = [...ofAccount, ...deedEntries(await deeds.all())];
  for await (const campaign of campaigns.all((_name, { message }) => terminal.note(message))) {
    lines.push(...campaignEntries(campaign.state === "refused" ? campaign : await older.whole(campaign), true));
  }
  return lines;
}

/** "2026-03-02 09:00:00  spring: paused by anna", without the campaign where it is clear. */
function inWords({ at, campaign, what, by, detail }: HistoryLine, name: string | undefined): string {
  const whose = campaign === undefined || campaign === name ? "" : `${campaign}: `;
  const how = `${by === undefined ? "" : ` by ${by}`}${detail === undefined ? "" : `: ${detail}`}`;
  return `${at.slice(0, 19).replace("T", " ")} UTC  ${whose}${what}${how}`;
}
