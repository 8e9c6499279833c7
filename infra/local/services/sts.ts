import type { Service } from "../gateway/call.ts";
import { readQuery, sendQueryError } from "../gateway/query-api.ts";
import { sendXml } from "../gateway/xml.ts";
import { accountId } from "../template/resources.ts";

/** STS, but only to tell callers who they are: anyone may ask. */
export function createSts(): Service {
  return async (call) => {
    const { action } = await readQuery(call);
    call.count(action);
    if (action !== "GetCallerIdentity") {
      return sendQueryError(call.response, 400, "InvalidAction", `The embedded cloud's STS has no ${action}.`);
    }
    sendXml(call.response, 200, {
      GetCallerIdentityResponse: {
        "@xmlns": "https://sts.amazonaws.com/doc/2011-06-15/",
        GetCallerIdentityResult: { Arn: call.principal, UserId: call.userId, Account: accountId },
      },
    });
  };
}
