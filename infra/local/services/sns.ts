import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "../gateway/gateway.ts";
import { notAuthorized, readBody } from "../gateway/message-bodies.ts";
import { sendXml, type Xml } from "../gateway/xml.ts";
import { accountId, type StackResources } from "../template/resources.ts";

/**
 * SNS's Publish: the mail it would send is put into `directory`, one file each, named for the moment. Subscriptions are
 * listed as nobody confirmed them, which is how they are right after a deployment.
 */
export function createMailService(
  directory: string,
  { topics, subscriptions }: Pick<StackResources, "topics" | "subscriptions">,
): Service {
  return async (call) => {
    const { request, response } = call;
    const form = new URLSearchParams((await readBody(request)).toString("utf8"));
    const action = form.get("Action") ?? "";
    call.count(action);
    const topic = form.get("TopicArn") ?? "*";
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
    if (!call.allows(`sns:${action}`, topic)) {
      return fail(403, "AuthorizationError", notAuthorized(call.principal, `SNS:${action}`, topic));
    }
    if (action === "ListSubscriptionsByTopic") {
      return sendXml(response, 200, [
        "ListSubscriptionsByTopicResponse",
        [
          [
            "ListSubscriptionsByTopicResult",
            [
              [
                "Subscriptions",
                subscriptions
                  .filter(({ topicArn }) => topicArn === topic)
                  .map(
                    ({ protocol, endpoint }): Xml => [
                      "member",
                      [
                        ["TopicArn", topic],
                        ["Protocol", protocol],
                        ["SubscriptionArn", "PendingConfirmation"],
                        ["Owner", accountId],
                        ["Endpoint", endpoint],
                      ],
                    ],
                  ),
              ],
            ],
          ],
        ],
      ]);
    }
    if (action !== "Publish") return fail(400, "InvalidAction", `The embedded cloud has no ${action} of SNS.`);
    if (!topics.some(({ arn }) => arn === topic)) return fail(404, "NotFound", "Topic does not exist");
    const id = randomUUID();
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const name = `${new Date().toISOString().replaceAll(":", "")}-${id.slice(0, 8)}.txt`;
    const mail = `Subject: ${form.get("Subject") ?? ""}\n\n${form.get("Message") ?? ""}\n`;
    await writeFile(join(directory, name), mail, { mode: 0o600 });
    sendXml(response, 200, ["PublishResponse", [["PublishResult", [["MessageId", id]]]]]);
  };
}
