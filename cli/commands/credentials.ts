import { createInterface } from "node:readline";
import { writeCredentials } from "../../shared/aws/secret.ts";
import { folders } from "../../shared/ports/bucket-layout.ts";
import { nudgeBody } from "../../shared/ports/queue.ts";
import { exitCodes, Refused } from "../exit.ts";
import { atPlace, type Place } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** What people look for in an empty bucket. */
const shown = [folders.campaigns, folders.check, folders.attachments, folders.suppression];

/**
 * Stores the Enswitch user in the secret: asked for on a terminal, without echo; else from ENSWITCH_USERNAME and
 * ENSWITCH_PASSWORD, or as two lines of standard input. A pause because of the old ones ends by itself.
 */
export const credentials = (place: Place, terminal: Terminal) =>
  atPlace(place, async ({ stack }) => {
    const { username, password } = process.stdin.isTTY ? await ask() : await given();
    if (username === "" || password === "") throw new Refused("Both the user's name and the password are needed.");
    await writeCredentials(stack.secrets, stack.outputs.SecretArn, { username, password });
    for (const folder of shown) {
      const existing = await stack.bucket.head(folder);
      if (existing === undefined) await stack.bucket.put(folder, "", "application/x-directory");
    }
    await stack.nudge([nudgeBody({ kind: "look" })]);
    terminal.say(`The credentials of ${username} are stored; sending that waited for them goes on within a minute.`);
    return exitCodes.complete;
  });

async function ask() {
  const { input, password } = await import("@inquirer/prompts");
  const settings = { output: process.stderr, clearPromptOnDone: false };
  try {
    return {
      username: (await input({ message: "Enswitch user name:" }, settings)).trim(),
      password: await password({ message: "Password (is not shown):", mask: false }, settings),
    };
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") process.exit(exitCodes.interrupted);
    throw error;
  }
}

async function given() {
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
      "Without a terminal the credentials come from ENSWITCH_USERNAME and ENSWITCH_PASSWORD, or from standard input: the user's name on the first line, the password on the second.",
    );
  }
  return { username: first.trim(), password: second };
}
