import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRun } from "../../src/process/programs/execa-run.ts";
import type { SandboxDeps } from "../../sandbox/src/lifecycle/images.ts";
import { stopSandbox } from "../../sandbox/src/lifecycle/stop.ts";

/** A place for sandboxes that belong to one test file. */
export interface SandboxHome {
  readonly deps: SandboxDeps;
  /** The state folder of one of them. */
  readonly folder: (name: string) => string;
  readonly docker: (...args: string[]) => Promise<string>;
  /** Id and name of each container: the same container keeps both. */
  readonly containers: (name: string) => Promise<string[]>;
  /** Whatever of a sandbox is still there: containers, volumes, networks, files, processes. */
  readonly leftovers: (name: string) => Promise<string[]>;
  readonly remove: (...names: string[]) => Promise<void>;
}

export async function createSandboxHome(): Promise<SandboxHome> {
  const home = await mkdtemp(join(tmpdir(), "sandbox-e2e-"));
  const all = join(home, "infer-deploy", "sandbox");
  const run = createRun();
  const reporter = {
    notify: () => undefined,
    ask: async () => false,
    askLine: async () => undefined,
  };
  const deps: SandboxDeps = {
    run,
    reporter,
    env: { ...process.env, XDG_STATE_HOME: home },
    interrupts: { aborted: new AbortController().signal },
  };
  const docker = async (...args: string[]) => {
    const result = await run({ file: "docker", args, writes: true });
    if (result.exitCode !== 0) throw new Error(result.stderr);
    return result.stdout.trim();
  };
  const label = (name: string) => `label=infer-deploy.sandbox=${name}`;
  return {
    deps,
    folder: (name) => join(all, name),
    docker,
    containers: async (name) => {
      const args = ["ps", "--all", "--filter", label(name), "--format", "{{.ID}} {{.Names}}"];
      return (await docker(...args)).split("\n").filter(Boolean).toSorted();
    },
    leftovers: async (name) => {
      const kinds = [
        ["ps", "--all"],
        ["volume", "ls"],
        ["network", "ls"],
      ];
      const found = await Promise.all(
        kinds.map((kind) => docker(...kind, "--quiet", "--filter", label(name))),
      );
      const files = (await readdir(all)).filter((file) => file.startsWith(name));
      const traces = [label(name), `infer-deploy-${name}-`, join(all, name)];
      const processes = (await commandLines()).filter((command) =>
        traces.some((trace) => command.includes(trace)),
      );
      return [...found, ...files, ...processes].filter(Boolean);
    },
    remove: async (...names) => {
      for (const name of names) await stopSandbox(deps, name);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Looks five times a second until the value is good, for two minutes. */
export async function eventually<T>(
  look: () => Promise<T>,
  good: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
    await delay(200);
  }
}

async function commandLines(): Promise<string[]> {
  const ids = (await readdir("/proc").catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  return Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
}
