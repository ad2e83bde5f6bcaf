import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { nameStack } from "../../stack/names.ts";
import type { AwsClients } from "../clients.ts";
import { findLeft } from "./find-left.ts";

const names = nameStack("app", "production", "eu-west-1");
const place = { name: "app", environment: "production", region: "eu-west-1" };
const stack = { ...place, names, domain: null };
const withDomain = { ...stack, domain: { names: ["api.example.com"], zone: "example.com" } };
const tags = [
  { Key: "infer-deploy:name", Value: "app" },
  { Key: "infer-deploy:environment", Value: "production" },
];

const prefix = (service: string): string => `arn:aws:${service}:eu-west-1:123456789012:`;
const arns = {
  volume: `${prefix("ec2")}volume/vol-1`,
  balancer: `${prefix("elasticloadbalancing")}loadbalancer/app/app-production/1`,
  listener: `${prefix("elasticloadbalancing")}listener/app/app-production/1/2`,
  rule: `${prefix("elasticloadbalancing")}listener-rule/app/app-production/1/2/3`,
  targets: `${prefix("elasticloadbalancing")}targetgroup/app-production-blue/1`,
  alarm: `${prefix("cloudwatch")}alarm:app-production-unanswered`,
  logs: `${prefix("logs")}log-group:${names.log_groups.app}`,
  parameter: `${prefix("ssm")}parameter${names.release_pointers.blue}`,
  repository: `${prefix("ecr")}repository/${names.repository}`,
  certificate: `${prefix("acm")}certificate/c-1`,
};

const denied = awsFailure("AccessDeniedException", "not you");

interface Input {
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly Filter?: Input["Filters"];
  readonly [key: string]: unknown;
}

/**
 * An account as AWS answers for it: `listed` is the tag index, which is right by chance only; `exists` are ARNs, EC2 ids and names that
 * the services themselves know. EC2 answers by tags and adds a terminated instance; the others refuse what they do not have with their
 * own error. `refused`: services that answer every question with
 * an error.
 */
