import type { Role } from "./session.ts";

/** A group of people who use the console on AWS, and what they may do there. */
export interface PeopleGroup {
  /** As the user pool calls it. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/**
 * The groups of the user pool, in the order in which the identity pool looks for them: AWS gives a session one role, so that
 * of somebody who is in several groups the first counts. Who is to do what two groups allow is in a group for both. A group
 * whose name contains another's comes before it, because AWS does not say whether it looks for whole names.
 */
export const groups: readonly PeopleGroup[] = [
  { name: "operator-approver", roles: ["uploader", "reader", "operator", "approver"] },
  // Who operates a stack may upload and read as well.
  { name: "operator", roles: ["uploader", "reader", "operator"] },
  // Who approves reads what it is about.
  { name: "approver-uploader", roles: ["uploader", "reader", "approver"] },
  { name: "approver", roles: ["reader", "approver"] },
  { name: "uploader-reader", roles: ["uploader", "reader"] },
  { name: "uploader", roles: ["uploader"] },
  { name: "reader", roles: ["reader"] },
];

/** What somebody may do who is in these groups: what the first of them allows; nothing without one that is known. */
export const rolesIn = (names: readonly string[]): readonly Role[] =>
  groups.find(({ name }) => names.includes(name))?.roles ?? [];

/** The group for somebody who is to have these roles: it allows them, and as little more as there is. */
export function groupFor(roles: readonly Role[]): PeopleGroup {
  const [group] = groups
    .filter((one) => roles.every((role) => one.roles.includes(role)))
    .toSorted((a, b) => a.roles.length - b.roles.length);
  if (group === undefined) throw new Error(`No group has the roles ${roles.join(", ")}.`);
  return group;
}
