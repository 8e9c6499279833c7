import { randomInt, randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { dirname } from "node:path";
import * as z from "zod";
import type { Service } from "../gateway/call.ts";
import { notAuthorized, parseJsonObject, sendJson, sendJsonError, targetOf } from "../gateway/message-bodies.ts";
import { replaceFile } from "../replace-file.ts";
import type { SecretResource } from "../template/resources.ts";

const StoredSecret = z.object({
  value: z.string(),
  versionId: z.string(),
  /** The version before this one. */
  previous: z.string().optional(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
});
type StoredSecret = z.infer<typeof StoredSecret>;
const SecretsFile = z.record(z.string(), StoredSecret);

const SecretRequest = z.object({
  SecretId: z.string().optional(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
  SecretString: z.string().optional(),
  ClientRequestToken: z.string().optional(),
});
type SecretRequest = z.infer<typeof SecretRequest>;

/**
 * Secrets Manager with the template's secrets, kept in one file that only its owner may read. A new value gets a new
 * version id; storing the same value again keeps the id it has. Throws an `Error` when the file cannot be read.
 */
export async function openSecretsManager(file: string, secrets: readonly SecretResource[]): Promise<Service> {
  const values = await openSecretValues(file);
  for (const secret of secrets) {
    if (values.get(secret.name) !== undefined) continue;
    const initial = initialValue(secret);
    if (initial !== undefined) await values.put(secret.name, initial);
  }

  return async (call) => {
    const { request, response } = call;
    const operation = targetOf(request);
    call.count(operation);
    const parsed = SecretRequest.safeParse(parseJsonObject(await call.body()));
    if (!parsed.success) {
      const message = "The request is not one that Secrets Manager knows.";
      return sendJsonError(response, 400, "InvalidRequestException", message);
    }
    const input = parsed.data;
    const secret = secrets.find(({ name, arn }) => input.SecretId === name || input.SecretId === arn);
    const arn = secret?.arn ?? "*";
    if (!call.allows(`secretsmanager:${operation}`, arn)) {
      const message = notAuthorized(call.principal, `secretsmanager:${operation}`, arn);
      return sendJsonError(response, 400, "AccessDeniedException", message);
    }
    if (operation === "ListSecrets") {
      return sendJson(response, 200, { SecretList: secrets.map((entry) => ({ ARN: entry.arn, Name: entry.name })) });
    }
    if (secret === undefined) {
      const message = "Secrets Manager can't find the specified secret.";
      return sendJsonError(response, 400, "ResourceNotFoundException", message);
    }
    switch (operation) {
      case "GetSecretValue":
        return sendValue(response, secret, values.get(secret.name), input);
      case "DescribeSecret":
        return sendDescription(response, secret, values.get(secret.name));
      case "PutSecretValue":
      case "UpdateSecret": {
        if (input.SecretString === undefined) {
          return sendJsonError(response, 400, "InvalidRequestException", "You must provide SecretString.");
        }
        const versionId = await values.put(secret.name, input.SecretString, input.ClientRequestToken);
        return sendJson(response, 200, { ...labels(secret), VersionId: versionId, VersionStages: ["AWSCURRENT"] });
      }
      default: {
        const message = `The embedded cloud's Secrets Manager has no ${operation}.`;
        return sendJsonError(response, 400, "UnknownOperationException", message);
      }
    }
  };
}

const labels = (secret: SecretResource) => ({ ARN: secret.arn, Name: secret.name });

function sendValue(
  response: ServerResponse,
  secret: SecretResource,
  current: StoredSecret | undefined,
  input: SecretRequest,
): void {
  const stage = input.VersionStage ?? "AWSCURRENT";
  const versionId = input.VersionId ?? current?.versionId;
  if (current === undefined || versionId !== current.versionId || stage !== "AWSCURRENT") {
    const label = input.VersionId ?? `staging label: ${stage}`;
    const message = `Secrets Manager can't find the specified secret value for ${label}`;
    sendJsonError(response, 400, "ResourceNotFoundException", message);
    return;
  }
  sendJson(response, 200, {
    ...labels(secret),
    VersionId: current.versionId,
    SecretString: current.value,
    VersionStages: ["AWSCURRENT"],
    CreatedDate: current.createdAt / 1000,
  });
}

function sendDescription(response: ServerResponse, secret: SecretResource, current: StoredSecret | undefined): void {
  sendJson(response, 200, {
    ...labels(secret),
    ...(current !== undefined && {
      LastChangedDate: current.createdAt / 1000,
      VersionIdsToStages: {
        [current.versionId]: ["AWSCURRENT"],
        ...(current.previous !== undefined && { [current.previous]: ["AWSPREVIOUS"] }),
      },
    }),
  });
}

/** The secrets' values by name, in a file that is rewritten with every change. */
async function openSecretValues(file: string) {
  const values = new Map(Object.entries(await readSecrets(file)));
  let saving: Promise<void> = Promise.resolve();
  /** A value counts when it is in the file: one that could not be written would be taken for stored when it is stored again. */
  const save = (name: string, secret: StoredSecret): Promise<void> => {
    saving = saving
      .catch(() => {})
      .then(async () => {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await replaceFile(file, JSON.stringify({ ...Object.fromEntries(values), [name]: secret }));
        values.set(name, secret);
      });
    return saving;
  };
  return {
    get: (name: string): StoredSecret | undefined => values.get(name),
    /** Returns the value's version id: the existing one when the value has not changed. */
    put: async (name: string, value: string, newVersionId?: string): Promise<string> => {
      const before = values.get(name);
      if (before !== undefined && before.value === value) return before.versionId;
      const versionId = newVersionId ?? randomUUID();
      await save(name, {
        value,
        versionId,
        createdAt: Date.now(),
        ...(before !== undefined && { previous: before.versionId }),
      });
      return versionId;
    },
  };
}

async function readSecrets(file: string): Promise<z.infer<typeof SecretsFile>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const parsed = SecretsFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${file} is not a secrets file; remove it and store the credentials again.`);
  return parsed.data;
}

/** What AWS would put into a new secret: nothing, the template's text, or a random password in its template. */
function initialValue(secret: SecretResource): string | undefined {
  const { generate } = secret;
  if (generate === undefined) return secret.initialValue;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const password = Array.from({ length: generate.length }, () => alphabet[randomInt(alphabet.length)]).join("");
  if (generate.template === undefined || generate.key === undefined) return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(generate.template));
  return JSON.stringify({ ...template, [generate.key]: password });
}
