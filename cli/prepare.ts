import { prepareFunctions } from "../infra/local/prepare-functions.ts";
import { preparedStack } from "../infra/local/prepared-stack.ts";
import { defaultRates } from "./local-cloud.ts";
import { projectContext } from "./project-settings.ts";
import { settingsForSimulator, simulatorEndpointAtRest } from "./simulator-at-rest.ts";

// What every start of the local cloud would otherwise wait for. Nothing depends on it: what is missing or out of date is
// made when it is needed, or the functions run from their sources.
await prepareFunctions();
const context = await projectContext();
const endpoint = simulatorEndpointAtRest;
await preparedStack({ ...settingsForSimulator(context), endpoint, sendsPerSecond: defaultRates.simulator });
await preparedStack({ ...context, endpoint, sendsPerSecond: defaultRates.endpoint });
