import { prepareFunctions } from "../../infra/local/prepare-functions.ts";
import { prepareConsole } from "../../infra/local/prepared-console.ts";
import { preparedFolder } from "../../infra/local/prepared-folder.ts";

/** Bundles the functions and the console's page once, so that none of the many clouds that the tests start compiles their sources. */
export default async () => {
  await prepareFunctions();
  await prepareConsole(await preparedFolder());
};
