import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { clientOf, startSmallCloud } from "./small-cloud.ts";

test("a value that could not be written down does not count as stored, and is stored when that is tried again", async () => {
  await using it = await startSmallCloud({}, { functions: false });
  const client = new SecretsManagerClient({ ...clientOf(it.cloud), maxAttempts: 1 });
  const SecretId = it.cloud.stack.secrets[0]?.arn;
  const before = await client.send(new GetSecretValueCommand({ SecretId })).catch(() => undefined);
  const store = () => client.send(new PutSecretValueCommand({ SecretId, SecretString: "new" }));
  const inTheWay = join(it.directory, "secrets.json.next");
  await mkdir(inTheWay);
  await expect(store()).rejects.toThrow();
  const meanwhile = await client.send(new GetSecretValueCommand({ SecretId })).catch(() => undefined);
  expect(meanwhile?.SecretString).toBe(before?.SecretString);
  await rm(inTheWay, { recursive: true });
  await store();
  expect(await readFile(join(it.directory, "secrets.json"), "utf8")).toContain('"new"');
  client.destroy();
});
