import { describe, expect, it } from "vitest";
import { type Approver, type Uploader, whyNotSomebodyElse } from "../../shared/campaign/identity.ts";

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
    expect(whyNotSomebodyElse({ by: uploader }, approver)).toBeUndefined();
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
    expect(whyNotSomebodyElse({ by: uploader }, approver)).toContain(why);
  });

  const pool = "AWS:AROAPOOL:CognitoIdentityCredentials";
  const tagged = (userId: string): Approver => ({ kind: "tagged", userId });

  it.each<[Uploader, Approver]>([
    [{ by: pool, person: "ann" }, tagged("ben")],
    // By a user of IAM, who is one person, whoever the other is called.
    [{ by: "AWS:AIDAANN" }, tagged("ben")],
    [{ by: pool, person: "ann" }, person("AIDABEN")],
    [{ by: pool, person: "ann" }, person("AROASSO:ben")],
  ])("with a tag, %j and %j are", (uploader, approver) => {
    expect(whyNotSomebodyElse(uploader, approver)).toBeUndefined();
  });

  it.each<[Uploader, Approver, string]>([
    [{ by: pool, person: "ann" }, tagged("ann"), "the same person"],
    [{ by: pool, person: "Ann" }, tagged("ann"), "the same person"],
    // The same name by another way in.
    [{ by: pool, person: "ann" }, person("AROASSO:ann"), "the same person"],
    // Everybody of the pool has this id: without the tag it may be anybody.
    [{ by: pool }, tagged("ben"), "without the tag bulk-send-person"],
    [{ by: "AWS:AROAADMIN:ann" }, tagged("ben"), "without the tag"],
    [{ by: pool, person: "ann" }, role("AROAPOOL:CognitoIdentityCredentials"), "the same person"],
    [{ by: pool, person: "ann" }, role("AROAOTHER:CognitoIdentityCredentials"), "same session name"],
    [{ by: pool, person: "ann" }, role("AROAPOOL:ben"), "same role"],
  ])("with a tag, %j and %j are not", (uploader, approver, why) => {
    expect(whyNotSomebodyElse(uploader, approver)).toContain(why);
  });
});
