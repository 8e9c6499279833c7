import { prepareFunctions } from "../../infra/local/prepare-functions.ts";

/** Bundles the functions once, so that none of the many clouds that the tests start compiles their sources. */
export default prepareFunctions;
