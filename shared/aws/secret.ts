import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { readJson } from "../read-json.ts";

/** The phone system's account as the secret holds it, with the secret's version. */
export interface StoredCredentials {
  readonly username: string;
  readonly password: string;
  /** Changes whenever new credentials are stored. */
  readonly version: string;
}

/** Where the credentials are kept. */
export interface CredentialsSource {
  /** `undefined` until somebody has stored credentials: in a new stack's secret the user name or password is empty. */
  read(): Promise<StoredCredentials | undefined>;
}

const SecretJson = z.object({ username: z.string(), password: z.string() });

/** The secret in Secrets Manager: a JSON object with `username` and `password`. Errors never quote its content. */
export function createCredentialsSecret(client: SecretsManagerClient, secretArn: string): CredentialsSource {
  return {
    async read() {
      const current = await client.send(new GetSecretValueCommand({ SecretId: secretArn })).catch((error: unknown) => {
        if (hasNoValueYet(error)) return undefined;
        throw error;
      });
      if (current?.SecretString === undefined || current.VersionId === undefined) return undefined;
      const stored = SecretJson.safeParse(readJson(current.SecretString));
      if (!stored.success) {
        // Neither the parser's nor the schema's error may become the cause: both quote what they were given.
        throw new Error(
          `The secret ${secretArn} is not a JSON object with "username" and "password": store the credentials again.`,
        );
      }
      const { username, password } = stored.data;
      return username === "" || password === "" ? undefined : { username, password, version: current.VersionId };
    },
  };
}

/** Stores credentials as the secret's current version and returns that version. */
export async function writeCredentials(
  client: SecretsManagerClient,
  secretArn: string,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<string | undefined> {
  const { VersionId } = await client.send(
    new PutSecretValueCommand({ SecretId: secretArn, SecretString: JSON.stringify({ username, password }) }),
  );
  return VersionId;
}

/** Credentials remembered between invocations. */
export interface CachedSecret {
  /** The credentials read last; reads the secret if there are none yet. */
  current(): Promise<StoredCredentials | undefined>;
  /** Reads the secret again. Callers that ask while it is being read share that read. */
  refresh(): Promise<StoredCredentials | undefined>;
}

/** Remembers what `secret` holds. Missing credentials are not remembered, and a failed read keeps what was known. */
export function cachedSecret(secret: CredentialsSource): CachedSecret {
  let known: StoredCredentials | undefined;
  let reading: Promise<StoredCredentials | undefined> | undefined;

  const refresh = () => {
    reading ??= secret
      .read()
      .then((credentials) => {
        known = credentials;
        return credentials;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  return { current: async () => known ?? refresh(), refresh };
}

/** Secrets Manager reports a secret without a version like one that does not exist, but only the latter is a wrong setting. */
const hasNoValueYet = (error: unknown) =>
  error instanceof ResourceNotFoundException && error.message.includes("staging label");
