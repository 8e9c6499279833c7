import { devNull } from "node:os";
import type { AccessKey } from "../gateway/principals.ts";
import { type FunctionResource, region } from "../template/resources.ts";

/** The variables that Lambda itself sets. The machine's own AWS configuration must not reach the functions. */
export function lambdaEnvironment(
  fn: FunctionResource,
  endpoint: string,
  { accessKeyId, secretAccessKey }: AccessKey,
): Readonly<Record<string, string>> {
  return {
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    // Not "on-demand": a start here has no more of a processor than what follows, and a sender need not practise in it.
    AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency",
  };
}
