import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { readJson } from "../read-json.ts";

/** The account at the phone system, and which version of the secret it came from. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Changes whenever other credentials are stored. */
  readonly version: string;
}

/** The secret that holds the credentials. */
export interface CredentialsSecret {
  /** `undefined` until somebody stored credentials: a fresh stack's secret has an empty user name or password. */
  read(): Promise<Credentials | undefined>;
}

const Stored = z.object({ username: z.string(), password: z.string() });

/** The secret in Secrets Manager: a JSON object with `username` and `password`. Errors never contain its content. */
export function createCredentialsSecret(client: SecretsManagerClient, secretArn: string): CredentialsSecret {
  return {
    async read() {
      const current = await client.send(new GetSecretValueCommand({ SecretId: secretArn })).catch((error: unknown) => {
        if (hasNoValueYet(error)) return undefined;
        throw error;
      });
      if (current?.SecretString === undefined || current.VersionId === undefined) return undefined;
      const stored = Stored.safeParse(readJson(current.SecretString));
      if (!stored.success) {
        // Neither the parser's nor the schema's error may become the cause: both quote what they were given.
        throw new Error(
          `The secret ${secretArn} is not a JSON object with "username" and "password": store the credentials again with \`bulk-send credentials\`.`,
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
  /** What was read last; read now when there is nothing yet. */
  current(): Promise<Credentials | undefined>;
  /** Reads the secret afresh. Whoever asks while it is being read shares that answer. */
  refresh(): Promise<Credentials | undefined>;
}

/** Remembers what `secret` holds. Missing credentials are never remembered, and a failed read leaves what was known. */
export function cachedSecret(secret: CredentialsSecret): CachedSecret {
  let known: Credentials | undefined;
  let reading: Promise<Credentials | undefined> | undefined;

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

/** A secret without any version is reported like one that does not exist, but the latter is a wrong setting. */
const hasNoValueYet = (error: unknown) =>
  error instanceof ResourceNotFoundException && error.message.includes("staging label");
