import { describe, expect, it } from "vitest";
import { type Approver, whyNotSomebodyElse } from "../../shared/campaign/identity.ts";

const person = (userId: string): Approver => ({ kind: "person", userId });
const role = (userId: string): Approver => ({ kind: "role", userId });

describe("whether IAM vouches for two people", () => {
  it.each<[string, Approver]>([
    ["AWS:AIDAANN", person("AIDABEN")],
    ["AIDAANN", person("AIDABEN")],
    ["AWS:AIDAANN", role("AROAADMIN:ben")],
    ["AWS:AROAUPLOADER:ann", person("AIDABEN")],
    ["AWS:AROAUPLOADER:ann", role("AROAAPPROVER:ben")],
    // Identity Center names the sessions of its roles itself.
    ["AWS:AROASSO:ann@example.com", person("AROASSO:ben@example.com")],
  ])("%s and %j are", (uploader, approver) => {
    expect(whyNotSomebodyElse(uploader, approver)).toBeUndefined();
  });

  it.each<[string, Approver, string]>([
    ["AWS:AIDAANN", person("AIDAANN"), "the same person"],
    ["AWS:AROASSO:ann@example.com", person("AROASSO:ann@example.com"), "the same person"],
    // One person with two roles.
    ["AWS:AROAUPLOADER:ann@example.com", person("AROAAPPROVER:Ann@example.com"), "same session name"],
    // Everybody of an identity pool.
    ["AWS:AROAUPLOADER:CognitoIdentityCredentials", role("AROAAPPROVER:CognitoIdentityCredentials"), "session name"],
    // A role's session has the name that its client asks for.
    ["AWS:AROAADMIN:ann", role("AROAADMIN:ben"), "same role"],
  ])("%s and %j are not", (uploader, approver, why) => {
    expect(whyNotSomebodyElse(uploader, approver)).toContain(why);
  });
});
