import type { Service } from "../gateway/call.ts";
import { notAuthorized, sendJson } from "../gateway/message-bodies.ts";

/** What AWS gives an account that is not new. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const concurrentExecutions = 1000;

/** Lambda's API, but only to say how many functions may run at once. */
export function createLambda(): Service {
  return async (call) => {
    const { request, response } = call;
    request.resume();
    const known = request.method === "GET" && /^\/2016-08-19\/account-settings\/?$/u.test(request.url ?? "");
    call.count(known ? "GetAccountSettings" : "not available");
    const fail = (status: number, type: string, message: string) =>
      sendJson(response, status, { Type: "User", Message: message, message }, { "x-amzn-errortype": type });
    if (!known) return fail(404, "ResourceNotFoundException", "The embedded cloud's Lambda has no such operation.");
    const action = "lambda:GetAccountSettings";
    if (!call.allows(action, "*")) {
      return fail(403, "AccessDeniedException", notAuthorized(call.principal, action, "*"));
    }
    sendJson(response, 200, {
      AccountLimit: {
        ConcurrentExecutions: concurrentExecutions,
        UnreservedConcurrentExecutions: concurrentExecutions,
      },
      AccountUsage: {},
    });
  };
}
