import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The environment of a process, as npm fills it for what it starts. */
type Environment = Readonly<Record<string, string | undefined>>;

const ownPackage = join(dirname(dirname(fileURLToPath(import.meta.url))), "package.json");

/**
 * The project's directory where `npm start` started this process, in which case npm has changed to it; `undefined`
 * elsewhere: other projects' scripts and `npx` run where they mean to.
 */
export const projectOfNpmStart = (environment: Environment): string | undefined =>
  environment["npm_lifecycle_event"] === "start" && environment["npm_package_json"] === ownPackage
    ? dirname(ownPackage)
    : undefined;

/** Goes back to where the user stands, so that paths on the command line and in hints are relative to it. */
export function standWhereTheUserStands(environment: Environment): void {
  const stands = environment["INIT_CWD"];
  if (projectOfNpmStart(environment) !== undefined && stands !== undefined && stands !== "") process.chdir(stands);
}
