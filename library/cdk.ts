/** What a CDK app may use of bulk-send, by `import … from "bulk-send/cdk"`; needs aws-cdk-lib and constructs. */
export { BulkSendStack, type BulkSendStackProps } from "../infra/bulk-send-stack.ts";
export type { GivenSettings } from "../infra/given-settings.ts";
