/**
 * Who approves, as IAM vouches for it. `userId` is IAM's `aws:userid`: `AIDA…` of an IAM user, `AROA…:<session>` of
 * somebody who uses a role.
 *
 * `person`: the whole of it is IAM's word: an IAM user, or a role of IAM Identity Center, which names sessions itself.
 * `role`: only the role is; the session has whatever name its client gave it.
 */
export interface Approver {
  readonly kind: "person" | "role";
  readonly userId: string;
}

/** The id that IAM knows somebody by, from S3's `principalId` or as it is: `AWS:AIDA…` and `AIDA…` are the same. */
const userIdOf = (principalId: string): string => principalId.replace(/^AWS:/, "");

/** Who uploaded something, as the history names people: S3's `principalId`. */
export const principalOf = ({ userId }: Pick<Approver, "userId">): string => `AWS:${userId}`;

/**
 * Why somebody cannot approve what `uploader` (S3's `principalId`) uploaded, in one sentence that begins after "because";
 * `undefined` when IAM vouches for their being two.
 *
 * People may have several roles, under one session name; and all people of an identity pool have the same session name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse
 */
export function whyNotSomebodyElse(uploader: string, approver: Approver): string | undefined {
  const uploaded = userIdOf(uploader);
  if (uploaded === approver.userId) return "the same person uploaded it";
  const [role, session] = partsOf(uploaded);
  const [approverRole, approverSession] = partsOf(approver.userId);
  if (session === undefined || approverSession === undefined) return undefined;
  if (session.toLowerCase() === approverSession.toLowerCase()) {
    return "it was uploaded under the same session name, which does not show that they are two people";
  }
  if (role === approverRole && approver.kind === "role") {
    return "it was uploaded with the same role, whose sessions have any name that is asked for";
  }
  return undefined;
}

function partsOf(userId: string): readonly [role: string, session: string | undefined] {
  const at = userId.indexOf(":");
  return at < 0 ? [userId, undefined] : [userId.slice(0, at), userId.slice(at + 1)];
}
