import { dirname } from "node:path";
import { prepareFunctions } from "../infra/local/prepare-functions.ts";
import { prepareConsole } from "../infra/local/prepared-console.ts";
import { preparedFolder } from "../infra/local/prepared-folder.ts";
import { prepareStacks } from "../infra/local/prepared-stack.ts";
import { linkCommand } from "./link-command.ts";

await linkCommand(dirname(import.meta.dirname));
// What every start of the local cloud would otherwise wait for. Nothing depends on it: what is missing or out of date is
// made when it is needed, or the functions run from their sources.
await prepareFunctions();
const folder = await preparedFolder();
await prepareConsole(folder);
await prepareStacks(folder);
