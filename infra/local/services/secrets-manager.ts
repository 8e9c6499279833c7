import { randomInt, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import type { Service } from "../gateway/gateway.ts";
import { notAuthorized, parseJsonObject, readBody, sendJson, targetOf } from "../gateway/message-bodies.ts";
import type { SecretResource } from "../template/resources.ts";

const Stored = z.object({
  value: z.string(),
  versionId: z.string(),
  previous: z.string().optional(),
  createdAt: z.number(),
});
const File = z.record(z.string(), Stored);

/**
 * Secrets Manager with the template's secrets, kept in one file that only its owner may read. A new value gets a new
 * version id, the same value keeps the one it has.
 */
export async function openSecrets(file: string, secrets: readonly SecretResource[]): Promise<Service> {
  const values = new Map(Object.entries(await readSecrets(file)));
  let saving: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    saving = saving
      .catch(() => {})
      .then(async () => {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(`${file}.next`, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
        await rename(`${file}.next`, file);
      });
    return saving;
  };
  const store = async (secret: SecretResource, value: string, versionId?: string): Promise<string> => {
    const before = values.get(secret.name);
    if (before !== undefined && before.value === value) return before.versionId;
    const version = versionId ?? randomUUID();
    values.set(secret.name, {
      value,
      versionId: version,
      createdAt: Date.now(),
      ...(before !== undefined && { previous: before.versionId }),
    });
    await save();
    return version;
  };
  for (const secret of secrets) {
    if (values.has(secret.name)) continue;
    const initial = initialValue(secret);
    if (initial !== undefined) await store(secret, initial);
  }

  return async (call) => {
    const { request, response } = call;
    const operation = targetOf(request);
    call.count(operation);
    const parsed = Input.safeParse(parseJsonObject(await readBody(request)));
    const refuse = (type: string, message: string) =>
      sendJson(response, 400, { __type: type, Message: message, message });
    if (!parsed.success) return refuse("InvalidRequestException", "The request is not one that Secrets Manager knows.");
    const input = parsed.data;
    const secret = secrets.find(({ name, arn }) => input.SecretId === name || input.SecretId === arn);
    const arn = secret?.arn ?? "*";
    if (!call.allows(`secretsmanager:${operation}`, arn)) {
      return refuse("AccessDeniedException", notAuthorized(call.principal, `secretsmanager:${operation}`, arn));
    }
    if (operation === "ListSecrets") {
      return sendJson(response, 200, { SecretList: secrets.map((entry) => ({ ARN: entry.arn, Name: entry.name })) });
    }
    if (secret === undefined) {
      return refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }
    const current = values.get(secret.name);
    switch (operation) {
      case "GetSecretValue": {
        const wanted = input.VersionId ?? current?.versionId;
        if (
          current === undefined ||
          wanted !== current.versionId ||
          (input.VersionStage ?? "AWSCURRENT") !== "AWSCURRENT"
        ) {
          const label = input.VersionId ?? `staging label: ${input.VersionStage ?? "AWSCURRENT"}`;
          return refuse(
            "ResourceNotFoundException",
            `Secrets Manager can't find the specified secret value for ${label}`,
          );
        }
        return sendJson(response, 200, {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: current.versionId,
          SecretString: current.value,
          VersionStages: ["AWSCURRENT"],
          CreatedDate: current.createdAt / 1000,
        });
      }
      case "DescribeSecret":
        return sendJson(response, 200, {
          ARN: secret.arn,
          Name: secret.name,
          ...(current !== undefined && {
            LastChangedDate: current.createdAt / 1000,
            VersionIdsToStages: {
              [current.versionId]: ["AWSCURRENT"],
              ...(current.previous !== undefined && { [current.previous]: ["AWSPREVIOUS"] }),
            },
          }),
        });
      case "PutSecretValue":
      case "UpdateSecret": {
        if (input.SecretString === undefined)
          return refuse("InvalidRequestException", "You must provide SecretString.");
        const versionId = await store(secret, input.SecretString, input.ClientRequestToken);
        return sendJson(response, 200, {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: versionId,
          VersionStages: ["AWSCURRENT"],
        });
      }
      default:
        return refuse("UnknownOperationException", `The embedded cloud has no ${operation} of Secrets Manager.`);
    }
  };
}

const Input = z.object({
  SecretId: z.string().optional(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
  SecretString: z.string().optional(),
  ClientRequestToken: z.string().optional(),
});

async function readSecrets(file: string): Promise<z.infer<typeof File>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const parsed = File.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`${file} is not the secrets file it should be; remove it and store the credentials again.`);
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
