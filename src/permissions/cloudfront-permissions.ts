import type { Place, Statement } from "./statement.ts";

/** What `up` and `destroy` call for a stack with `https: cloudfront`, in addition to everything else. CloudFront has no regions. */
export function cloudfrontPermissions(place: Place): readonly Statement[] {
  const { account, partition } = place;
  const arn = arnOf(place);
  return [
    {
      // CloudFront gives each of them its id.
      sid: "ManageDistribution",
      actions: [
        "cloudfront:DeleteCachePolicy",
        "cloudfront:DeleteDistribution",
        "cloudfront:DeleteResponseHeadersPolicy",
        "cloudfront:DeleteVpcOrigin",
        "cloudfront:GetCachePolicy",
        "cloudfront:GetDistribution",
        "cloudfront:GetDistributionConfig",
        "cloudfront:GetResponseHeadersPolicy",
        "cloudfront:GetVpcOrigin",
        "cloudfront:ListTagsForResource",
        "cloudfront:TagResource",
        "cloudfront:UntagResource",
        "cloudfront:UpdateCachePolicy",
        "cloudfront:UpdateDistribution",
        "cloudfront:UpdateResponseHeadersPolicy",
        "cloudfront:UpdateVpcOrigin",
      ],
      resources: ["cache-policy", "distribution", "response-headers-policy", "vpcorigin"].map(
        (kind) => arn(`${kind}/*`),
      ),
    },
    {
      // They take no resource (Service Authorization Reference).
      sid: "CreateAndFindDistribution",
      actions: [
        "cloudfront:CreateCachePolicy",
        "cloudfront:CreateDistribution",
        "cloudfront:CreateResponseHeadersPolicy",
        "cloudfront:CreateVpcOrigin",
        "cloudfront:ListCachePolicies",
        "cloudfront:ListDistributions",
        "cloudfront:ListResponseHeadersPolicies",
        "cloudfront:ListVpcOrigins",
        "ec2:GetManagedPrefixListEntries",
      ],
      resources: ["*"],
    },
    ...emptyCachePermissions(place),
    {
      // CloudFront makes network interfaces in the VPC.
      sid: "CreateCloudfrontRole",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [`arn:${partition}:iam::${account}:role/aws-service-role/*`],
      condition: {
        StringEquals: { "iam:AWSServiceName": "vpcorigin.cloudfront.amazonaws.com" },
      },
    },
  ];
}

/** What a release calls for a stack with cached routes; without it, it warns. */
export function emptyCachePermissions(place: Place): readonly Statement[] {
  return [
    {
      sid: "EmptyCache",
      actions: ["cloudfront:CreateInvalidation"],
      resources: [arnOf(place)("distribution/*")],
    },
  ];
}

function arnOf({ account, partition }: Place): (rest: string) => string {
  return (rest) => `arn:${partition}:cloudfront::${account}:${rest}`;
}
