import { readFile } from "node:fs/promises";
import { CommandError } from "../../errors/command-error.ts";
import { thisCommand } from "../../errors/printed-commands.ts";
import { lastLine } from "../../process/programs/last-line.ts";
import type { Run } from "../../process/programs/run.ts";
import { trialArgv, type TrialContainer } from "./container-argv.ts";
import { listeningPorts, type Listening } from "./listening.ts";

/** One container of the trial. */
export interface Trialled {
  /** Its state, and the ports of this machine by those of the container. */
  readonly look: () => Promise<{
    readonly isRunning: boolean;
    readonly exitCode: number;
    readonly ports: ReadonlyMap<number, number>;
  }>;
  /** Undefined where the container's sockets cannot be read: its image has no `cat`, and the engine is on another machine. */
  readonly listening: () => Promise<Listening | undefined>;
  /** Its last output. */
  readonly log: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** The settings of an image, its bases' included. Null when the engine does not know it. */
export async function inspectImage(run: Run, image: string): Promise<ImageSettings | null> {
  const args = ["image", "inspect", "--format", "{{json .Config}}", "--", image];
  const { exitCode, stdout } = await run({ file: "docker", args, writes: false });
  if (exitCode !== 0) return null;
  const config = JSON.parse(stdout.trim()) as {
    readonly User?: string;
    readonly Env?: readonly string[] | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  };
  return {
    user: config.User ?? "",
    env: Object.fromEntries(
      (config.Env ?? []).map((line) => {
        const at = line.indexOf("=");
        return [line.slice(0, at), line.slice(at + 1)] as const;
      }),
    ),
    ports: Object.keys(config.ExposedPorts ?? {})
      .filter((port) => port.endsWith("/tcp"))
      .map((port) => Number.parseInt(port)),
  };
}

export interface ImageSettings {
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

/** Starts a container in the local engine. Throws CommandError when Docker refuses it. */
export async function startTrial(run: Run, container: TrialContainer): Promise<Trialled> {
  const { name } = container;
  const docker = async (...args: readonly string[]) => run({ file: "docker", args, writes: true });
  const remove = async (): Promise<void> => {
    await docker("rm", "--force", "--volumes", name);
  };
  const started = await docker(...trialArgv(container));
  if (started.exitCode !== 0) {
    await remove();
    throw new CommandError("Docker could not start the container.", {
      why: lastLine(started.stderr),
      next: `${thisCommand} --no-run`,
    });
  }
  const inspect = async (): Promise<Inspected> => {
    const { stdout } = await docker("inspect", "--format", "{{json .}}", name);
    return JSON.parse(stdout.trim()) as Inspected;
  };
  return {
    look: async () => {
      const { State: state, NetworkSettings: network } = await inspect();
      return {
        isRunning: state.Running,
        exitCode: state.ExitCode,
        ports: new Map(
          Object.entries(network.Ports ?? {}).flatMap(([port, bound]) =>
            bound?.[0] === undefined ? [] : [[Number.parseInt(port), Number(bound[0].HostPort)]],
          ),
        ),
      };
    },
    listening: async () => {
      const inside = await docker("exec", name, "cat", "/proc/net/tcp", "/proc/net/tcp6");
      if (inside.stdout.includes("local_address")) return listeningPorts(inside.stdout);
      const { Id: id, State: state } = await inspect();
      const tables = await readOnHost(id, state.Pid);
      return tables === undefined ? undefined : listeningPorts(tables);
    },
    log: async () => {
      const { stdout, stderr } = await docker("logs", "--tail", "60", name);
      return `${stdout}\n${stderr}`.trim();
    },
    remove,
  };
}

/** The parts of `docker inspect` that are used. */
interface Inspected {
  readonly Id: string;
  readonly State: { readonly Running: boolean; readonly ExitCode: number; readonly Pid: number };
  readonly NetworkSettings: {
    readonly Ports: Readonly<
      Record<string, readonly { readonly HostPort: string }[] | null>
    > | null;
  };
}

/** The number is that of the engine's machine; only a process of this container, on this one, has its id in its control groups. */
async function readOnHost(id: string, pid: number): Promise<string | undefined> {
  try {
    const groups = await readFile(`/proc/${pid}/cgroup`, "utf8");
    if (pid === 0 || !groups.includes(id)) return undefined;
    const tables = ["tcp", "tcp6"].map(async (table) =>
      readFile(`/proc/${pid}/net/${table}`, "utf8"),
    );
    return (await Promise.all(tables)).join("\n");
  } catch {
    return undefined;
  }
}
