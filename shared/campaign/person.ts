/**
 * The person behind an identity that AWS vouches for, by one name everywhere: `principalId` in S3's events and `UserId` of
 * STS ("AWS:AROAEXAMPLE:ann"), or the end of an ARN ("assumed-role/Admin/ann"), which older versions recorded. For a role
 * that is the name of the session, for a user what IAM calls it. Other names stay as they are.
 */
export function personOf(identity: string): string {
  const session =
    /^(?:AWS:)?AROA[A-Z0-9]+:(.+)$/u.exec(identity) ?? /^(?:assumed-role\/[^/]+|user)\/(.+)$/u.exec(identity);
  return session?.[1] ?? identity.replace(/^AWS:/u, "");
}
