import type { AwsError } from "./aws-error.ts";
import type { Cause } from "./cause.ts";

/** Reads `is not authorized to perform: ec2:CreateVpc on resource: ...`. Where AWS hides the action, it names the call. */
export function deniedCause(text: string, aws: AwsError | undefined): Cause {
  const action =
    /not authorized to perform:? ([\w-]+:\w+)/.exec(text)?.[1] ??
    [aws?.service, aws?.operation].filter((part) => part !== "").join(" ");
  const user =
    /(?:User|principal): (arn:\S+)/.exec(text)?.[1] ??
    "the identity that `aws sts get-caller-identity` shows";
  const what = action === "" ? "do this" : `call ${action}`;
  const layer = denyingLayer(text);
  return {
    message: `AWS does not allow these credentials to ${what}${layer === undefined ? "" : `, because of ${layer.name}`}`,
    next: `Allow ${action === "" ? "the call" : action} ${layer?.where(user) ?? `to ${user}`}, then run the same command again.`,
  };
}

/** The kind of policy that a denial names; undefined where it is the identity's own, or AWS says nothing of it. */
export function denyingLayer(text: string): Layer | undefined {
  return layers.find(({ pattern }) => pattern.test(text));
}

interface Layer {
  readonly pattern: RegExp;
  readonly name: string;
  /** Where a call must be allowed. `user`: the caller's ARN. */
  readonly where: (user: string) => string;
}

/**
 * The kinds of policy that AWS names: `because no permissions boundary allows ...`, `with an explicit deny in a service control policy`. Its own
 * identity policy needs no name. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const layers: readonly Layer[] = [
  {
    pattern: /(no|in an?) service control polic/i,
    name: "a service control policy of the organisation",
    where: () => "in the organisation's policies (its administrators can)",
  },
  {
    pattern: /(no|in an?) resource control polic/i,
    name: "a resource control policy of the organisation",
    where: () => "in the organisation's policies (its administrators can)",
  },
  {
    pattern: /(no|in an?) permissions boundar/i,
    name: "a permissions boundary",
    where: (user) => `in the permissions boundary of ${user}`,
  },
  {
    pattern: /(no|in an?) session polic/i,
    name: "the policy of this session",
    where: () => "in the policy that the session was made with",
  },
  {
    pattern: /(no|in an?) VPC endpoint polic/i,
    name: "the policy of a VPC endpoint",
    where: () => "in the endpoint's policy, or use another network",
  },
  {
    pattern: /explicit deny in an? (identity|resource)-based polic/i,
    name: "a policy that denies it explicitly",
    where: (user) => `by removing that statement from the policies of ${user} and of the resource`,
  },
];
