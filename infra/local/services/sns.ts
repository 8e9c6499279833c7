import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "../gateway/call.ts";
import { notAuthorized } from "../gateway/message-bodies.ts";
import { readQuery, sendQueryError } from "../gateway/query-api.ts";
import { sendXml } from "../gateway/xml.ts";
import { accountId, type StackResources } from "../template/resources.ts";

/**
 * SNS's Publish: the mail it would send is written to `directory`, one file each, named for the moment. Subscriptions
 * are listed as unconfirmed, as they are right after a deployment.
 */
export function createSns(
  directory: string,
  { topics, subscriptions }: Pick<StackResources, "topics" | "subscriptions">,
): Service {
  return async (call) => {
    const { response } = call;
    const { action, form } = await readQuery(call);
    call.count(action);
    const topic = form.get("TopicArn") ?? "*";
    if (!call.allows(`sns:${action}`, topic)) {
      const message = notAuthorized(call.principal, `SNS:${action}`, topic);
      return sendQueryError(response, 403, "AuthorizationError", message);
    }
    if (action === "ListSubscriptionsByTopic") {
      const subscribed = subscriptions.filter(({ topicArn }) => topicArn === topic);
      const member = subscribed.map(({ protocol, endpoint }) => ({
        TopicArn: topic,
        Protocol: protocol,
        SubscriptionArn: "PendingConfirmation",
        Owner: accountId,
        Endpoint: endpoint,
      }));
      return sendXml(response, 200, {
        ListSubscriptionsByTopicResponse: { ListSubscriptionsByTopicResult: { Subscriptions: { member } } },
      });
    }
    if (action !== "Publish") {
      return sendQueryError(response, 400, "InvalidAction", `The embedded cloud's SNS has no ${action}.`);
    }
    if (!topics.some(({ arn }) => arn === topic)) {
      return sendQueryError(response, 404, "NotFound", "Topic does not exist");
    }
    const id = await keepMail(directory, form.get("Subject") ?? "", form.get("Message") ?? "");
    sendXml(response, 200, { PublishResponse: { PublishResult: { MessageId: id } } });
  };
}

/** Writes the mail to a file only its owner may read. Returns the message's id. */
async function keepMail(directory: string, subject: string, message: string): Promise<string> {
  const id = randomUUID();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const name = `${new Date().toISOString().replaceAll(":", "")}-${id.slice(0, 8)}.txt`;
  await writeFile(join(directory, name), `Subject: ${subject}\n\n${message}\n`, { mode: 0o600 });
  return id;
}
