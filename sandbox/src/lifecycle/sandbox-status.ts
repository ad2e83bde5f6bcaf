import { readReport } from "../client/controller-report.ts";
import { findController } from "./controller-process.ts";
import { requireEngine } from "../containers/docker.ts";
import {
  checkSandboxName,
  serviceContainer,
  type ServiceRole,
} from "../containers/sandbox-names.ts";
import { listContainers } from "../containers/list-containers.ts";
import { answers } from "./ready.ts";
import type { SandboxDeps } from "./images.ts";
import { readSandboxState, sandboxFolder } from "../client/state-file.ts";
import type { SandboxState } from "../client/sandbox-state.ts";
import { readWeather } from "../client/weather.ts";
import type { Weather } from "../client/weather-text.ts";

export interface SandboxStatus {
  readonly name: string;
  /** Every part is running and answers. */
  readonly running: boolean;
  readonly folder: string;
  /** Null when there is no such sandbox. */
  readonly state: SandboxState | null;
  readonly parts: readonly {
    readonly part: ServiceRole | "controller";
    readonly answers: boolean;
  }[];
  /** Part of the controller -> why its last run failed. */
  readonly failing: Readonly<Record<string, string>>;
  readonly instances: readonly {
    readonly id: string;
    readonly region: string;
    readonly running: boolean;
    readonly container: string;
  }[];
  /** The conditions that are on; null when the emulator does not answer. */
  readonly weather: Weather | null;
  /** The differences from AWS, in short. docs/reference/sandbox.md has the whole list with reasons. */
  readonly not_modelled: readonly string[];
}

/** Changes nothing. Throws CommandError (64) when no Docker engine answers. */
export async function sandboxStatus(
  { run, env }: SandboxDeps,
  name: string,
): Promise<SandboxStatus> {
  checkSandboxName(name);
  await requireEngine(run);
  const folder = sandboxFolder(env, name);
  const [state, containers, controller, report] = await Promise.all([
    readSandboxState(folder),
    listContainers(run, name),
    findController(run, folder),
    readReport(folder),
  ]);
  const services = await Promise.all(
    roles.map(async (role) => {
      const container = containers.find((one) => one.name === serviceContainer(name, role));
      return {
        part: role,
        answers: state !== undefined && container?.running === true && (await answers(state, role)),
      };
    }),
  );
  const weather = state === undefined ? null : await readWeather(state).catch(() => null);
  const parts = [...services, { part: "controller" as const, answers: controller !== null }];
  return {
    name,
    running: parts.every((part) => part.answers),
    folder,
    state: state === undefined ? null : { ...state, controllerPid: controller },
    parts,
    failing: controller === null ? {} : (report?.failing ?? {}),
    instances: containers.flatMap((one) =>
      one.instance === null
        ? []
        : [
            {
              id: one.instance,
              region: one.region ?? "",
              running: one.running,
              container: one.name,
            },
          ],
    ),
    weather,
    not_modelled: notModelled,
  };
}

const roles: readonly ServiceRole[] = ["emulator", "registry", "balancer"];

const notModelled: readonly string[] = [
  "the start of a real EC2 instance (20 to 40 s, then its user-data; here about 5 s in all) and of a load balancer (2 to 3 minutes)",
  "IAM: every call is allowed, except by `sandbox weather`",
  "quotas and throttling, except by `sandbox weather`",
  "DNS: load balancers are ports of this machine",
  "network rules: security groups, route tables and gateways are stored but have no effect, except on ports 80 and 443 of an Elastic IP address",
  "persistence: the region lives in memory and is empty after `sandbox stop`",
];
