/** Actions that only stacks with these options need. The tests of the options see that each is made. */
export const networkCalls = {
  egress: [
    "ec2:ModifyVpcAttribute",
    "ec2:ModifyVpcEndpoint",
    "ec2:ReplaceRoute",
    "elasticloadbalancing:SetSubnets",
  ],
} as const;

/** Those of a stack with a scaling policy. */
export const scalingCalls = ["autoscaling:DeletePolicy", "autoscaling:PutScalingPolicy"] as const;

/** Actions that AWS checks itself, in the name of a caller who makes another call, or that its program for sessions makes when a connection broke. */
export const impliedCalls = ["route53:AssociateVPCWithHostedZone", "ssm:ResumeSession"] as const;