function account(
  exists: readonly string[],
  listed: readonly string[] = exists,
  refused: Readonly<Record<string, Error>> = {},
) {
  const one = (text: unknown, error: string): string => {
    if (!exists.includes(text as string)) throw awsFailure(error, `${String(text)} not found`);
    return text as string;
  };
  const byTags = (id: string, { Filters, Filter }: Input): boolean =>
    exists.includes(id) &&
    tags.every(({ Key, Value }) =>
      (Filters ?? Filter ?? []).some(
        (filter) => filter.Name === `tag:${Key}` && filter.Values.includes(Value),
      ),
    );
  const found = (input: Input, key: string, id: string) =>
    byTags(id, input) ? [{ [key]: id }] : [];
  const answers: Readonly<Record<string, (input: Input) => unknown>> = {
    GetResources: ({ PaginationToken }) => {
      const at = Number(PaginationToken ?? 0);
      return {
        ResourceTagMappingList: listed.slice(at, at + 4).map((ResourceARN) => ({ ResourceARN })),
        PaginationToken: at + 4 < listed.length ? String(at + 4) : "",
      };
    },
    DescribeVolumes: (input) => ({
      Volumes: input["NextToken"] === "2" ? found(input, "VolumeId", "vol-1") : [],
      ...(input["NextToken"] === undefined ? { NextToken: "2" } : {}),
    }),
    DescribeInstances: () => ({
      Reservations: [{ Instances: [{ InstanceId: "i-1", State: { Name: "terminated" } }] }],
    }),
    DescribeNatGateways: () => ({ NatGateways: [{ NatGatewayId: "nat-1", State: "deleted" }] }),
    DescribeVpcEndpoints: () => ({ VpcEndpoints: [{ VpcEndpointId: "e-1", State: "Deleted" }] }),
    DescribeSubnets: (input) => ({ Subnets: found(input, "SubnetId", "subnet-1") }),
    DescribeLoadBalancers: ({ LoadBalancerArns }) => ({
      LoadBalancers: [one((LoadBalancerArns as string[])[0], "LoadBalancerNotFoundException")],
    }),
    DescribeListeners: ({ ListenerArns }) => ({
      Listeners: [one((ListenerArns as string[])[0], "ListenerNotFoundException")],
    }),
    DescribeRules: ({ RuleArns }) => ({
      Rules: [one((RuleArns as string[])[0], "RuleNotFoundException")],
    }),
    DescribeTargetGroups: ({ TargetGroupArns }) => ({
      TargetGroups: [one((TargetGroupArns as string[])[0], "TargetGroupNotFoundException")],
    }),
    DescribeRepositories: () => ({
      repositories: [one(arns.repository, "RepositoryNotFoundException")],
    }),
    DescribeCertificate: ({ CertificateArn }) => ({
      Certificate: { CertificateArn: one(CertificateArn, "ResourceNotFoundException") },
    }),
    DescribeLogGroups: ({ logGroupNamePrefix }) => ({
      logGroups: [
        ...(exists.includes(arns.logs) ? [{ logGroupName: logGroupNamePrefix }] : []),
        { logGroupName: `${String(logGroupNamePrefix)}-of-another` },
      ],
    }),
    // Secrets Manager compares the beginning of the name.
    ListSecrets: ({ Filters = [], ["IncludePlannedDeletion"]: leaving }) => ({
      SecretList: exists
        .filter((name) => name.startsWith(Filters[0]?.Values[0] ?? "?"))
        .filter((name) => leaving === true || !name.endsWith("LEAVING"))
        .map((name) => ({ Name: name, ARN: `${prefix("secretsmanager")}secret:${name}-AbCdEf` })),
    }),
    DescribeAlarms: ({ AlarmNames }) => ({
      MetricAlarms: (AlarmNames as string[])
        .map((name) => `${prefix("cloudwatch")}alarm:${name}`)
        .flatMap((AlarmArn) => (exists.includes(AlarmArn) ? [{ AlarmArn }] : [])),
    }),
    GetParameters: ({ Names }) => ({
      Parameters: (Names as string[])
        .map((name) => `${prefix("ssm")}parameter${name}`)
        .flatMap((ARN) => (exists.includes(ARN) ? [{ ARN }] : [])),
    }),
    DescribeAutoScalingGroups: ({ AutoScalingGroupNames }) => ({
      AutoScalingGroups: (AutoScalingGroupNames as string[]).flatMap((name) => [
        ...(exists.includes(name) ? [{ AutoScalingGroupName: name, Tags: tags }] : []),
        ...(exists.includes(`foreign ${name}`) ? [{ AutoScalingGroupName: name, Tags: [] }] : []),
      ]),
    }),
    GetRole: ({ RoleName }) => ({
      Role: { RoleName: one(RoleName, "NoSuchEntityException"), Tags: tags },
    }),
    GetInstanceProfile: ({ InstanceProfileName }) => {
      one(`profile ${String(InstanceProfileName)}`, "NoSuchEntityException");
      return { InstanceProfile: { Tags: tags } };
    },
    GetHostedZone: ({ Id }) => ({ HostedZone: { Id, Name: "example.com." } }),
    ListHostedZonesByName: ({ DNSName }) => ({
      HostedZones: [{ Id: "/hostedzone/Z1", Name: `${String(DNSName)}.` }],
    }),
    ListResourceRecordSets: ({ HostedZoneId, StartRecordName }) => ({
      ResourceRecordSets: exists
        .filter((name) => HostedZoneId === "Z1" && name.endsWith(".elb.amazonaws.com."))
        .map((DNSName) => ({
          Name: `${String(StartRecordName)}.`,
          Type: "A",
          AliasTarget: { DNSName },
        })),
    }),
  };
  const client = (service: string) => async () => ({
    send: async (command: { readonly input: Input }) => {
      const refusal = refused[service];
      if (refusal !== undefined) throw refusal;
      return answers[command.constructor.name.replace(/Command$/, "")]?.(command.input) ?? {};
    },
  });
  return new Proxy({}, { get: (_, service) => client(String(service)) }) as AwsClients;
}

test("what the index still lists, and the services no longer know, is gone", async () => {
  expect(await findLeft(account([], Object.values(arns)), stack)).toEqual({ left: [], unsure: [] });
});

