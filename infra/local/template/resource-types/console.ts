import { digest, ignoredType, refIsName } from "../resource-type.ts";
import { accountId, region } from "../resources.ts";

/** `AWS::CloudFront::Distribution`: this machine has its own way to the page. */
export const distribution = ignoredType(({ plainName }) => {
  const id = digest(plainName, 14).toUpperCase();
  const arn = `arn:aws:cloudfront::${accountId}:distribution/${id}`;
  return refIsName(id, arn, { Id: id, DomainName: `${id.toLowerCase()}.cloudfront.invalid` });
});

/** `AWS::Cognito::UserPool`: nobody signs in on this machine. */
export const userPool = ignoredType(({ plainName }) => {
  const id = `${region}_${digest(plainName, 9)}`;
  const provider = `cognito-idp.${region}.amazonaws.com/${id}`;
  return refIsName(id, `arn:aws:cognito-idp:${region}:${accountId}:userpool/${id}`, {
    UserPoolId: id,
    ProviderName: provider,
    ProviderURL: `https://${provider}`,
  });
});

/** `AWS::Cognito::IdentityPool`; its id begins with its region. */
export const identityPool = ignoredType(({ plainName }) => {
  const id = `${region}:${digest(plainName, 32)}`;
  return refIsName(id, `arn:aws:cognito-identity:${region}:${accountId}:identitypool/${id}`);
});
