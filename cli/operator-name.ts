import { hostname, userInfo } from "node:os";
import type { Stack } from "./stack.ts";

/** The name of the person at this command line: the one AWS knows, otherwise the user of this machine. */
export async function operatorName(stack: Pick<Stack, "local" | "clientSettings">): Promise<string> {
  if (stack.local) return systemUser();
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(stack.clientSettings);
  try {
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    // "arn:aws:iam::123456789012:user/ann" and "…:assumed-role/Admin/ann" end with the person's name.
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
