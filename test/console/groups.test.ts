import { expect, test } from "vitest";
import { groupFor, groups, rolesIn } from "../../shared/console/groups.ts";
import { Role } from "../../shared/console/session.ts";

/** Every choice of roles but none. */
const choices = Array.from({ length: 2 ** Role.options.length - 1 }, (_, at) =>
  Role.options.filter((_role, bit) => ((at + 1) >> bit) % 2 === 1),
);

test.each(choices.map((roles) => [roles]))(
  "there is one group for %j, and it allows no more than that implies",
  (roles) => {
    const group = groupFor(roles);
    const implied = new Set([
      ...roles,
      // An operator's policy lets upload and read; an approver's lets read.
      ...(roles.includes("operator") ? ["uploader", "reader"] : []),
      ...(roles.includes("approver") ? ["reader"] : []),
    ]);
    expect(new Set(group.roles)).toEqual(implied);
    expect(rolesIn([group.name])).toEqual(group.roles);
  },
);

test("of several groups the first counts, and of none that is known nothing is allowed", () => {
  expect(rolesIn(["reader", "approver"])).toEqual(["reader", "approver"]);
  expect(rolesIn(["uploader", "operator"])).toEqual(rolesIn(["operator"]));
  expect(rolesIn(["everybody"])).toEqual([]);
  expect(rolesIn([])).toEqual([]);
});

test("whether AWS looks for whole names or for parts of them, it finds the same group", () => {
  for (const { name, roles } of groups) {
    const [found] = groups.filter((one) => JSON.stringify([name]).includes(one.name));
    expect(found?.roles).toEqual(roles);
  }
});
