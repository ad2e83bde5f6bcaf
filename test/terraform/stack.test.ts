import { DescribeTagsCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  DescribeTargetGroupsCommand,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AwsClients } from "../../src/aws/clients.ts";
import { fleetOutputs, type FleetOutputs } from "../../src/state/stack-record.ts";
import { nameStack } from "../../src/stack/names.ts";
import type { StackInput } from "../../src/stack/stack-input.ts";
import { parseJson } from "../../src/terraform/events/json.ts";
import { outsideChanges } from "../../src/terraform/events/outside-changes.ts";
import type { BareTerraform } from "../_helpers/bare-terraform.ts";
import { applyInEmulator, type AppliedTerraform } from "../_helpers/applied-terraform.ts";
import { stackInput } from "../_helpers/stack-values.ts";

/** Evaluated in HCL and in .tf.json; must come out as it is. */
const hostile = '${file("/etc/hostname")} %{ if true } "$${x}" \\ \n -x';

const applied: Partial<StackInput> = {
  tags: { team: "ml", note: hostile },
  health: { ...stackInput().health, path: "/${path.module}/healthz" },
  alarms: {
    ...stackInput().alarms,
    notify: ["arn:aws:sns:eu-central-1:123456789012:on-call"],
  },
  identity: { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" },
};

let stack: AppliedTerraform;
let terraform: BareTerraform;
let aws: AwsClients;
let plan: AppliedTerraform["plan"];
let outputs: FleetOutputs;

beforeAll(async () => {
  stack = await applyInEmulator(applied);
  ({ terraform, aws, plan } = stack);
  outputs = fleetOutputs(stack.outputs);
});
afterAll(async () => {
  await stack?.remove();
});

test("what releases own can change and Terraform plans nothing", async () => {
  const balancer = await aws.loadBalancing();
  const groups = await aws.autoScaling();
  const parameters = await aws.ssm();
  const weights = { blue: 0, green: 100 };
  const forward = (["blue", "green"] as const).map((colour) => ({
    TargetGroupArn: outputs.target_group_arns[colour],
    Weight: weights[colour],
  }));
  await balancer.send(
    new ModifyListenerCommand({
      ListenerArn: outputs.listener_arn,
      DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups: forward } }],
    }),
  );
  for (const colour of ["blue", "green"] as const) {
    await groups.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: outputs.autoscaling_group_names[colour],
        MinSize: 1,
        DesiredCapacity: 2,
      }),
    );
    await parameters.send(
      new PutParameterCommand({
        Name: outputs.release_pointers[colour],
        Value: '{"release":7}',
        Overwrite: true,
      }),
    );
  }
  expect(await plan()).toEqual([]);
});

test("values of the user arrive as they were written", async () => {
  const { Tags: tags = [] } = await (
    await aws.autoScaling()
  ).send(new DescribeTagsCommand({ Filters: [{ Name: "key", Values: ["note"] }] }));
  expect(tags.map((tag) => tag.Value)).toEqual([hostile, hostile]);
  const { TargetGroups: groups = [] } = await (
    await aws.loadBalancing()
  ).send(new DescribeTargetGroupsCommand({}));
  expect(groups.map((group) => group.HealthCheckPath)).toEqual([
    "/${path.module}/healthz",
    "/${path.module}/healthz",
  ]);
});

test("the alarms tell the topics of the file, and the role has its boundary", async () => {
  const { MetricAlarms: alarms = [] } = await (
    await aws.cloudWatch()
  ).send(new DescribeAlarmsCommand({}));
  expect(alarms.length).toBeGreaterThan(6);
  for (const { AlarmActions, OKActions } of alarms) {
    expect([AlarmActions, OKActions]).toEqual([applied.alarms?.notify, applied.alarms?.notify]);
  }
  const RoleName = nameStack("embeddings", "production", stackInput().region).instance_role;
  const { Role } = await (await aws.iam()).send(new GetRoleCommand({ RoleName }));
  expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
    applied.identity?.permissionsBoundary,
  );
});

test("a change of the configuration plans that change and no replacement", async () => {
  const { instances, health } = stackInput();
  await terraform.render({
    ...applied,
    instances: { ...instances, max: 6 },
    health: { ...health, path: "/ready", intervalSeconds: 20 },
  });
  expect(await plan()).toEqual([
    'update module.fleet.aws_autoscaling_group.this["blue"]',
    'update module.fleet.aws_autoscaling_group.this["green"]',
    'update module.load_balancer.aws_lb_target_group.this["blue"]',
    'update module.load_balancer.aws_lb_target_group.this["green"]',
  ]);
});

test("a plan knows which of its changes undo what someone did by hand, and which are the file's", async () => {
  const alarms = await aws.cloudWatch();
  const { errors, latency } = outputs.alarm_names.blue;
  const found = await alarms.send(new DescribeAlarmsCommand({ AlarmNames: [errors] }));
  const { AlarmName, MetricName, Namespace, Period, EvaluationPeriods, ComparisonOperator } =
    found.MetricAlarms?.[0] ?? {};
  await alarms.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, MetricName, Namespace, Period, EvaluationPeriods, ComparisonOperator },
      Statistic: "Sum",
      Threshold: 9000,
    }),
  );
  await alarms.send(new DeleteAlarmsCommand({ AlarmNames: [latency] }));
  await terraform.render({
    ...applied,
    alarms: { ...stackInput().alarms, ...applied.alarms, unhealthyHosts: 2 },
  });
  await terraform.expect([0], "plan", "-input=false", "-out=by-hand.tfplan");
  const { stdout } = await terraform.expect([0], "show", "-json", "by-hand.tfplan");
  expect(outsideChanges(parseJson(stdout)).toSorted()).toEqual([
    'module.alarms.aws_cloudwatch_metric_alarm.errors["blue"]',
    'module.alarms.aws_cloudwatch_metric_alarm.latency["blue"]',
  ]);
  expect(await plan()).toContain(
    'update module.alarms.aws_cloudwatch_metric_alarm.unhealthy["green"]',
  );
});
