import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateLaunchTemplateCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyTargetGroupAttributesCommand,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { sandboxCredentials } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";

export type Colour = "blue" | "green";

/** A load balancer with two colours, of which blue has all weight, without instances. Made by the SDK alone, as `up` makes it by Terraform. */
export interface Stack {
  readonly url: string;
  readonly loadBalancerArn: string;
  readonly listenerArn: string;
  /** app/NAME/ID */
  readonly loadBalancer: string;
  readonly targetGroups: Readonly<Record<Colour, string>>;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly watch: CloudWatchClient;
  readonly scaling: AutoScalingClient;
  readonly scale: (colour: Colour, desired: number) => Promise<void>;
  /** Instance ids in service, as the group reports them. */
  readonly members: (colour: Colour) => Promise<string[]>;
  /** "i-0123 healthy" for each target. */
  readonly health: (colour: Colour) => Promise<string[]>;
  readonly shift: (blue: number, green: number) => Promise<void>;
  /** Adds a rule to the listener and returns its ARN. */
  readonly addRule: (priority: number, condition: RuleCondition, action: Action) => Promise<string>;
  readonly alarm: (name: string) => Promise<MetricAlarm | undefined>;
  /** What the address says to a request. */
  readonly answer: (path: string, headers?: Record<string, string>) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** `idleSeconds`: after how long the application closes an idle connection; without it, it does not. */
export async function createStack(
  state: SandboxState,
  { idleSeconds }: { readonly idleSeconds?: number } = {},
): Promise<Stack> {
  const options = {
    region: "us-east-1",
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  };
  const ec2 = new EC2Client(options);
  const scaling = new AutoScalingClient(options);
  const balancing = new ElasticLoadBalancingV2Client(options);
  const subnets = ((await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? []).slice(0, 2);
  const subnetIds = subnets.map((subnet) => subnet.SubnetId ?? "");
  const image = (await ec2.send(new DescribeImagesCommand({}))).Images?.[0]?.ImageId;
  const created = await balancing.send(
    new CreateLoadBalancerCommand({ Name: "web", Subnets: subnetIds, Type: "application" }),
  );
  const balancer = created.LoadBalancers?.[0];

  const makeColour = async (colour: Colour): Promise<string> => {
    const group = await balancing.send(
      new CreateTargetGroupCommand({
        Name: colour,
        Port: 8080,
        Protocol: "HTTP",
        VpcId: subnets[0]?.VpcId,
        HealthCheckPath: "/healthz",
        HealthCheckIntervalSeconds: 2,
        HealthCheckTimeoutSeconds: 1,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    const arn = group.TargetGroups?.[0]?.TargetGroupArn ?? "";
    const delay = { Key: "deregistration_delay.timeout_seconds", Value: "5" };
    await balancing.send(
      new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [delay] }),
    );
    await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: colour,
        LaunchTemplateData: {
          ImageId: image,
          InstanceType: "t3.micro",
          UserData: userData(colour, idleSeconds),
        },
      }),
    );
    await scaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: colour,
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 0,
        VPCZoneIdentifier: subnetIds.join(","),
        LaunchTemplate: { LaunchTemplateName: colour, Version: "1" },
        TargetGroupARNs: [arn],
      }),
    );
    return arn;
  };
  const targetGroups = { blue: await makeColour("blue"), green: await makeColour("green") };
  const forward = (blue: number, green: number) => [
    {
      Type: "forward" as const,
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: targetGroups.blue, Weight: blue },
          { TargetGroupArn: targetGroups.green, Weight: green },
        ],
      },
    },
  ];
  const listener = await balancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: balancer?.LoadBalancerArn,
      Port: 80,
      Protocol: "HTTP",
      DefaultActions: forward(100, 0),
    }),
  );
  const listenerArn = listener.Listeners?.[0]?.ListenerArn ?? "";

  const url = `http://${balancer?.DNSName}/`;
  const watch = new CloudWatchClient(options);

  return {
    url,
    loadBalancerArn: balancer?.LoadBalancerArn ?? "",
    listenerArn,
    loadBalancer: balancer?.LoadBalancerArn?.split(":loadbalancer/")[1] ?? "",
    targetGroups,
    balancing,
    watch,
    scaling,
    scale: async (colour, desired) => {
      await scaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: colour, DesiredCapacity: desired }),
      );
    },
    members: async (colour) => {
      const answer = await scaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [colour] }),
      );
      return (answer.AutoScalingGroups?.[0]?.Instances ?? []).flatMap((one) =>
        one.LifecycleState === "InService" ? (one.InstanceId ?? []) : [],
      );
    },
    health: async (colour) => {
      const answer = await balancing.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroups[colour] }),
      );
      return (answer.TargetHealthDescriptions ?? []).map(
        ({ Target, TargetHealth }) => `${Target?.Id} ${TargetHealth?.State}`,
      );
    },
    shift: async (blue, green) => {
      await balancing.send(
        new ModifyListenerCommand({
          ListenerArn: listenerArn,
          DefaultActions: forward(blue, green),
        }),
      );
    },
    addRule: async (Priority, condition, action) => {
      const rule = { Priority, Conditions: [condition], Actions: [action] };
      const made = await balancing.send(
        new CreateRuleCommand({ ListenerArn: listenerArn, ...rule }),
      );
      return made.Rules?.[0]?.RuleArn ?? "";
    },
    alarm: async (name) => {
      const found = await watch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
      return found.MetricAlarms?.[0];
    },
    answer: async (path, headers = {}) => {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(`${url}${path}`, { headers, signal });
      return { status: response.status, body: await response.text() };
    },
  };
}

/**
 * A server that answers with its colour, and a POST with the length of its body; /headers answers with the names of the request's headers, /fail is 500, /slow takes three
 * seconds, /sick makes it fail its health checks from then on.
 */
function userData(colour: Colour, idleSeconds: number | undefined): string {
  const app = `
import http.server, time
sick = False
class Handler(http.server.BaseHTTPRequestHandler):
  protocol_version = "HTTP/1.1"
  timeout = ${idleSeconds ?? "None"}
  def do_GET(self):
    global sick
    sick = sick or self.path == "/sick"
    time.sleep(3 if self.path == "/slow" else 0)
    status = 500 if self.path == "/fail" else 503 if sick and self.path == "/healthz" else 200
    body = " ".join(self.headers.keys()).encode() if self.path == "/headers" else b"${colour}"
    self.send_response(status)
    self.send_header("content-length", str(len(body)))
    self.end_headers()
    self.wfile.write(body)
  def do_POST(self):
    body = b"%d bytes" % len(self.rfile.read(int(self.headers["content-length"])))
    self.send_response(200)
    self.send_header("content-length", str(len(body)))
    self.end_headers()
    self.wfile.write(body)
  def log_message(self, *_):
    pass
http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
`;
  const config = {
    write_files: [{ path: "/opt/app.py", content: app }],
    runcmd: [["systemd-run", "--unit", "app", "python3", "/opt/app.py"]],
  };
  return Buffer.from(`#cloud-config\n${JSON.stringify(config)}`).toString("base64");
}
