import type { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import * as z from "zod";
import { groupFor } from "../../shared/console/groups.ts";
import type { Role } from "../../shared/console/session.ts";
import { copyable } from "../../shared/copyable.ts";
import { addPerson, listPeople, removePerson } from "../console-people.ts";
import { type ExitCode, exitCodes, Failure, Refused } from "../exit.ts";
import { isLocal, type Target, targetOptions, withStack } from "../target.ts";
import type { Terminal } from "../terminal.ts";

/** The options of the command line. */
export type PeopleOptions = Target & { readonly role?: readonly Role[]; readonly json?: boolean };

/** What is to be done about the people. */
export type PeopleDeed = "add" | "remove" | "list";

/**
 * Adds somebody to the people of a stack's console or changes what he may do, removes somebody, or lists them. Throws a
 * Refused for a wrong address or roles, and for this machine, whose console has no people.
 */
export async function people(
  what: PeopleDeed,
  mail: string | undefined,
  options: PeopleOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (isLocal(options)) {
    throw new Refused(
      "The console of this machine has no people: whoever has its link may do everything. Name a stack on AWS with --stack.",
    );
  }
  const asked = readAsked(what, mail, options);
  return withStack(options, async ({ stack }) => {
    const { ConsoleUrl: url, ConsoleUserPoolId: pool } = stack.outputs;
    if (url === undefined || pool === undefined) {
      throw new Failure(`The stack ${stack.name} has no console; set console to true in cdk.json and deploy it again.`);
    }
    // The client takes a while to load, and no other command needs it.
    const { CognitoIdentityProviderClient } = await import("@aws-sdk/client-cognito-identity-provider");
    const client = new CognitoIdentityProviderClient(stack.clientSettings);
    try {
      return await carryOut(asked, { client, pool, url, options, terminal });
    } finally {
      client.destroy();
    }
  });
}

/** What was asked for, judged. */
type Asked =
  | { readonly kind: "add"; readonly mail: string; readonly roles: readonly Role[] }
  | { readonly kind: "remove"; readonly mail: string }
  | { readonly kind: "list" };

function readAsked(what: PeopleDeed, mail: string | undefined, { role: roles }: PeopleOptions): Asked {
  if (what !== "add" && roles !== undefined) throw new Refused("--role is only for adding somebody.");
  if (what === "list") {
    if (mail !== undefined) throw new Refused("To list the people, name nobody.");
    return { kind: what };
  }
  if (mail === undefined) throw new Refused(`Name the e-mail address of the person to ${what}.`);
  if (!z.email().safeParse(mail).success) throw new Refused(`${mail} is not an e-mail address.`);
  if (what === "remove") return { kind: what, mail };
  if (roles === undefined) {
    throw new Refused(
      "Say what the person may do, with --role uploader, reader, operator or approver; several times for several.",
    );
  }
  return { kind: what, mail, roles };
}

interface Context {
  readonly client: CognitoIdentityProviderClient;
  /** The id of the user pool. */
  readonly pool: string;
  readonly url: string;
  readonly options: PeopleOptions;
  readonly terminal: Terminal;
}

async function carryOut(asked: Asked, { client, pool, url, options, terminal }: Context): Promise<ExitCode> {
  const tell = (json: object, ...lines: readonly string[]): ExitCode => {
    for (const line of options.json === true ? [JSON.stringify(json)] : lines) terminal.say(line);
    return exitCodes.complete;
  };
  switch (asked.kind) {
    case "add": {
      const group = groupFor(asked.roles);
      const { id, invited } = await addPerson({ client, pool }, asked.mail, group);
      const may = `${asked.mail} may use ${url} as ${group.roles.join(", ")}.`;
      const mail = invited ? " An invitation with a first password is on its way." : "";
      const blind = group.roles.includes("reader") ? [] : ["Without the role reader, no result of a list is shown."];
      return tell({ mail: asked.mail, id, roles: group.roles, invited }, `${may}${mail}`, ...blind);
    }
    case "remove": {
      const id = await removePerson({ client, pool }, asked.mail);
      if (id === undefined) {
        const list = copyable("people", "list", ...targetOptions(options));
        throw new Failure(`There is nobody with the address ${asked.mail}. To see who there is: ${list}`);
      }
      const sentence = `${asked.mail} cannot sign in any more; what is open in a browser works for another hour at most.`;
      return tell({ mail: asked.mail, id, roles: [] }, sentence);
    }
    case "list": {
      const found = await listPeople({ client, pool });
      const rows = found.map(({ mail, roles, state, id }) => [mail, roles.join(", ") || "nothing", state, id]);
      if (options.json === true || rows.length === 0) return tell(found);
      terminal.sayTable({ header: ["mail", "may", "state", "id"], rows });
      return exitCodes.complete;
    }
    default:
      return asked satisfies never;
  }
}
