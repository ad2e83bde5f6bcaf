import type { ReleaseFault } from "./fault.ts";
import { signalFaults } from "./signal-faults.ts";

/** What can go wrong between a command's start and its end, in a stack that serves. */
export const releaseFaults: readonly ReleaseFault[] = [
  {
    fault: "every third answer of AWS is lost after the change was made",
    at: "release",
    weather: "lost-answers=3",
    exit: [0],
    serves: "new",
  },
  {
    fault: "every third answer of AWS is lost after the change was made",
    at: "rollback",
    verb: "rollback",
    weather: "lost-answers=3",
    exit: [0],
    serves: "new",
  },
  {
    fault: "every twentieth call to AWS gets no answer",
    at: "release",
    weather: "dead-connections",
    exit: [0],
    serves: "new",
  },
  {
    fault: "AWS throttles above its documented rates",
    at: "release",
    weather: "throttling",
    exit: [0],
    serves: "new",
  },
  {
    fault: "AWS throttles above its documented rates",
    at: "rollback",
    verb: "rollback",
    weather: "throttling",
    exit: [0],
    serves: "new",
  },
  {
    fault: "conditional writes in flight are refused with 409",
    at: "release",
    weather: "busy-bucket",
    exit: [0],
    serves: "new",
  },
  {
    fault: "the credentials have expired",
    at: "release, before it starts",
    weather: "short-keys=0",
    exit: [64],
    cause: /credentials have expired/,
    next: /sandbox start/,
    serves: "old",
  },
  {
    fault: "the credentials expire",
    at: "release, before the shift",
    weather: "short-keys=0",
    from: /^· Start /,
    exit: [1, 3],
    cause: /credentials have expired/,
    next: /[Rr]enew them|sandbox start/,
    // A new login is what the cleared weather stands for.
    repair: ["rollback", "--yes"],
    serves: "old",
  },
  {
    fault: "the credentials expire",
    at: "release, after the shift",
    weather: "short-keys=0",
    from: /^· Give \S+ all traffic/,
    exit: [1, 3],
    cause: /credentials have expired/,
    next: /[Rr]enew them|sandbox start/,
    // A new login is what the cleared weather stands for.
    repair: ["rollback", "--yes"],
    serves: "old",
  },
  {
    fault: "a policy denies ModifyListener",
    at: "release, at the shift",
    weather: "denied=elasticloadbalancing:ModifyListener",
    exit: [1, 3],
    cause: /ModifyListener/,
    serves: "old",
  },
  {
    fault: "an organisation denies DescribeAlarms",
    at: "release",
    weather: "denied=cloudwatch:DescribeAlarms@scp",
    exit: [1, 3],
    cause: /DescribeAlarms/,
    serves: "old",
  },
  {
    fault: "a policy denies the scheduled action that ends the old version",
    at: "release, at its end",
    weather: "denied=autoscaling:PutScheduledUpdateGroupAction",
    exit: [0],
    cause: /PutScheduledUpdateGroupAction/,
    // The old version keeps running until a person ends it: the warning names the commands.
    undo: async ({ inside, app }) => {
      const { setCapacity } = await import("../../src/aws/fleet.ts");
      const { active } = await app.status();
      const idle = active?.colour === "blue" ? "green" : "blue";
      const group = inside.outputs.autoscaling_group_names[idle];
      await setCapacity(await inside.aws.autoScaling(), group, { min: 0, desired: 0 });
    },
    serves: "new",
  },
  {
    fault: "the first zone has no capacity",
    at: "release",
    weather: "no-capacity=a",
    exit: [0],
    serves: "new",
  },
  {
    fault: "the account's vCPU quota is used up",
    at: "release",
    weather: "no-capacity=vcpu",
    exit: [1, 3],
    cause: /VcpuLimitExceeded/,
    next: /quota|rolling/i,
    serves: "old",
  },
  {
    fault: "new instances take a minute to boot",
    at: "release",
    weather: "slow-boot=60s",
    exit: [0],
    serves: "new",
  },
  {
    fault: "the first DNS, S3 and registry calls of an instance fail",
    at: "release",
    weather: "flaky-instance",
    exit: [0],
    serves: "new",
  },
  {
    fault: "the load balancer keeps connections to the targets",
    at: "release",
    weather: "keep-alive",
    exit: [0],
    serves: "new",
  },
  {
    fault: "the machine's package manager updates Docker and restarts services",
    at: "release, in the bake",
    weather: "self-update",
    from: /^· Give \S+ all traffic/,
    args: ["--bake", "30s"],
    exit: [0],
    serves: "new",
  },
  {
    fault: "the address does not answer here, but users reach it",
    at: "release",
    weather: "unreachable=address",
    exit: [3],
    cause: /network\.allow/,
    serves: "old",
  },
  {
    fault: "this machine's clock is ten minutes off",
    at: "release, before it starts",
    weather: "skew=10m",
    exit: [64],
    cause: /clock/,
    serves: "old",
  },
  {
    fault: "metrics come once a minute and late; the new version answers 500",
    at: "release, canary of 10 %",
    weather: "slow-metrics",
    breakage: "errors",
    args: ["--strategy", "canary", "--bake", "5m"],
    exit: [3],
    cause: /was rolled back/,
    serves: "old",
    mayLose: 10,
  },
  {
    fault: "the new version crashes at its start",
    at: "release",
    breakage: "crash",
    exit: [3],
    cause: /the container crashes/,
    serves: "old",
  },
  {
    fault: "the new version never becomes healthy",
    at: "release",
    breakage: "never-ready",
    exit: [3],
    cause: /never became healthy/,
    serves: "old",
  },
  ...signalFaults("release, before the shift", /^· Start /),
  ...signalFaults("release, after the shift", /^· Give \S+ all traffic/),
  {
    fault: "kill -9",
    at: "release, after the shift",
    from: /^· Give \S+ all traffic/,
    args: ["--bake", "60s"],
    inject: (_, cli) => {
      cli.kill("SIGKILL");
    },
    exit: [-1],
    repair: ["rollback", "--yes"],
    serves: "old",
  },
  {
    fault: "a second release starts",
    at: "release, in the bake",
    from: /^· Give \S+ all traffic/,
    inject: async ({ app }) => {
      const { exitCode, stderr } = await app.release("second");
      if (exitCode !== 5 || !stderr.includes("locked by")) throw new Error(stderr);
    },
    exit: [0],
    serves: "new",
  },
];
