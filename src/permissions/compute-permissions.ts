import { arnOf } from "./release-permissions.ts";
import type { Place, Statement } from "./statement.ts";

/** Network, instances, groups and load balancer. */
export function computePermissions(place: Place): readonly Statement[] {
  const { bucket, names, partition } = place;
  const arn = arnOf(place);
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  return [
    {
      // What instances run is an object. Terraform asks for its tags, and deletes all its versions.
      sid: "KeepProgramOfInstances",
      actions: ["s3:DeleteObjectVersion", "s3:GetObjectTagging"],
      resources: [`${bucketArn}/${names.state_prefix}/instance/*`],
    },
    {
      sid: "ListVersionsOfProgram",
      actions: ["s3:ListBucketVersions"],
      resources: [bucketArn],
      condition: { StringLike: { "s3:prefix": [`${names.state_prefix}/instance/*`] } },
    },
    {
      // EC2 gives new resources their ids, so their ARNs are not known before. The region limits them.
      sid: "ManageNetworkAndInstances",
      actions: [
        "ec2:AllocateAddress",
        "ec2:AssociateRouteTable",
        "ec2:AttachInternetGateway",
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateFlowLogs",
        "ec2:CreateInternetGateway",
        "ec2:CreateLaunchTemplate",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:CreateNatGateway",
        "ec2:CreateRoute",
        "ec2:CreateRouteTable",
        "ec2:CreateSecurityGroup",
        "ec2:CreateSubnet",
        "ec2:CreateTags",
        "ec2:CreateVpc",
        "ec2:CreateVpcEndpoint",
        "ec2:DeleteFlowLogs",
        "ec2:DeleteInternetGateway",
        "ec2:DeleteLaunchTemplate",
        "ec2:DeleteNatGateway",
        "ec2:DeleteRoute",
        "ec2:DeleteRouteTable",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSubnet",
        "ec2:DeleteTags",
        "ec2:DeleteVpc",
        "ec2:DeleteVpcEndpoints",
        "ec2:DetachInternetGateway",
        "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable",
        "ec2:ModifyLaunchTemplate",
        "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint",
        "ec2:ReleaseAddress",
        "ec2:ReplaceRoute",
        "ec2:RevokeSecurityGroupEgress",
        "ec2:RevokeSecurityGroupIngress",
        "ec2:RunInstances",
      ],
      resources: ["*"],
      condition: { StringEquals: { "aws:RequestedRegion": place.region } },
    },
    {
      // None of these takes a resource.
      sid: "LookAtAccount",
      actions: [
        "ec2:Describe*",
        "elasticloadbalancing:Describe*",
        "logs:DescribeLogGroups",
        // For the estimate of a plan, which has older prices without it.
        "pricing:GetProducts",
        // Of an interface endpoint's private names. EC2 asks for it in the caller's name (Service Authorization Reference, CreateVpcEndpoint).
        "route53:AssociateVPCWithHostedZone",
        "ssm:DescribeParameters",
        "tag:GetResources",
      ],
      resources: ["*"],
    },
    {
      sid: "ManageGroups",
      actions: [
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteAutoScalingGroup",
        "autoscaling:DeletePolicy",
        "autoscaling:DeleteTags",
        "autoscaling:EnableMetricsCollection",
        "autoscaling:PutScalingPolicy",
      ],
      resources: [...Object.values(names.groups), names.machine].map((group) =>
        arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${group}`),
      ),
    },
    {
      sid: "ManageLoadBalancer",
      actions: [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateTargetGroup",
        "elasticloadbalancing:DeleteListener",
        "elasticloadbalancing:DeleteLoadBalancer",
        "elasticloadbalancing:DeleteTargetGroup",
        "elasticloadbalancing:ModifyListenerAttributes",
        "elasticloadbalancing:ModifyLoadBalancerAttributes",
        "elasticloadbalancing:ModifyTargetGroup",
        "elasticloadbalancing:ModifyTargetGroupAttributes",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:SetSubnets",
      ],
      resources: [
        arn("elasticloadbalancing", `loadbalancer/app/${names.load_balancer}/*`),
        arn("elasticloadbalancing", `listener/app/${names.load_balancer}/*`),
        arn("elasticloadbalancing", `listener-rule/app/${names.load_balancer}/*`),
        ...Object.values(names.target_groups).map((group) =>
          arn("elasticloadbalancing", `targetgroup/${group}/*`),
        ),
      ],
    },
  ];
}
