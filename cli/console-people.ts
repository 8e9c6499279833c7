import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUserGlobalSignOutCommand,
  type CognitoIdentityProviderClient,
  paginateListUsers,
  paginateListUsersInGroup,
  UserNotFoundException,
  type UserType,
} from "@aws-sdk/client-cognito-identity-provider";
import { groups, type PeopleGroup, rolesIn } from "../shared/console/groups.ts";
import type { Role } from "../shared/console/session.ts";

/** A user pool, and what it is asked with. */
interface UserPool {
  readonly client: CognitoIdentityProviderClient;
  /** The pool's id. */
  readonly pool: string;
}

/** Somebody who may use the console. */
export interface Person {
  readonly mail: string;
  /** What tells the person apart in the history and in approvals: the pool's `sub`. */
  readonly id: string;
  readonly roles: readonly Role[];
  /** `invited`: has not signed in yet. */
  readonly state: "invited" | "active" | "disabled";
}

/**
 * Puts somebody into a group and into no other, and then sends an invitation by mail to who has not signed in yet. Done again,
 * or after it was cut off, it comes to the same.
 */
export async function addPerson(
  { client, pool }: UserPool,
  mail: string,
  group: PeopleGroup,
): Promise<{ readonly id: string; readonly invited: boolean }> {
  const { id, state } = (await find({ client, pool }, mail)) ?? (await create({ client, pool }, mail));
  await onlyIn({ client, pool }, mail, group);
  const invited = state === "FORCE_CHANGE_PASSWORD";
  if (invited) {
    const again = { DesiredDeliveryMediums: ["EMAIL" as const], MessageAction: "RESEND" as const };
    await client.send(new AdminCreateUserCommand({ UserPoolId: pool, Username: mail, ...again }));
  }
  return { id, invited };
}

/** Makes somebody who is in no group yet, and whom nobody has told. */
async function create({ client, pool }: UserPool, mail: string) {
  const { User } = await client.send(
    new AdminCreateUserCommand({
      UserPoolId: pool,
      Username: mail,
      MessageAction: "SUPPRESS",
      // Whoever reads the invitation there has the address; without this, no password could be reset by mail.
      UserAttributes: [
        { Name: "email", Value: mail },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  return { id: attribute(User?.Attributes, "sub"), state: User?.UserStatus };
}

/** Into the new group first, so that nobody is left without one. */
async function onlyIn({ client, pool }: UserPool, mail: string, group: PeopleGroup): Promise<void> {
  const whom = { UserPoolId: pool, Username: mail };
  await client.send(new AdminAddUserToGroupCommand({ ...whom, GroupName: group.name }));
  const { Groups = [] } = await client.send(new AdminListGroupsForUserCommand(whom));
  for (const { GroupName } of Groups) {
    if (GroupName === group.name || !groups.some(({ name }) => name === GroupName)) continue;
    await client.send(new AdminRemoveUserFromGroupCommand({ ...whom, GroupName }));
  }
}

/** Removes somebody, and ends what is signed in. Returns the person's id, or `undefined` when there is nobody of this address. */
export async function removePerson({ client, pool }: UserPool, mail: string): Promise<string | undefined> {
  const known = await find({ client, pool }, mail);
  if (known === undefined) return undefined;
  const whom = { UserPoolId: pool, Username: mail };
  await client.send(new AdminUserGlobalSignOutCommand(whom));
  await client.send(new AdminDeleteUserCommand(whom));
  return known.id;
}

/** Everybody, by address. */
export async function listPeople({ client, pool }: UserPool): Promise<readonly Person[]> {
  const memberships = new Map<string, string[]>();
  for (const { name } of groups) {
    for await (const { Users = [] } of paginateListUsersInGroup({ client }, { UserPoolId: pool, GroupName: name })) {
      for (const { Username = "" } of Users) memberships.set(Username, [...(memberships.get(Username) ?? []), name]);
    }
  }
  const people: Person[] = [];
  for await (const { Users = [] } of paginateListUsers({ client }, { UserPoolId: pool })) {
    for (const user of Users) {
      people.push({
        mail: attribute(user.Attributes, "email"),
        id: attribute(user.Attributes, "sub"),
        roles: rolesIn(memberships.get(user.Username ?? "") ?? []),
        state: stateOf(user),
      });
    }
  }
  return people.toSorted((a, b) => (a.mail.toLowerCase() < b.mail.toLowerCase() ? -1 : 1));
}

function stateOf({ Enabled, UserStatus }: UserType): Person["state"] {
  if (Enabled === false) return "disabled";
  return UserStatus === "FORCE_CHANGE_PASSWORD" ? "invited" : "active";
}

async function find({ client, pool }: UserPool, mail: string) {
  try {
    const found = await client.send(new AdminGetUserCommand({ UserPoolId: pool, Username: mail }));
    return { id: attribute(found.UserAttributes, "sub"), state: found.UserStatus };
  } catch (error) {
    if (error instanceof UserNotFoundException) return undefined;
    throw error;
  }
}

const attribute = (attributes: UserType["Attributes"], name: string): string =>
  attributes?.find(({ Name }) => Name === name)?.Value ?? "";
