import { prepareFunctions } from "../infra/local/prepare-functions.ts";
import { preparedStack } from "../infra/local/prepared-stack.ts";
import { defaultRates } from "./local-cloud.ts";
import { projectContext } from "./project-settings.ts";
import { simulatorEndpointAtRest } from "./simulator-at-rest.ts";

// What every start of the local cloud would otherwise wait for. Nothing depends on it: what is missing or out of date is
// made when it is needed, or the functions run from their sources.
await prepareFunctions();
const context = await projectContext();
for (const sendsPerSecond of Object.values(defaultRates)) {
  await preparedStack({ ...context, endpoint: simulatorEndpointAtRest, sendsPerSecond });
}
