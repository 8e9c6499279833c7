/**
 * Who approves, as IAM vouches for it. `userId` is IAM's `aws:userid`: `AIDA…` of an IAM user, `AROA…:<session>` of
 * somebody who uses a role.
 *
 * `person`: the whole of it is IAM's word: an IAM user, or a role of IAM Identity Center, which names sessions itself.
 * `role`: only the role is; the session has whatever name its client gave it.
 * `tagged`: `userId` is the value of the principal tag `personTag`, by which an identity pool, all of whose sessions have one
 * name, tells people apart.
 */
export interface Approver {
  readonly kind: "person" | "role" | "tagged";
  readonly userId: string;
}

/** Who uploaded an object, as AWS vouches for it. */
export interface Uploader {
  /** S3's `principalId`. */
  readonly by: string;
  /** The object's tag `personTag`: IAM lets only somebody whose principal tag it equals set it. */
  readonly person?: string;
}

/** The key of the tag, of principals and of objects, that says which person somebody is. */
export const personTag = "bulk-send-person";

/** The id that IAM knows somebody by, from S3's `principalId` or as it is: `AWS:AIDA…` and `AIDA…` are the same. */
const userIdOf = (principalId: string): string => principalId.replace(/^AWS:/, "");

/** Who uploaded something, as the history names people: S3's `principalId`. */
export const principalOf = ({ kind, userId }: Approver): string => (kind === "tagged" ? userId : `AWS:${userId}`);

/**
 * Why somebody cannot approve what `uploader` uploaded, in one sentence that begins after "because";
 * `undefined` when IAM vouches for their being two.
 *
 * People may have several roles, under one session name; and all people of an identity pool have the same session name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse
 */
export function whyNotSomebodyElse({ by, person }: Uploader, approver: Approver): string | undefined {
  const uploaded = userIdOf(by);
  if (uploaded === approver.userId) return "the same person uploaded it";
  const [role, session] = partsOf(uploaded);
  const named = approver.kind === "tagged" ? approver.userId : partsOf(approver.userId)[1];
  if (person !== undefined && isSameName(person, named)) return "the same person uploaded it";
  if (approver.kind === "tagged") {
    if (person !== undefined || session === undefined) return undefined;
    return `it was uploaded in a session without the tag ${personTag}, which does not show that they are two people`;
  }
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

const isSameName = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();

function partsOf(userId: string): readonly [role: string, session: string | undefined] {
  const at = userId.indexOf(":");
  return at < 0 ? [userId, undefined] : [userId.slice(0, at), userId.slice(at + 1)];
}
