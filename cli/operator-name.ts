import { hostname } from "node:os";
import { systemUser } from "../infra/local/gateway/system-user.ts";
import type { Approver } from "../shared/campaign/identity.ts";
import { personOf } from "../shared/campaign/person.ts";
import { Failure } from "./exit.ts";
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

/** The person at this command line as an approver: what AWS says of the credentials. Throws a Failure for what it does not. */
export async function approverHere(stack: Pick<Stack, "clientSettings">): Promise<Approver> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(stack.clientSettings);
  try {
    const { Arn = "", UserId } = await client.send(new GetCallerIdentityCommand({}));
    const isUser = UserId?.startsWith("AIDA") === true;
    if (UserId === undefined || !(isUser || UserId.startsWith("AROA"))) {
      throw new Failure(
        "Only an IAM user or somebody with a role can approve; AWS knows these credentials as neither.",
      );
    }
    // IAM Identity Center names sessions itself; anybody else who takes a role names his own.
    const vouchedFor = isUser || Arn.includes(":assumed-role/AWSReservedSSO_");
    return { kind: vouchedFor ? "person" : "role", userId: UserId };
  } finally {
    client.destroy();
  }
}
