import type { Role } from "../../shared/console/session.ts";

/** What the page offers somebody. */
export interface Abilities {
  readonly upload: boolean;
  readonly read: boolean;
  readonly operate: boolean;
  readonly approve: boolean;
}

/** What somebody with these roles can do; what the services allow is another matter, and decides. */
export const abilitiesOf = (roles: readonly Role[]): Abilities => ({
  upload: roles.includes("uploader") || roles.includes("operator"),
  read: roles.some((role) => role !== "uploader"),
  operate: roles.includes("operator"),
  approve: roles.includes("approver"),
});
