import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Session } from "../../../shared/console/session.ts";

/** Who a link lets in: how the page names the person and what it offers, and how access keys are made for it. */
export interface Guest extends Pick<Session, "person" | "roles" | "tag"> {
  /** A new access key with the guest's rights. */
  readonly newKey: () => Session["credentials"];
}

/** Who is let into the console, by which secret. */
export interface ConsoleSessions {
  /** Lets a guest in by a secret, until the cloud ends; `ownProcesses`: only processes of the user who runs the cloud. */
  admit(guest: Guest, secret: string, only?: "ownProcesses"): void;
  /** The same by a new secret, which it returns. */
  invite(guest: Guest): string;
  /** Whom an `authorization` header lets in; `isOwn` says whether it comes from a process of this user's. */
  guestOf(authorization: string | undefined, isOwn: () => Promise<boolean>): Promise<Guest | undefined>;
  /** The guest's session: the same one until it is ended. */
  sessionOf(guest: Guest): Session;
  /** Ends all sessions; returns their access keys. Whoever has a link gets another session. */
  endAll(): readonly string[];
}

/** Keeps links and sessions in memory. */
export function createConsoleSessions(): ConsoleSessions {
  const links: { readonly guest: Guest; readonly digest: Buffer; readonly onlyOwn: boolean }[] = [];
  const sessions = new Map<Guest, Session>();
  const admit: ConsoleSessions["admit"] = (guest, secret, only) => {
    links.push({ guest, digest: digestOf(secret), onlyOwn: only === "ownProcesses" });
  };
  return {
    admit,
    invite: (guest) => {
      const secret = randomBytes(32).toString("base64url");
      admit(guest, secret);
      return secret;
    },
    guestOf: async (authorization, isOwn) => {
      const [, secret] = /^Bearer ([\w-]{43})$/iu.exec(authorization ?? "") ?? [];
      if (secret === undefined) return undefined;
      const digest = digestOf(secret);
      // All are compared, so that how long it takes says nothing.
      const [link] = links.filter((one) => timingSafeEqual(one.digest, digest));
      return link === undefined || (link.onlyOwn && !(await isOwn())) ? undefined : link.guest;
    },
    sessionOf: (guest) => {
      const { person, roles, tag, newKey } = guest;
      const session = sessions.get(guest) ?? { person, roles, tag, credentials: newKey() };
      sessions.set(guest, session);
      return session;
    },
    endAll: () => {
      const keys = [...sessions.values()].map(({ credentials }) => credentials.accessKeyId);
      sessions.clear();
      return keys;
    },
  };
}

/** Of one length for all secrets. */
const digestOf = (secret: string) => createHash("sha256").update(secret).digest();
