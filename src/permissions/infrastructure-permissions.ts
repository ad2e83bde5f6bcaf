import { computePermissions } from "./compute-permissions.ts";
import { arnOf, keyArns, secretArns } from "./release-permissions.ts";
import { rolePermissions } from "./role-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** What `up`, `plan` and `destroy` call themselves and through Terraform, in addition to what a release calls. */
export function infrastructurePermissions(place: Place): readonly Statement[] {
  return [...surroundingPermissions(place), ...computePermissions(place)];
}

/** All but network, instances, groups and load balancer. */
export function surroundingPermissions(place: Place): readonly Statement[] {
  return [
    ...bucketPermissions(place),
    ...rolePermissions(place),
    ...registryAndLogPermissions(place),
    ...secretPermissions(place),
    ...domainPermissions(place),
  ];
}

function bucketPermissions({ bucket, partition }: Place): readonly Statement[] {
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  return [
    {
      // HeadBucket, which has no prefix.
      sid: "FindStateBucket",
      actions: ["s3:ListBucket"],
      resources: [bucketArn],
    },
    {
      sid: "SetUpStateBucket",
      actions: [
        "s3:CreateBucket",
        "s3:GetBucketPolicy",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketTagging",
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ],
      resources: [bucketArn],
    },
  ];
}

function registryAndLogPermissions(place: Place): readonly Statement[] {
  const { names, partition, region } = place;
  const arn = arnOf(place);
  return [
    {
      sid: "ManageRepository",
      actions: [
        "ecr:CreateRepository",
        "ecr:DeleteLifecyclePolicy",
        "ecr:DeleteRepository",
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:ListTagsForResource",
        "ecr:PutLifecyclePolicy",
        "ecr:TagResource",
        "ecr:UntagResource",
      ],
      resources: [arn("ecr", `repository/${names.repository}`)],
    },
    {
      sid: "ManageLogGroups",
      actions: [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:ListTagsForResource",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      resources: [arn("logs", `log-group:/${names.repository}/*`)],
    },
    {
      sid: "ManagePointers",
      actions: parameterActions,
      resources: Object.values(names.release_pointers).map((pointer) =>
        arn("ssm", `parameter${pointer}`),
      ),
    },
    {
      sid: "ReadMachineImageParameter",
      actions: ["ssm:GetParameter"],
      resources: ["canonical", "deeplearning"].map(
        (maker) => `arn:${partition}:ssm:${region}::parameter/aws/service/${maker}/*`,
      ),
    },
    {
      sid: "ManageAlarms",
      actions: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      resources: [arn("cloudwatch", `alarm:${names.id}-*`)],
    },
  ];
}

/** `secrets set` and `secrets remove`, and `destroy` of a stack that has secrets. */
function secretPermissions(place: Place): readonly Statement[] {
  return [
    {
      sid: "ManageSecrets",
      actions: [
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:RestoreSecret",
        "secretsmanager:TagResource",
      ],
      resources: [secretArns(place), keyArns(place)],
    },
  ];
}

/** Only a stack with a domain needs these. */
function domainPermissions(place: Place): readonly Statement[] {
  const { partition, region } = place;
  return [
    {
      // It takes no resource.
      sid: "RequestCertificate",
      actions: ["acm:RequestCertificate"],
      resources: ["*"],
      condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
    {
      // A new certificate's ARN is not known before.
      sid: "ManageCertificate",
      actions: [
        "acm:AddTagsToCertificate",
        "acm:DeleteCertificate",
        "acm:DescribeCertificate",
        "acm:ListTagsForCertificate",
        "acm:RemoveTagsFromCertificate",
      ],
      resources: [arnOf(place)("acm", "certificate/*")],
    },
    {
      sid: "FindZone",
      actions: [
        "acm:ListCertificates",
        // Only with --make-zone.
        "route53:CreateHostedZone",
        "route53:GetChange",
        "route53:ListHostedZones",
        "route53:ListHostedZonesByName",
      ],
      resources: ["*"],
    },
    {
      sid: "ManageRecords",
      actions: [
        "route53:ChangeResourceRecordSets",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
        "route53:ListTagsForResource",
      ],
      resources: [`arn:${partition}:route53:::hostedzone/*`],
    },
  ];
}

/** What Terraform calls for a parameter that is there; another policy lets releases write it. */
export const parameterActions = [
  "ssm:AddTagsToResource",
  "ssm:DeleteParameter",
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:ListTagsForResource",
  "ssm:RemoveTagsFromResource",
];
