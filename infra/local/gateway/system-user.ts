import { userInfo } from "node:os";

/** The user of this machine who runs this process, as reports and history name the person. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
