import type { RunningCli } from "../../test/_helpers/running-cli.ts";
import { sendThrice } from "./signal-faults.ts";

/** Something that goes wrong while a stack is made or removed. */
export interface StackFault {
  readonly fault: string;
  readonly weather?: string;
  /** The line of the command's output at which it goes wrong; from the start without one. */
  readonly from?: RegExp;
  readonly inject?: (cli: RunningCli) => Promise<void> | void;
  readonly exit: readonly number[];
  readonly cause?: RegExp;
}

/** After a failed one, the weather clears and the same command must succeed. */
export const upFaults: readonly StackFault[] = [
  { fault: "S3 refuses settings of a young bucket", weather: "busy-bucket", exit: [0] },
  { fault: "AWS throttles above its documented rates", weather: "throttling", exit: [0] },
  { fault: "the first zone has no NAT gateways", weather: "partial-region", exit: [0] },
  { fault: "the first zone has no capacity", weather: "no-capacity=a", exit: [0] },
  {
    fault: "the account's vCPU quota is used up",
    weather: "no-capacity=vcpu",
    exit: [1],
    cause: /vCPU capacity/,
  },
  {
    fault: "the address does not answer here, but users reach it",
    weather: "unreachable=address",
    exit: [4],
    cause: /network\.allow/,
  },
  { fault: "new instances take a minute to boot", weather: "slow-boot=60s", exit: [0] },
  { fault: "the first calls of an instance fail", weather: "flaky-instance", exit: [0] },
  {
    fault: "this machine's clock is ten minutes off",
    weather: "skew=10m",
    exit: [64],
    cause: /clock/,
  },
  {
    fault: "an organisation denies CreateVpc",
    weather: "denied=ec2:CreateVpc@scp",
    exit: [1],
    cause: /CreateVpc/,
  },
  {
    fault: "the credentials expire in the apply",
    weather: "short-keys=0",
    from: /^· Apply the infrastructure: 2/,
    exit: [1],
    cause: /credentials have expired/,
  },
  {
    fault: "SIGINT three times in the apply",
    from: /^· Apply the infrastructure: 2/,
    inject: async (cli) => sendThrice(cli, "SIGINT"),
    exit: [130],
  },
  {
    fault: "SIGHUP in the apply",
    from: /^· Apply the infrastructure: 2/,
    inject: (cli) => {
      cli.kill("SIGHUP");
    },
    exit: [129],
  },
  { fault: "every fifth answer of AWS is lost", weather: "lost-answers=5", exit: [0] },
];

export const destroyFaults: readonly StackFault[] = [
  { fault: "the tag index lists deleted things for 20 minutes", weather: "stale-tags", exit: [0] },
  { fault: "AWS throttles above its documented rates", weather: "throttling", exit: [0] },
  { fault: "every fifth answer of AWS is lost", weather: "lost-answers=5", exit: [0] },
  {
    fault: "the credentials expire",
    weather: "short-keys=0",
    from: /^· Destroy the infrastructure: 2/,
    exit: [1],
    cause: /credentials have expired/,
  },
  {
    fault: "SIGTERM three times",
    from: /^· Destroy the infrastructure: 2/,
    inject: async (cli) => sendThrice(cli, "SIGTERM"),
    exit: [143],
  },
];
