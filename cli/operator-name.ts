import { hostname } from "node:os";
import { systemUser } from "../infra/local/gateway/system-user.ts";
import { personOf } from "../shared/campaign/person.ts";
import type { Stack } from "./stack.ts";

/**
 * The name of the person at this command line: the one AWS knows, otherwise the user of this machine. The same as that of
 * an upload by the same person (`personOf`), as far as AWS tells.
 */
export async function operatorName(stack: Pick<Stack, "local" | "clientSettings">): Promise<string> {
  if (stack.local) return systemUser();
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const fallback = `${systemUser()}@${hostname()}`;
  const client = new STSClient(stack.clientSettings);
  try {
    const { UserId } = await client.send(new GetCallerIdentityCommand({}));
    // "AROAEXAMPLE:ann" for a role's session, "AIDAEXAMPLE" for a user: what S3's events have, too.
    return UserId === undefined ? fallback : personOf(UserId);
  } catch {
    return fallback;
  } finally {
    client.destroy();
  }
}
