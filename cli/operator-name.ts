import { hostname, userInfo } from "node:os";
import type { Stack } from "./stack.ts";

/** Who works at this command line: by the name AWS knows them by, or else by that of this machine. */
export async function person(stack: Pick<Stack, "local" | "clientSettings">): Promise<string> {
  if (stack.local) return systemUser();
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(stack.clientSettings);
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    // "arn:aws:iam::123456789012:user/ann" and "…:assumed-role/Admin/ann" name the person at their end.
    return Arn?.split(":").at(-1) ?? `${systemUser()}@${hostname()}`;
  } catch {
    return `${systemUser()}@${hostname()}`;
  } finally {
    client.destroy();
  }
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
