import type { Project } from "../../test/_helpers/project.ts";
import type { CliEnd, RunningCli } from "../../test/_helpers/running-cli.ts";
import { childrenOf } from "./children.ts";
import { madeStack } from "./made-stack.ts";
import { sendThrice } from "./signal-faults.ts";
import { deleteState, restoreState } from "./state-object.ts";
import { setWeather } from "./weather.ts";

/** Something that goes wrong while a stack is made or removed. */
export interface StackFault {
  readonly fault: string;
  readonly weather?: string;
  /** Changes the stack before the command. */
  readonly prepare?: (project: Project) => Promise<void>;
  /** The line of the command's output at which it goes wrong; from the start without one. */
  readonly from?: RegExp;
  /** Milliseconds after that line. */
  readonly later?: number;
  readonly inject?: (cli: RunningCli) => Promise<void> | void;
  /** Throws when what the command left is not what it must leave. */
  readonly leaves?: (project: Project, end: CliEnd) => Promise<void>;
  /** Undoes it, besides the weather, before anything is repaired. */
  readonly undo?: (project: Project) => Promise<void>;
  readonly exit: readonly number[];
  readonly cause?: RegExp;
  /** Found in what the command printed as the next step. */
  readonly next?: RegExp;
  /** How many commands may be needed until the same one succeeds; 1 when nothing is said. */
  readonly repairs?: number;
}

/** After a failed one, the weather clears and the same command must succeed. */
export const upFaults: readonly StackFault[] = [
  { fault: "S3 refuses settings of a young bucket", weather: "busy-bucket", exit: [0] },
  { fault: "AWS throttles above its documented rates", weather: "throttling", exit: [0] },
  {
    fault: "the first zone has no NAT gateways",
    weather: "partial-region",
    exit: [1],
    cause: /no NAT gateways/,
    next: /network\.zones/,
    undo: async (project) => {
      await project.configure({ ...madeStack, network: { zones: ["eu-west-1b", "eu-west-1c"] } });
      await setWeather(project, "partial-region");
    },
    repairs: 2,
  },
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
    from: /^· Apply the infrastructure$/,
    later: 5000,
    exit: [1],
    cause: /credentials have expired/,
    // A new login, which the cleared weather stands for, and the same command.
    repairs: 2,
  },
  {
    fault: "SIGINT three times in the apply",
    from: /^· Apply the infrastructure$/,
    later: 5000,
    inject: async (cli) => sendThrice(cli, "SIGINT"),
    exit: [130],
  },
  {
    fault: "SIGHUP in the apply",
    from: /^· Apply the infrastructure$/,
    later: 5000,
    inject: (cli) => {
      cli.kill("SIGHUP");
    },
    exit: [129],
  },
  {
    // One of them is that of Terraform's own lock, which Terraform then takes for another run's.
    fault: "every fifth answer of AWS is lost",
    weather: "lost-answers=5",
    exit: [0, 5],
    repairs: 2,
  },
  {
    fault: "kill -9 in the apply",
    from: /^· Apply the infrastructure$/,
    later: 5000,
    inject: (cli) => {
      cli.kill("SIGKILL");
    },
    exit: [-1],
    repairs: 3,
  },
  {
    fault: "S3 refuses Terraform's state in the apply",
    weather: "denied=s3:PutObject",
    from: /^· Apply the infrastructure$/,
    later: 5000,
    exit: [1],
    cause: /PutObject/,
  },
  {
    // Last: what Terraform made and did not save, nothing adopts yet, and a person deletes it.
    fault: "kill -9 of Terraform in the apply",
    from: /^· Apply the infrastructure$/,
    later: 5000,
    inject: killTerraform,
    exit: [1],
    cause: /killed|SIGKILL/,
    repairs: 3,
  },
];

export const destroyFaults: readonly StackFault[] = [
  { fault: "the tag index lists deleted things for 20 minutes", weather: "stale-tags", exit: [0] },
  { fault: "AWS throttles above its documented rates", weather: "throttling", exit: [0] },
  { fault: "every fifth answer of AWS is lost", weather: "lost-answers=5", exit: [0] },
  {
    fault: "the credentials expire",
    weather: "short-keys=0",
    from: /^· Destroy the infrastructure$/,
    later: 4000,
    exit: [1],
    cause: /credentials have expired/,
    // A new login, which the cleared weather stands for, and the same command.
    repairs: 2,
  },
  {
    fault: "SIGTERM three times",
    from: /^· Destroy the infrastructure$/,
    later: 4000,
    inject: async (cli) => sendThrice(cli, "SIGTERM"),
    exit: [143],
  },
  {
    fault: "kill -9",
    from: /^· Destroy the infrastructure$/,
    later: 4000,
    inject: (cli) => {
      cli.kill("SIGKILL");
    },
    exit: [-1],
    repairs: 3,
  },
  {
    fault: "a person has deleted Terraform's state",
    prepare: deleteState,
    exit: [1],
    cause: /Terraform's state of bench-faults \(production\) is gone/,
    next: /list-object-versions --bucket/,
    undo: restoreState,
  },
  {
    fault: "S3 refuses Terraform's state",
    weather: "denied=s3:PutObject",
    from: /^· Destroy the infrastructure$/,
    later: 4000,
    exit: [1],
    cause: /PutObject/,
  },
];

async function killTerraform(cli: RunningCli): Promise<void> {
  const [terraform] = await childrenOf(cli.pid, /(^|\/)terraform\0/);
  if (terraform === undefined) throw new Error("no terraform runs");
  process.kill(terraform, "SIGKILL");
}
