import { hostname, userInfo } from "node:os";
import type { Approver } from "../shared/campaign/identity.ts";
import { Failure } from "./exit.ts";
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

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
