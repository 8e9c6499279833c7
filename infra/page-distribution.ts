import { createHash } from "node:crypto";
import { Aws, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { pageFolder } from "../shared/console/page-folder.ts";
import { contentSecurityPolicy, securityHeaders } from "../shared/console/security-headers.ts";

/** Props of the page's distribution. */
export interface PageDistributionProps {
  /** Where people sign in, without a scheme. */
  readonly loginDomain: string;
}

/** How long browsers insist on TLS once they have seen the page. */
const insistOnTls = Duration.days(365);

/**
 * The console's page: a bucket of its own, and what serves it over TLS. The campaign bucket cannot have the page: its CORS
 * names this distribution, which would then need the bucket to exist first; and so nothing of a campaign can be reached
 * through it.
 */
export class PageDistribution extends Construct {
  readonly bucket: Bucket;
  /** The page's origin: `https://` and a domain. */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: PageDistributionProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // CloudFormation deletes no bucket that has something in it.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const distribution = this.serve(props);
    this.origin = `https://${distribution.distributionDomainName}`;
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: "TheDistributionReadsThePage",
        principals: [new ServicePrincipal("cloudfront.amazonaws.com")],
        actions: ["s3:GetObject"],
        resources: [this.bucket.arnForObjects(`${pageFolder}*`)],
        conditions: { StringEquals: { "aws:SourceArn": distribution.distributionArn } },
      }),
    );
    acknowledge(this.bucket, distribution);
  }

  private serve({ loginDomain }: PageDistributionProps): Distribution {
    const accessControl = new S3OriginAccessControl(this, "Access", {
      originAccessControlName: nameFor(this, "console"),
    });
    const origin = S3BucketOrigin.withBucketDefaults(this.bucket, {
      originPath: `/${pageFolder.slice(0, -1)}`,
      originAccessControlId: accessControl.originAccessControlId,
    });
    const policy = contentSecurityPolicy(servicesOfThePage(loginDomain));
    const shared = {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
    };
    return new Distribution(this, "Distribution", {
      comment: `The console of ${Stack.of(this).stackName}.`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultRootObject: "index.html",
      defaultBehavior: {
        ...shared,
        // Browsers ask each time, so that a new page and new settings are there at once.
        cachePolicy: CachePolicy.CACHING_DISABLED,
        responseHeadersPolicy: headersOf(this, "Headers", policy, "no-cache"),
      },
      additionalBehaviors: {
        // Their names change with their content.
        "assets/*": {
          ...shared,
          cachePolicy: CachePolicy.CACHING_OPTIMIZED,
          responseHeadersPolicy: headersOf(this, "AssetHeaders", policy, "public, max-age=31536000, immutable"),
        },
      },
      // S3 says of what is not there that it is forbidden, with ids of its own; nobody needs to see that.
      errorResponses: [403, 404].map((httpStatus) => ({
        httpStatus,
        responseHttpStatus: 404,
        responsePagePath: "/index.html",
        ttl: Duration.seconds(10),
      })),
    });
  }
}

/**
 * A name, where one must be given: policies and access controls of CloudFront have no generated ones, and one account may have
 * several stacks, in several regions.
 */
const nameFor = (scope: Construct, what: string) => `${shortened(Stack.of(scope).stackName)}-${Aws.REGION}-${what}`;

/**
 * The most characters of a stack's name in the names above: an access control's has 64 at most, of which a region takes 14.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-originaccesscontrol-originaccesscontrolconfig.html
 */
const maxStackName = 64 - "-ap-southeast-1-console".length;

/** A stack's name, the end of a long one replaced by what tells it apart from others that begin alike. */
function shortened(stackName: string): string {
  if (stackName.length <= maxStackName) return stackName;
  const end = `-${createHash("sha256").update(stackName).digest("hex").slice(0, 8)}`;
  return stackName.slice(0, maxStackName - end.length) + end;
}

/**
 * Origins that the page calls. S3's has a wildcard for the bucket, whose CORS names the distribution that would have to name
 * it; DynamoDB and SQS let every origin call them.
 */
const servicesOfThePage = (loginDomain: string): readonly string[] => [
  `https://*.s3.${Aws.REGION}.${Aws.URL_SUFFIX}`,
  ...["dynamodb", "sqs", "cognito-idp", "cognito-identity"].map(
    (service) => `https://${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`,
  ),
  `https://${loginDomain}`,
];

/** The page's headers. CloudFront takes those that it knows only by their own properties. */
function headersOf(scope: Construct, id: string, policy: string, cacheControl: string): ResponseHeadersPolicy {
  const { "x-content-type-options": _, "x-frame-options": __, "referrer-policy": ___, ...others } = securityHeaders;
  return new ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: nameFor(scope, `console-${id}`),
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: policy, override: true },
      strictTransportSecurity: { accessControlMaxAge: insistOnTls, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries({ ...others, "cache-control": cacheControl }).map(([header, value]) => ({
        header,
        value,
        override: true,
      })),
    },
  });
}

function acknowledge(bucket: Bucket, distribution: Distribution): void {
  const noLogs =
    "The page is the same for everybody; who does what with which data is in CloudTrail and in the history.";
  Validations.of(bucket).acknowledge({ id: "AwsSolutions-S1", reason: noLogs });
  Validations.of(distribution).acknowledge(
    { id: "AwsSolutions-CFR1", reason: "People may travel; who gets further than the page is decided by signing in." },
    { id: "AwsSolutions-CFR2", reason: "It serves a few files that are no secret, and takes no input." },
    { id: "AwsSolutions-CFR3", reason: noLogs },
    {
      id: "AwsSolutions-CFR4",
      reason:
        "With CloudFront's own certificate AWS fixes the oldest version of TLS; browsers of the last ten years take 1.2 or 1.3, and nothing secret passes through it.",
    },
  );
}
