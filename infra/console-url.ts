import { Aws, CfnCondition, Fn } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Partitions whose console is under a domain of its own; all others have AWS's general one. */
const consoles = [
  { id: "InChina", partition: "aws-cn", domain: "console.amazonaws.cn" },
  { id: "InGovCloud", partition: "aws-us-gov", domain: "console.amazonaws-us-gov.com" },
];

/**
 * The URL of a dashboard in AWS's console. The partition is only known when the stack is deployed, so the domain is chosen
 * by conditions, which are created in `scope`.
 */
export function dashboardUrl(scope: Construct, dashboardName: string): string {
  const domain = consoles.reduce((otherwise, { id, partition, domain }) => {
    const condition = new CfnCondition(scope, id, { expression: Fn.conditionEquals(Aws.PARTITION, partition) });
    return Fn.conditionIf(condition.logicalId, domain, otherwise).toString();
  }, "console.aws.amazon.com");
  return `https://${Aws.REGION}.${domain}/cloudwatch/home?region=${Aws.REGION}#dashboards:name=${dashboardName}`;
}
