import type { Service } from "../gateway/gateway.ts";
import { notAuthorized, readBody } from "../gateway/message-bodies.ts";
import { sendXml, type Xml } from "../gateway/xml.ts";
import { accountId, region, type StackResources } from "../template/resources.ts";

/** CloudFormation, as far as finding a stack and its outputs by name: what a client does first on AWS, too. */
export function createStackService(stack: Pick<StackResources, "stackName" | "outputs">, startedAt: number): Service {
  const arnOf = (name: string, id: string) => `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${id}`;
  const stackId = arnOf(stack.stackName, "local");
  return async (call) => {
    const { request, response } = call;
    const form = new URLSearchParams((await readBody(request)).toString("utf8"));
    const action = form.get("Action") ?? "";
    call.count(action);
    const fail = (status: number, code: string, message: string) =>
      sendXml(response, status, [
        "ErrorResponse",
        [
          [
            "Error",
            [
              ["Type", "Sender"],
              ["Code", code],
              ["Message", message],
            ],
          ],
        ],
      ]);
    const wanted = form.get("StackName");
    // Rights are looked at before the stack is: who may see one stack is not told that another does not exist.
    const asked = wanted === null || wanted === stack.stackName || wanted === stackId ? stackId : arnOf(wanted, "*");
    if (!call.allows(`cloudformation:${action}`, asked)) {
      return fail(403, "AccessDenied", notAuthorized(call.principal, `cloudformation:${action}`, asked));
    }
    if (action !== "DescribeStacks")
      return fail(400, "InvalidAction", `The embedded cloud has no ${action} of CloudFormation.`);
    if (wanted !== null && wanted !== stack.stackName && wanted !== stackId) {
      return fail(400, "ValidationError", `Stack with id ${wanted} does not exist`);
    }
    const outputs = stack.outputs.map(
      (output): Xml => [
        "member",
        [
          ["OutputKey", output.key],
          ["OutputValue", output.value],
          output.description === undefined ? undefined : ["Description", output.description],
        ],
      ],
    );
    const description: Xml = [
      "member",
      [
        ["StackName", stack.stackName],
        ["StackId", stackId],
        ["StackStatus", "CREATE_COMPLETE"],
        ["CreationTime", new Date(startedAt).toISOString()],
        ["Outputs", outputs],
      ],
    ];
    sendXml(response, 200, [
      'DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"',
      [["DescribeStacksResult", [["Stacks", [description]]]]],
    ]);
  };
}
