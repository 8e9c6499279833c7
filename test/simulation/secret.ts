import type { RunContext } from "./run-context.ts";

/** The simulated secret, and every password there has been. */
export interface SimSecret {
  /** All passwords, the newest last: none of them may be shown anywhere. */
  readonly passwords: readonly string[];
  /** What the secret holds now. */
  current(): { readonly username: string; readonly password: string; readonly version: string };
  /** Makes up another password, which the secret does not hold yet. */
  freshPassword(): string;
  /** Stores the newest password, as somebody does who was told of it. */
  storePassword(): void;
}

/** The secret with its first password. */
export function createSimSecret({ note }: Pick<RunContext, "note">): SimSecret {
  const first = "Geheim-0-pw";
  const passwords = [first];
  let stored = first;
  let version = 1;
  return {
    passwords,
    current: () => ({ username: "robot", password: stored, version: String(version) }),
    freshPassword: () => {
      const password = `Geheim-${passwords.length}-pw`;
      passwords.push(password);
      return password;
    },
    storePassword: () => {
      stored = passwords.at(-1) ?? first;
      version++;
      note(`the secret is now version ${version}`);
    },
  };
}
