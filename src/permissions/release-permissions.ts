import { colours } from "../stack/colour.ts";
import type { Place, Statement } from "./statement.ts";

/** What `release`, `rollback`, `restart`, `logs`, `maintenance`, `sleep`, `wake`, `releases`, `status` and `lock` call: enough for a CI that never changes infrastructure. */
export function releasePermissions(place: Place): readonly Statement[] {
  const { bucket, names, partition } = place;
  const arn = arnOf(place);
  const loadBalancer = `app/${names.load_balancer}/*`;
  return [
    {
      sid: "FindDocuments",
      actions: ["s3:ListBucket"],
      resources: [`arn:${partition}:s3:::${bucket}`],
      condition: { StringLike: { "s3:prefix": [`${names.state_prefix}/*`] } },
    },
    {
      // A conditional write or delete needs s3:GetObject as well.
      sid: "ReadAndWriteDocuments",
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      resources: [`arn:${partition}:s3:::${bucket}/${names.state_prefix}/*`],
    },
    {
      sid: "PointColours",
      actions: ["ssm:PutParameter"],
      resources: colours.map((colour) => arn("ssm", `parameter${names.release_pointers[colour]}`)),
    },
    {
      // Of one machine: topology: single.
      sid: "MoveTrafficOfMachine",
      actions: ["ssm:GetParameter", "ssm:PutParameter"],
      resources: [arn("ssm", `parameter${names.door.traffic}`)],
    },
    { sid: "LogInToRegistry", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "PushAndTagImages",
      actions: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchDeleteImage",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImageScanFindings",
        "ecr:InitiateLayerUpload",
        "ecr:ListImages",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      resources: [arn("ecr", `repository/${names.repository}`)],
    },
    {
      // Only alarms could be limited, and those only by their names.
      sid: "LookAtStack",
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribePolicies",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeScheduledActions",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetHealth",
        "secretsmanager:ListSecrets",
        "servicequotas:GetServiceQuota",
      ],
      resources: ["*"],
    },
    {
      sid: "ReadLogs",
      actions: ["logs:FilterLogEvents"],
      resources: [arn("logs", `log-group:/${names.repository}/*`)],
    },
    {
      // Never secretsmanager:GetSecretValue: only instances read these values.
      sid: "FindSecretVersions",
      actions: ["secretsmanager:ListSecretVersionIds"],
      resources: [secretArns(place)],
    },
    {
      // With `auth: keys`, a release's probe sends a key as users do.
      sid: "ReadApiKeys",
      actions: ["secretsmanager:GetSecretValue"],
      resources: [`${keyArns(place).slice(0, -1)}keys-*`],
    },
    {
      sid: "MoveTraffic",
      actions: ["elasticloadbalancing:CreateRule", "elasticloadbalancing:ModifyListener"],
      resources: [arn("elasticloadbalancing", `listener/${loadBalancer}`)],
    },
    {
      sid: "ChangeProbeAndPauseRules",
      actions: ["elasticloadbalancing:DeleteRule", "elasticloadbalancing:ModifyRule"],
      resources: [arn("elasticloadbalancing", `listener-rule/${loadBalancer}`)],
    },
    {
      sid: "MuteAlarms",
      actions: ["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"],
      resources: [arn("cloudwatch", `alarm:${names.id}-*`)],
    },
    {
      sid: "ScaleColours",
      actions: [
        "autoscaling:DeleteScheduledAction",
        "autoscaling:EnterStandby",
        "autoscaling:ExitStandby",
        "autoscaling:PutScheduledUpdateGroupAction",
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        "autoscaling:UpdateAutoScalingGroup",
      ],
      resources: [...colours.map((colour) => names.groups[colour]), names.machine].map((group) =>
        arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${group}`),
      ),
    },
  ];
}

/** Of the stack's secrets. Secrets Manager adds a hyphen and six random characters to the name in each ARN. */
export function secretArns(place: Place): string {
  return arnOf(place)("secretsmanager", `secret:${place.names.secret_prefix}*`);
}

/** Of the secrets that no instance may read: the API keys, and the client's secret of the login. */
export function keyArns(place: Place): string {
  return arnOf(place)("secretsmanager", `secret:${place.names.key_prefix}*`);
}

/** ARNs of this account and region. */
export function arnOf({
  partition,
  region,
  account,
}: Pick<Place, "partition" | "region" | "account">): (service: string, rest: string) => string {
  return (service, rest) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
}
