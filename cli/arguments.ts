import { InvalidArgumentError } from "commander";
import { rateLimits } from "../shared/account/rate-limits.ts";
import { Role } from "../shared/console/session.ts";

/** Reads a rate in calls per second. Throws Commander's InvalidArgumentError for any other text. */
export function readRate(text: string): number {
  const value = Number(text);
  if (!(value >= rateLimits.min && value <= rateLimits.max) || text.trim() === "") {
    throw new InvalidArgumentError(
      `It must be a number from ${rateLimits.min} to ${rateLimits.max}, in calls per second.`,
    );
  }
  return value;
}

/** Reads a directory's path. Throws Commander's InvalidArgumentError for an empty one, such as a shell makes of a variable that is not set. */
export function readDirectory(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("Name a directory; this is empty.");
  return text;
}

/** Reads a TCP port. Throws Commander's InvalidArgumentError for any other text. */
export function readPort(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535) {
    throw new InvalidArgumentError("It must be a port, from 1 to 65535.");
  }
  return value;
}

/** A whole number above 0, in digits. */
export function readCount(text: string): number {
  const count = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError("It must be a whole number above 0.");
  return count;
}

/** Reads a role of the console, after those that were given before. Throws Commander's InvalidArgumentError for any other text. */
export function readRoles(text: string, before: readonly Role[] = []): readonly Role[] {
  const role = Role.safeParse(text);
  if (!role.success) throw new InvalidArgumentError(`It must be ${listed(Role.options)}.`);
  return [...before, role.data];
}

const listed = (words: readonly string[]) => `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

/** Reads a share from 0 to 1. Throws Commander's InvalidArgumentError for any other text. */
export function readShare(text: string): number {
  const share = Number(text);
  if (!(share >= 0 && share <= 1) || text.trim() === "") {
    throw new InvalidArgumentError("It must be a number from 0 to 1; 0.1 is a tenth.");
  }
  return share;
}

/** Adds a value to those that an option was given before. */
export const readAlso = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
