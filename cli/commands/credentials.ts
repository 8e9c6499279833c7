import { createInterface } from "node:readline";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { folders } from "../../shared/ports/bucket-layout.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { asked } from "../ask.ts";
import { exitCodes, Refused } from "../exit.ts";
import { explainError } from "../explain-error.ts";
import type { Stack } from "../stack.ts";
import { type Target, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The folders that people look for in an empty bucket. */
const shown = [folders.campaigns, folders.check, folders.attachments, folders.suppression];

/**
 * Stores the Enswitch user in the secret. A terminal is asked, without echo; otherwise the credentials come from
 * ENSWITCH_USERNAME and ENSWITCH_PASSWORD or as two lines of standard input. A pause caused by the old ones ends by itself.
 */
export const credentials = (target: Target, terminal: Terminal) =>
  withStack(target, async ({ stack }) => {
    const { username, password } = process.stdin.isTTY ? await askForCredentials() : await readCredentials();
    if (username === "" || password === "") throw new Refused("Both the user name and the password are required.");
    await writeCredentials(stack.secrets, stack.outputs.SecretArn, { username, password });
    terminal.say(
      `The credentials of ${username} are stored; sending that was waiting for them continues within a minute.`,
    );
    // The credentials are what the command is for; and the reporter, which looks every minute, needs no nudge.
    for (const [what, attempt] of Object.entries({
      "The folders that people look for could not be made": () => makeFolders(stack),
      "The reporter could not be told at once": () => stack.nudge([nudgeBody({ kind: "look" })]),
    })) {
      await attempt().catch((error: unknown) => terminal.note(`${what}: ${explainError(error).sentence}`));
    }
    return exitCodes.complete;
  });

async function makeFolders({ bucket }: Stack): Promise<void> {
  for (const folder of shown) {
    const existing = await bucket.head(folder);
    if (existing === undefined) await bucket.put(folder, "", "application/x-directory");
  }
}

const askForCredentials = () =>
  asked(async ({ input, password }, context) => ({
    username: (await input({ message: "Enswitch user name:" }, context)).trim(),
    password: await password({ message: "Password (not shown):", mask: false }, context),
  }));

async function readCredentials() {
  const { ENSWITCH_USERNAME: username = "", ENSWITCH_PASSWORD: password = "" } = process.env;
  if (username !== "" && password !== "") return { username, password };
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    lines.push(line);
    if (lines.length === 2) break;
  }
  const [first = "", second = ""] = lines;
  if (first === "" || second === "") {
    throw new Refused(
      "Without a terminal, the credentials come from ENSWITCH_USERNAME and ENSWITCH_PASSWORD, or from standard input: the user name on the first line, the password on the second.",
    );
  }
  return { username: first.trim(), password: second };
}
