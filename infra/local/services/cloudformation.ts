import type { Service } from "../gateway/call.ts";
import { notAuthorized } from "../gateway/message-bodies.ts";
import { readQuery, sendQueryError } from "../gateway/query-api.ts";
import { sendXml } from "../gateway/xml.ts";
import { accountId, region, type StackResources } from "../template/resources.ts";

/** CloudFormation, but only to find a stack and its outputs by name, which is what a client does first on AWS too. */
export function createCloudFormation(
  stack: Pick<StackResources, "stackName" | "outputs">,
  /** Epoch milliseconds. */
  startedAt: number,
): Service {
  const arnOf = (name: string, id: string) => `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${id}`;
  const stackId = arnOf(stack.stackName, "local");
  return async (call) => {
    const { response } = call;
    const { action, form } = await readQuery(call);
    call.count(action);
    const wanted = form.get("StackName");
    const isOurs = wanted === null || wanted === stack.stackName || wanted === stackId;
    // Rights are checked before existence: a caller who may see one stack must not learn whether another exists.
    const resource = isOurs ? stackId : arnOf(wanted, "*");
    if (!call.allows(`cloudformation:${action}`, resource)) {
      const message = notAuthorized(call.principal, `cloudformation:${action}`, resource);
      return sendQueryError(response, 403, "AccessDenied", message);
    }
    if (action !== "DescribeStacks") {
      return sendQueryError(response, 400, "InvalidAction", `The embedded cloud's CloudFormation has no ${action}.`);
    }
    if (!isOurs) return sendQueryError(response, 400, "ValidationError", `Stack with id ${wanted} does not exist`);
    const description = {
      StackName: stack.stackName,
      StackId: stackId,
      StackStatus: "CREATE_COMPLETE",
      CreationTime: new Date(startedAt).toISOString(),
      Outputs: {
        member: stack.outputs.map((output) => ({
          OutputKey: output.key,
          OutputValue: output.value,
          Description: output.description,
        })),
      },
    };
    sendXml(response, 200, {
      DescribeStacksResponse: {
        "@xmlns": "http://cloudformation.amazonaws.com/doc/2010-05-15/",
        DescribeStacksResult: { Stacks: { member: description } },
      },
    });
  };
}
