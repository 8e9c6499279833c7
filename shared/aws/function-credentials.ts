/** Credentials as the SDK's clients take them. */
interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/**
 * Replaces the SDK's `@aws-sdk/credential-provider-node` in a function's bundle. Functions need none of its other sources
 * (profiles, single sign-on, metadata services, and the clients of three more services for them): Lambda gives a function
 * its role's credentials in its environment, and the SDK's chain looks there first.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = () => async (): Promise<RoleCredentials> => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error("The function's environment has no AWS credentials; Lambda sets AWS_ACCESS_KEY_ID and the others.");
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
};
