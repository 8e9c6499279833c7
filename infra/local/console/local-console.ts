import type { RequestListener } from "node:http";
import { personTag } from "../../../shared/campaign/identity.ts";
import type { ConsoleSettings } from "../../../shared/console/console-settings.ts";
import type { BuiltPage } from "../../../shared/console/publish-page.ts";
import { Role, type Session } from "../../../shared/console/session.ts";
import type { AccessKey, Principals } from "../gateway/principals.ts";
import { systemUser } from "../gateway/system-user.ts";
import type { StackResources } from "../template/resources.ts";
import { consoleLink, consoleSecrets, linkWith } from "./console-link.ts";
import { createConsoleSessions, type Guest } from "./console-sessions.ts";
import { serveConsole } from "./serve-console.ts";

/** What a stack's settings say to its page; whether everything is simulated is known where it is started. */
export interface StacksConsole {
  readonly page: BuiltPage;
  readonly sending: Omit<ConsoleSettings["sending"], "simulated">;
}

/** Dependencies of a local cloud's console. */
export interface LocalConsoleDeps extends StacksConsole, Pick<Principals, "addOperator" | "end"> {
  readonly simulated: boolean;
  readonly endpoint: string;
  readonly region: string;
  /** The operator's key. */
  readonly credentials: AccessKey;
  readonly stack: Pick<StackResources, "stackName" | "outputs" | "peoplePolicies">;
  /** A new access key of somebody of an identity pool, with these managed policies and principal tags. */
  readonly newPerson: (role: string, policies: readonly string[], tags: Readonly<Record<string, string>>) => AccessKey;
  readonly onError: (error: unknown) => void;
}

/** The console of a local cloud. */
export interface LocalConsole {
  readonly serve: RequestListener;
  /** Opens the page for whoever runs the cloud, who may do everything. */
  readonly link: string;
  /** Opens the page for somebody else, who has these roles as on AWS: the stack's policies decide what is allowed. */
  linkFor(person: string, roles: readonly Role[]): string;
  /** Ends all sessions, as time does on AWS; the links stay good. */
  expireSessions(): void;
}

/** Makes a cloud's console. Throws an `Error` when the stack lacks one of the outputs that the page is told. */
export function createLocalConsole(deps: LocalConsoleDeps): LocalConsole {
  const { endpoint, credentials, onError } = deps;
  const sessions = createConsoleSessions();
  const { link, ownProcesses } = consoleSecrets(credentials);
  const owner: Guest = { person: systemUser(), roles: Role.options, newKey: deps.addOperator };
  sessions.admit(owner, link);
  sessions.admit(owner, ownProcesses, "ownProcesses");
  return {
    serve: serveConsole({ page: deps.page, settings: settingsOf(deps), endpoint, sessions, onError }),
    link: consoleLink({ endpoint, credentials }),
    linkFor: (person, roles) => linkWith(endpoint, sessions.invite(guestWith(deps, person, roles))),
    expireSessions: () => deps.end(sessions.endAll()),
  };
}

function settingsOf({ stack, region, sending, simulated }: LocalConsoleDeps) {
  const output = (key: string) => {
    const found = stack.outputs.find((one) => one.key === key);
    if (found === undefined) throw new Error(`The stack has no output ${key}, which its page needs.`);
    return found.value;
  };
  return {
    stackName: stack.stackName,
    region,
    bucket: output("BucketName"),
    table: output("TableName"),
    nudges: output("NudgesQueueUrl"),
    signIn: { kind: "link" as const },
    sending: { ...sending, simulated },
  };
}

/** What the managed policies' logical ids begin with. */
const policyOf: Readonly<Record<Role, string>> = {
  uploader: "PeopleUploader",
  reader: "PeopleReader",
  operator: "PeopleOperator",
  approver: "PeopleApprover",
};

function guestWith({ stack, newPerson }: LocalConsoleDeps, person: string, roles: readonly Role[]): Guest {
  const policies = roles.map((role) => {
    const found = stack.peoplePolicies.find(({ logicalId }) => logicalId.startsWith(policyOf[role]));
    if (found === undefined) throw new Error(`The stack has no policy ${policyOf[role]}.`);
    return found.logicalId;
  });
  const newKey = (): Session["credentials"] =>
    newPerson(`console-${roles.toSorted().join("-")}`, policies, { [personTag]: person });
  return { person, roles: [...roles], tag: person, newKey };
}
