import type { Service } from "../gateway/gateway.ts";
import { readBody } from "../gateway/message-bodies.ts";
import { sendXml } from "../gateway/xml.ts";
import { accountId } from "../template/resources.ts";

/** STS, as far as saying who asks: everybody may. */
export function createIdentityService(): Service {
  return async (call) => {
    const form = new URLSearchParams((await readBody(call.request)).toString("utf8"));
    const action = form.get("Action") ?? "";
    call.count(action);
    if (action !== "GetCallerIdentity") {
      return sendXml(call.response, 400, [
        "ErrorResponse",
        [
          [
            "Error",
            [
              ["Type", "Sender"],
              ["Code", "InvalidAction"],
              ["Message", `The embedded cloud has no ${action} of STS.`],
            ],
          ],
        ],
      ]);
    }
    sendXml(call.response, 200, [
      'GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"',
      [
        [
          "GetCallerIdentityResult",
          [
            ["Arn", call.principal],
            ["UserId", "LOCAL"],
            ["Account", accountId],
          ],
        ],
      ],
    ]);
  };
}
