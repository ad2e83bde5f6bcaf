import { join } from "node:path";
import type { Run } from "../../../../src/process/programs/run.ts";
import { docker, tryDocker } from "../../containers/docker.ts";
import { trustRoots } from "../../containers/certificates.ts";
import { writeAtomically } from "../../client/state-file.ts";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import type { ControllerLog } from "../controller-log.ts";
import { authorityBackend, authorityFiles, rootsFile } from "./authority-config.ts";
import type { AuthorityModel } from "./authority-model.ts";

export interface AuthorityDeps {
  readonly run: Run;
  readonly log: ControllerLog;
  /** The load balancer's container, in which the authority runs. */
  readonly container: string;
  /** The sandbox's folder. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Gives the authority its names and its settings, starts it while HAProxy does not reach it, and trusts its roots in the sandbox's name.
 * It ends by itself when HAProxy checks it no more; a region without a use for it has no such process.
 */
export function createAuthority({
  run,
  log,
  container,
  folder,
  now,
}: AuthorityDeps): (authority: AuthorityModel | null, rows: readonly ServerRow[]) => Promise<void> {
  const written = new Map<string, string>();
  let startedAt = Number.NEGATIVE_INFINITY;
  let trusted = "";

  const write = async (authority: AuthorityModel) => {
    for (const [path, text] of authorityFiles(authority)) {
      if (written.get(path) === text) continue;
      await writeAtomically(join(folder, "balancer", path), text);
      written.set(path, text);
      log.info("certificate authority set", { path, text });
    }
  };

  const start = async (rows: readonly ServerRow[]) => {
    const running = rows.some(
      ({ backend, status }) => backend === authorityBackend && status === "up",
    );
    if (running || now() - startedAt < startMilliseconds) return;
    startedAt = now();
    // A new process has new roots.
    trusted = "";
    await docker(run, ["exec", "--detach", container, "sandbox-entrypoint", "authority"]);
    log.info("certificate authority started");
  };

  /** The next cycle tries again: a new process makes its root first. */
  const trust = async (file: string) => {
    if (trusted === file) return;
    const root = await tryDocker(run, ["exec", container, "cat", file], { writes: false });
    if (root.exitCode !== 0) return;
    await trustRoots(folder, root.stdout);
    trusted = file;
    log.info("certificate authority trusted", { file });
  };

  return async (authority, rows) => {
    if (authority === null) return;
    await write(authority);
    await start(rows);
    await trust(rootsFile(authority.weather));
  };
}

// Longer than HAProxy needs to find a new process.
const startMilliseconds = 5000;
