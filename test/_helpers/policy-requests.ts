import type { Place } from "../../src/permissions/statement.ts";
import type { RecordedCall } from "./recorded-calls.ts";

/** What IAM is asked about one resource of a call. */
export interface PolicyRequest {
  readonly action: string;
  /** An ARN, or `*` for an action that takes none. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * What AWS asks IAM when these calls are made: for each resource of the call itself, and for what the service does in the caller's name,
 * which no call shows. Each request once.
 */
export function policyRequests(
  calls: readonly RecordedCall[],
  place: Place,
): readonly PolicyRequest[] {
  const all = calls
    // AWS lets every identity ask who it is.
    .filter(({ action }) => action !== "sts:GetCallerIdentity")
    .flatMap((call) => [...ownRequests(call, place), ...furtherRequests(call, place)]);
  return [...new Map(all.map((request) => [JSON.stringify(request), request])).values()];
}

function ownRequests(call: RecordedCall, place: Place): readonly PolicyRequest[] {
  const [prefix] = call.parameters["Prefix"] ?? [];
  const context = {
    "aws:RequestedRegion": call.region,
    ...(prefix === undefined ? {} : { "s3:prefix": prefix }),
  };
  return resourcesOf(call, place).map((resource) => ({
    action: budgetAction(call.action),
    resource,
    context,
  }));
}

/** Resource formats of the Service Authorization Reference. EC2's resources have ids that no policy can know. */
function resourcesOf({ action, region, parameters }: RecordedCall, place: Place): string[] {
  const [service = ""] = action.split(":");
  const arn = (rest: string, account = place.account): string =>
    `arn:${place.partition}:${service}:${region}:${account}:${rest}`;
  const named = (...names: readonly string[]): readonly string[] =>
    names.map((name) => parameters[name]).find((values) => values !== undefined) ?? [];
  const found: Readonly<Record<string, () => readonly string[]>> = {
    s3: () => {
      const [bucket = ""] = named("Bucket");
      const arns = named("Key").map((key) => `arn:${place.partition}:s3:::${bucket}/${key}`);
      return arns.length > 0 ? arns : [`arn:${place.partition}:s3:::${bucket}`];
    },
    acm: () => named("CertificateArn"),
    autoscaling: () =>
      named("AutoScalingGroupName", "ResourceId").map((name) =>
        arn(`autoScalingGroup:${newId}:autoScalingGroupName/${name}`),
      ),
    budgets: () => [`arn:${place.partition}:budgets::${place.account}:budget/${place.names.id}`],
    cloudfront: () => [
      ...named("Resource"),
      // What a call creates has no id yet.
      ...named("Id").map(
        (id) => `arn:${place.partition}:cloudfront::${place.account}:${id.replace("*", newId)}`,
      ),
    ],
    cloudwatch: () => [
      ...named("ResourceARN", "AlarmName", "AlarmNames").map((name) =>
        name.startsWith("arn:") ? name : arn(`alarm:${name}`),
      ),
      // A dashboard is in no region.
      ...named("DashboardName", "DashboardNames").map(
        (name) => `arn:${place.partition}:cloudwatch::${place.account}:dashboard/${name}`,
      ),
    ],
    ecr: () =>
      named("resourceArn", "repositoryName", "repositoryNames").map((name) =>
        name.startsWith("arn:") ? name : arn(`repository/${name}`),
      ),
    elasticloadbalancing: () => {
      const kind = action.endsWith("TargetGroup") ? "targetgroup" : "loadbalancer/app";
      const arns = named("ResourceArns", "RuleArn", "ListenerArn", "LoadBalancerArn");
      if (arns.length > 0) return arns;
      const groups = named("TargetGroupArn");
      return groups.length > 0
        ? groups
        : named("Name").map((name) => arn(`${kind}/${name}/${newId}`));
    },
    iam: () => {
      const of = (rest: string): string => `arn:${place.partition}:iam::${place.account}:${rest}`;
      const profiles = named("InstanceProfileName").map((name) => of(`instance-profile/${name}`));
      const roles = named("RoleName").map((name) => of(`role/${rolePaths[name] ?? ""}${name}`));
      // CreateOpenIDConnectProvider names the issuer only.
      const issuers = named("Url").map((url) => of(`oidc-provider/${url.replace("https://", "")}`));
      const providers = [...named("OpenIDConnectProviderArn"), ...issuers];
      return (
        [named("PolicySourceArn"), profiles, roles, providers].find((arns) => arns.length > 0) ?? []
      );
    },
    logs: () =>
      named("resourceArn", "logGroupName").map((name) =>
        name.startsWith("arn:") ? name : arn(`log-group:${name}`),
      ),
    route53: () => named("Id").map((id) => `arn:${place.partition}:route53:::${id}`),
    secretsmanager: () =>
      named("SecretId", "Name").map((name) =>
        name.startsWith("arn:") ? name : arn(`secret:${name}-AbCdEf`),
      ),
    sns: () => [...named("TopicArn", "ResourceArn"), ...named("Name").map((name) => arn(name))],
    // A name that begins with /aws/ belongs to no account.
    ssm: () =>
      named("Name", "Names", "ResourceId").map((name) =>
        arn(`parameter${name}`, name.startsWith("/aws/") ? "" : place.account),
      ),
  };
  const arns = found[service]?.() ?? [];
  return arns.length > 0 ? [...arns] : ["*"];
}

function furtherRequests(call: RecordedCall, place: Place): readonly PolicyRequest[] {
  const { action, parameters } = call;
  const resources = resourcesOf(call, place);
  const on = (further: string, resource: string, context = {}): PolicyRequest => ({
    action: further,
    resource,
    context: { "aws:RequestedRegion": call.region, ...context },
  });
  const role = (name: string): string =>
    `arn:${place.partition}:iam::${place.account}:role/${name}`;
  const pass = (name: string): PolicyRequest =>
    on("iam:PassRole", role(name), { "iam:PassedToService": "ec2.amazonaws.com" });
  const link = (name: string): PolicyRequest =>
    on("iam:CreateServiceLinkedRole", role(`${rolePaths[name]}${name}`), {
      "iam:AWSServiceName": rolePaths[name]?.split("/")[1],
    });
  const [service = ""] = action.split(":");
  const tagging = tagActions[action] ?? tagActions[service];
  return [
    // Each service's "Grant permission to tag resources during creation".
    ...(parameters["Tags"] === undefined || tagging === undefined
      ? []
      : resources.map((resource) => on(tagging, taggedResource(call, resource, place)))),
    // Amazon S3 user guide, "How to prevent object overwrites with conditional writes".
    ...(action === "s3:PutObject" || action === "s3:DeleteObject"
      ? resources.map((resource) => on("s3:GetObject", resource))
      : []),
    // Amazon EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling API permissions".
    ...(service === "autoscaling" && parameters["LaunchTemplate"] !== undefined
      ? [on("ec2:RunInstances", "*"), on("ec2:CreateTags", "*"), pass(place.names.instance_role)]
      : []),
    ...(action === "autoscaling:CreateAutoScalingGroup"
      ? [link("AWSServiceRoleForAutoScaling")]
      : []),
    ...(action === "cloudfront:CreateVpcOrigin"
      ? [link("AWSServiceRoleForCloudFrontVPCOrigin")]
      : []),
    ...(action === "elasticloadbalancing:CreateLoadBalancer"
      ? [link("AWSServiceRoleForElasticLoadBalancing")]
      : []),
    // IAM API reference, "AddRoleToInstanceProfile".
    ...(action === "iam:AddRoleToInstanceProfile" ? (parameters["RoleName"] ?? []).map(pass) : []),
    // Amazon ECR user guide, "IAM permissions for pushing an image". Docker sends these to the registry, not to the API.
    ...(action === "ecr:GetAuthorizationToken"
      ? pushing.map((one) =>
          on(
            one,
            `arn:${place.partition}:ecr:${call.region}:${place.account}:repository/${place.names.repository}`,
          ),
        )
      : []),
  ];
}

/** The ARN of what the call creates. */
function taggedResource({ action, region }: RecordedCall, resource: string, place: Place): string {
  switch (action) {
    case "acm:RequestCertificate":
      return `arn:${place.partition}:acm:${region}:${place.account}:certificate/${newId}`;
    case "elasticloadbalancing:CreateListener":
      return `${resource.replace(":loadbalancer/", ":listener/")}/${newId}`;
    case "elasticloadbalancing:CreateRule":
      return `${resource.replace(":listener/", ":listener-rule/")}/${newId}`;
    default:
      return resource;
  }
}

/** AWS Budgets has two actions for most of its calls (Service Authorization Reference). */
export function budgetAction(action: string): string {
  return action
    .replace(/^budgets:Describe\w+$/, "budgets:ViewBudget")
    .replace(/^budgets:(?:Create|Update|Delete)\w+$/, "budgets:ModifyBudget");
}

/** Of a resource that gets its id from AWS. */
const newId = "0123456789abcdef";

/** Paths of service-linked roles. */
const rolePaths: Readonly<Record<string, string>> = {
  AWSServiceRoleForAutoScaling: "aws-service-role/autoscaling.amazonaws.com/",
  AWSServiceRoleForCloudFrontVPCOrigin: "aws-service-role/vpcorigin.cloudfront.amazonaws.com/",
  AWSServiceRoleForElasticLoadBalancing: "aws-service-role/elasticloadbalancing.amazonaws.com/",
};

const tagActions: Readonly<Record<string, string>> = {
  budgets: "budgets:TagResource",
  acm: "acm:AddTagsToCertificate",
  autoscaling: "autoscaling:CreateOrUpdateTags",
  cloudfront: "cloudfront:TagResource",
  cloudwatch: "cloudwatch:TagResource",
  ec2: "ec2:CreateTags",
  ecr: "ecr:TagResource",
  elasticloadbalancing: "elasticloadbalancing:AddTags",
  "iam:CreateInstanceProfile": "iam:TagInstanceProfile",
  "iam:CreateOpenIDConnectProvider": "iam:TagOpenIDConnectProvider",
  "iam:CreateRole": "iam:TagRole",
  logs: "logs:TagResource",
  secretsmanager: "secretsmanager:TagResource",
  sns: "sns:TagResource",
  ssm: "ssm:AddTagsToResource",
};

const pushing = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:BatchGetImage",
  "ecr:CompleteLayerUpload",
  "ecr:InitiateLayerUpload",
  "ecr:PutImage",
  "ecr:UploadLayerPart",
];
