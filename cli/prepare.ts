import { prepareFunctions } from "../infra/local/prepare-functions.ts";
import { preparedFolder } from "../infra/local/prepared-folder.ts";
import { keptStack } from "../infra/local/prepared-stack.ts";

// What every start of the local cloud would otherwise wait for. Nothing depends on it: what is missing or out of date is
// made when it is needed, or the functions run from their sources.
await prepareFunctions();
await keptStack(await preparedFolder());
