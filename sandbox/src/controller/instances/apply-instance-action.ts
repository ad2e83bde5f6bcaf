import type { Run } from "../../../../src/process/programs/run.ts";
import { docker, tryDocker } from "../../containers/docker.ts";
import { instanceContainer } from "../../containers/sandbox-names.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";
import type { ControllerLog } from "../controller-log.ts";
import { instanceArgv, type Launch } from "./instance-argv.ts";
import type { Conditions } from "../weather/conditions.ts";
import type { InstanceAction } from "./plan-instances.ts";
import { forgetInstance, writePhase, writeSeed } from "./instance-records.ts";

/** AWS's calls for instances. */
export interface InstanceCloud {
  readonly userData: (region: string, id: string) => Promise<Buffer>;
  readonly terminate: (region: string, id: string) => Promise<void>;
}

export interface InstanceApplyDeps {
  readonly run: Run;
  readonly cloud: InstanceCloud;
  readonly log: ControllerLog;
  readonly state: SandboxState;
  readonly folder: string;
  readonly conditions: Conditions;
}

export async function applyInstanceAction(
  deps: InstanceApplyDeps,
  action: InstanceAction,
): Promise<void> {
  deps.log.info(`instance ${action.type}`, { ...action });
  const container = instanceContainer(deps.state.name, action.id);
  switch (action.type) {
    case "launch":
      return launch(deps, action);
    case "halt":
      await writePhase(deps.folder, action.id, "halted");
      await docker(deps.run, ["stop", "-t", String(shutdownSeconds), container]);
      return;
    case "resume":
      await docker(deps.run, ["start", container]);
      await writePhase(deps.folder, action.id, "launched");
      return;
    case "give-up":
      return deps.cloud.terminate(action.region, action.id);
    case "remove":
      // As on EC2, the operating system gets a shutdown signal and little time.
      await tryDocker(deps.run, ["stop", "-t", String(shutdownSeconds), container]);
      await tryDocker(deps.run, ["rm", "--force", "--volumes", container]);
      return forgetInstance(deps.folder, action.id);
  }
}

async function launch(
  { run, cloud, state, folder, conditions }: InstanceApplyDeps,
  action: Launch,
): Promise<void> {
  await writeSeed(folder, action.id, await cloud.userData(action.region, action.id));
  try {
    await docker(run, instanceArgv(state, folder, action, conditions.bootSeconds));
  } catch (error) {
    // `docker run` keeps a container that it created and could not start. The next cycle would take it for a dead instance.
    await tryDocker(run, ["rm", "--force", "--volumes", instanceContainer(state.name, action.id)]);
    throw error;
  }
  await writePhase(folder, action.id, "launched");
}

const shutdownSeconds = 5;
