import type { RunResult } from "../../src/process/programs/run.ts";
import type { AgentState } from "../../src/state/reports/agent-state.ts";
import type { ContainerSettings } from "../../src/state/container-record.ts";
import type { ReleasePointer } from "../../src/state/release-pointer.ts";
import { defaultEngine, type EngineVersion } from "../../sandbox/src/client/engine-versions.ts";
import { bootContainers, buildApp, putParameter, type Containers } from "./instance-containers.ts";
import { instanceId, parameters, releaseRecord, writeSeed } from "./instance-seed.ts";

export interface Machine {
  /** Makes a release known to the instance: its record and its pointer, which it reads at once unless the hints say otherwise. */
  readonly release: (release: number, mode: string, changes?: ReleaseChanges) => Promise<void>;
  /** What the instance's Auto Scaling group wants of it, such as "Standby". */
  readonly lifecycle: (state: string) => Promise<void>;
  /** Makes the next calls of an API fail, such as "AmazonSSM.GetParameter". */
  readonly refuse: (refusal: {
    target: string;
    times: number;
    status: number;
    code: string;
  }) => Promise<void>;
  /** Every report of the agent, oldest first. */
  readonly reports: () => Promise<readonly AgentState[]>;
  /** Lines that reached CloudWatch Logs. */
  readonly logs: () => Promise<readonly string[]>;
  readonly exec: (...command: string[]) => Promise<RunResult>;
  /** Makes the agent read the pointer at once. */
  readonly nudge: () => Promise<RunResult>;
  readonly remove: () => Promise<void>;
}

export interface ReleaseChanges {
  /** Instead of the test's application. */
  readonly image?: string;
  readonly health?: Partial<ContainerSettings["health"]>;
  /** More of the record's container. */
  readonly container?: Partial<ContainerSettings>;
  readonly hints?: Pick<ReleasePointer, "poll_seconds" | "update">;
  /** False: the agent is left to find it. */
  readonly nudge?: boolean;
}

/** Boots an instance in a container, with a launch template's user data, its own AWS and this Docker engine. */
export async function bootMachine(
  engine: EngineVersion = defaultEngine,
  build: () => Promise<string> = buildApp,
): Promise<Machine> {
  const containers = await bootContainers(engine, {
    images: [await build()],
    prepare: async ({ folder, endpoint, put }) => {
      await writeSeed(folder, endpoint);
      await put(parameters.pointer, "{}");
    },
  });
  const [app] = containers.digests;
  return machine(containers, `cloud:5001/app@${app}`);
}

function machine({ endpoint, exec, remove }: Containers, app: string): Machine {
  const put = (path: string, body: unknown) =>
    fetch(endpoint + path, { method: "PUT", body: JSON.stringify(body) });
  const read = async (path: string) => (await fetch(endpoint + path)).json() as Promise<string[]>;
  return {
    exec,
    remove,
    nudge: () => exec("systemctl", "reload", "infer-deploy-agent"),
    logs: () => read("/_logs"),
    lifecycle: async (state) => {
      await put("/_lifecycle", state);
    },
    refuse: async (refusal) => {
      await put("/_refuse", refusal);
    },
    reports: async () => {
      const versions = await read(
        `/_history/${parameters.bucket}/${parameters.prefix}/agents/${instanceId}.json`,
      );
      return versions.map((version) => JSON.parse(version) as AgentState);
    },
    release: async (release, mode, changes = {}) => {
      const { image = app, health = {}, container = {}, hints = {}, nudge = true } = changes;
      const record = `${parameters.prefix}/releases/${String(release).padStart(4, "0")}.json`;
      const content = releaseRecord(release, mode, image, health);
      await put(`/_objects/${parameters.bucket}/${record}`, {
        ...content,
        container: { ...content.container, ...container },
      });
      const pointer = {
        schema_version: 1,
        release,
        version: `v${release}`,
        image,
        record,
        ...hints,
      };
      await putParameter(endpoint, parameters.pointer, JSON.stringify(pointer));
      if (nudge) await exec("systemctl", "reload", "infer-deploy-agent");
    },
  };
}