test("what exists is found, of every kind that the index lists", async () => {
  const { left } = await findLeft(account(Object.values(arns)), stack);
  const { volume: _, ...others } = arns;
  expect(left).toEqual(Object.values(others).toSorted());
});

test("what exists is found where the index lists nothing: by its tags, or by the stack's names", async () => {
  const { instance_role: instance, github_roles: github, flow_log_role: flow } = names;
  const exists = ["vol-1", "subnet-1", names.groups.blue, instance, flow, ...Object.values(github)];
  const { left } = await findLeft(account([...exists, `profile ${instance}`], []), stack);
  expect(left).toEqual([
    `Auto Scaling group ${names.groups.blue}`,
    `IAM instance profile ${instance}`,
    `IAM role ${flow}`,
    `IAM role ${instance}`,
    `IAM role ${github.plan}`,
    `IAM role ${github.release}`,
    "subnet subnet-1",
    "volume vol-1",
  ]);
});

test("a secret of the stack is found by its name, also one that is scheduled for deletion; another stack's is not", async () => {
  const { secret_prefix: secrets, key_prefix: keys } = names;
  const other = nameStack("app", "productionx", "eu-west-1");
  const own = [`${keys}keys`, `${secrets}LEAVING`, `${secrets}TOKEN`];
  const exists = [...own, `${other.secret_prefix}TOKEN`, `${other.key_prefix}keys`];
  const { left } = await findLeft(account(exists, []), stack);
  expect(left.map((arn) => /secret:(.*)-\w{6}$/.exec(arn)?.[1])).toEqual(own);
});

test("a group with the stack's name and other tags is not the stack's", async () => {
  const { left } = await findLeft(account([`foreign ${names.groups.blue}`], []), stack);
  expect(left).toEqual([]);
});

test.each([
  ["dualstack.app-production-12345.eu-west-1.elb.amazonaws.com.", 1],
  ["app-production-12345.eu-west-1.elb.amazonaws.com.", 1],
  ["app-production2-12345.eu-west-1.elb.amazonaws.com.", 0],
  // The same name and environment in another region, which shares the domain.
  ["app-production-12345.eu-central-1.elb.amazonaws.com.", 0],
  ["another-12345.eu-west-1.elb.amazonaws.com.", 0],
])("a record that leads to %s: %i left", async (target, count) => {
  const { left } = await findLeft(account([target], []), withDomain);
  expect(left).toHaveLength(count);
});

test("each domain's record is looked for", async () => {
  const both = {
    ...withDomain,
    domain: { names: ["www.example.com", "api.example.com"], zone: "example.com" },
  };
  const { left } = await findLeft(
    account(["app-production-1.eu-west-1.elb.amazonaws.com."], []),
    both,
  );
  expect(left).toEqual(
    ["api", "www"].map((name) => `Route53 record A ${name}.example.com in zone example.com`),
  );
});

test("a kind that no stack has is a doubt, not a failure", async () => {
  const lake = `${prefix("glue")}database/lake`;
  const answer = await findLeft(account([], [lake, "nonsense"]), stack);
  expect(answer.left).toEqual([]);
  expect(answer.unsure).toEqual([
    expect.stringContaining(lake),
    expect.stringContaining("nonsense"),
  ]);
});

test("what these credentials may not ask is a doubt, and the rest is asked all the same", async () => {
  const answer = await findLeft(account([arns.alarm], [arns.alarm], { iam: denied }), stack);
  expect(answer.left).toEqual([arns.alarm]);
  expect(answer.unsure).toEqual([expect.stringMatching(/^iam could not be asked: .*not you/)]);
});

test("without the index, services are asked by tags and names", async () => {
  const answer = await findLeft(account(["vol-1"], [], { tagging: denied }), stack);
  expect(answer.left).toEqual(["volume vol-1"]);
  expect(answer.unsure).toHaveLength(1);
});

test("any other failure is a failure", async () => {
  const aws = account([], [], { iam: awsFailure("ServiceFailure", "broken") });
  await expect(findLeft(aws, stack)).rejects.toThrow("broken");
});
