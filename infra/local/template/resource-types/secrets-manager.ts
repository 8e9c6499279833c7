import * as z from "zod";
import { count, digest, refIsArn, resourceType, text } from "../resource-type.ts";
import { accountId, region } from "../resources.ts";

/** `AWS::SecretsManager::Secret` */
export const secret = resourceType("AWS::SecretsManager::Secret", {
  properties: z.object({
    Name: text.optional(),
    SecretString: z.string().optional(),
    GenerateSecretString: z
      .object({
        SecretStringTemplate: z.string().optional(),
        GenerateStringKey: z.string().optional(),
        PasswordLength: count.optional(),
      })
      .optional(),
  }),
  names: ({ named, plainName }) => {
    const name = named("Name", plainName);
    const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${digest(name, 6)}`;
    return refIsArn(name, arn, { Id: arn });
  },
  add: ({ own, properties }, draft) => {
    const { SecretString, GenerateSecretString: generate } = properties;
    draft.secrets.push({
      ...own,
      ...(SecretString !== undefined && { initialValue: SecretString }),
      ...(generate !== undefined && {
        generate: {
          length: generate.PasswordLength ?? 32,
          ...(generate.SecretStringTemplate !== undefined && { template: generate.SecretStringTemplate }),
          ...(generate.GenerateStringKey !== undefined && { key: generate.GenerateStringKey }),
        },
      }),
    });
  },
});
