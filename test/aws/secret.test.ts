import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import {
  cachedSecret,
  createCredentialsSecret,
  type StoredCredentials,
  writeCredentials,
} from "../../shared/aws/secret.ts";
import { startServer } from "./emulators.ts";

const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:enswitch";

/** A Secrets Manager with one secret, whose current version holds `text` (none at all when undefined). */
async function startSecrets(text?: string) {
  let current = text === undefined ? undefined : { text, version: "v1" };
  const actions: string[] = [];
  const server = await startServer(async (request, response) => {
    const body: { SecretString?: string; SecretId: string } = JSON.parse(
      Buffer.concat(await Array.fromAsync(request)).toString(),
    );
    const action = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    actions.push(action);
    const reply = (status: number, value: object) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(value));
    const absent = (message: string) => reply(400, { __type: "ResourceNotFoundException", message });
    if (body.SecretId !== arn) return absent("Secrets Manager can't find the specified secret.");
    switch (action) {
      case "GetSecretValue":
        return current === undefined
          ? absent("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT")
          : reply(200, { SecretString: current.text, VersionId: current.version, VersionStages: ["AWSCURRENT"] });
      case "PutSecretValue":
        current = { text: body.SecretString ?? "", version: `v${actions.length + 1}` };
        return reply(200, { VersionId: current.version });
      default:
        return reply(400, { __type: "InvalidAction" });
    }
  });
  const client = new SecretsManagerClient(server.settings);
  return {
    client,
    actions,
    secret: createCredentialsSecret(client, arn),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("the credentials secret", () => {
  test("gives user name, password and version", async () => {
    await using secrets = await startSecrets('{"username":"u","password":"p","note":"x"}');
    expect(await secrets.secret.read()).toEqual({ username: "u", password: "p", version: "v1" });
  });

  test("gives what was written last, under another version", async () => {
    await using secrets = await startSecrets('{"username":"","password":"generated"}');
    const written = await writeCredentials(secrets.client, arn, { username: "ü", password: 'p"\\' });
    expect(written).not.toBe("v1");
    expect(await secrets.secret.read()).toEqual({ username: "ü", password: 'p"\\', version: written });
  });

  test.each([
    ["an empty user name", '{"username":"","password":"generated"}'],
    ["an empty password", '{"username":"u","password":""}'],
    ["no value at all", undefined],
  ])("with %s is not set yet", async (_name, text) => {
    await using secrets = await startSecrets(text);
    expect(await secrets.secret.read()).toBeUndefined();
  });

  test.each(["hunter2", '{"username":"hunter2"}', '{"username":"hunter2","password":7}', '["hunter2"]', '{"hunter2'])(
    "with unreadable content is an error that does not quote it: %s",
    async (text) => {
      await using secrets = await startSecrets(text);
      const error: unknown = await secrets.secret.read().catch((thrown: unknown) => thrown);
      if (!(error instanceof Error)) throw new Error("nothing was thrown");
      expect(error.message).toContain("store the credentials again");
      expect(`${error.stack} ${error.cause}`).not.toContain("hunter2");
    },
  );

  test("that does not exist is an error", async () => {
    await using secrets = await startSecrets();
    await expect(createCredentialsSecret(secrets.client, "other").read()).rejects.toThrow("can't find");
  });
});

describe("a cached secret", () => {
  const version = (n: number): StoredCredentials => ({ username: "u", password: "p", version: `v${n}` });
  /** A secret of which each reading waits until it is answered. */
  function waiting() {
    const readings: PromiseWithResolvers<StoredCredentials | undefined>[] = [];
    const cached = cachedSecret({
      read: () => {
        const reading = Promise.withResolvers<StoredCredentials | undefined>();
        readings.push(reading);
        return reading.promise;
      },
    });
    return { readings, cached };
  }

  test("is read once for all who ask", async () => {
    const { readings, cached } = waiting();
    const asked = [cached.current(), cached.current(), cached.refresh()];
    readings[0]?.resolve(version(1));
    expect(await Promise.all(asked)).toEqual([version(1), version(1), version(1)]);
    expect(await cached.current()).toEqual(version(1));
    expect(readings).toHaveLength(1);
  });

  test("is read afresh by a refresh, which those who ask meanwhile share", async () => {
    const { readings, cached } = waiting();
    const first = cached.current();
    readings[0]?.resolve(version(1));
    await first;
    const refreshes = [cached.refresh(), cached.refresh()];
    expect(await cached.current()).toEqual(version(1));
    readings[1]?.resolve(version(2));
    expect(await Promise.all(refreshes)).toEqual([version(2), version(2)]);
    expect(await cached.current()).toEqual(version(2));
    expect(readings).toHaveLength(2);
  });

  test("that is not set yet is asked for again", async () => {
    const { readings, cached } = waiting();
    const first = cached.current();
    readings[0]?.resolve(undefined);
    expect(await first).toBeUndefined();
    const second = cached.current();
    readings[1]?.resolve(version(1));
    expect(await second).toEqual(version(1));
  });

  test("keeps what it knew when reading fails", async () => {
    const { readings, cached } = waiting();
    const first = cached.current();
    readings[0]?.resolve(version(1));
    await first;
    const refresh = cached.refresh();
    readings[1]?.reject(new Error("unreachable"));
    await expect(refresh).rejects.toThrow("unreachable");
    expect(await cached.current()).toEqual(version(1));
  });
});
