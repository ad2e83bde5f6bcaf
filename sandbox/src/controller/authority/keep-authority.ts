import { join } from "node:path";
import { tryDocker } from "../../containers/docker.ts";
import { trustRoots } from "../../containers/certificates.ts";
import { writeAtomically } from "../../client/state-file.ts";
import { createStarter, type ProcessDeps } from "../balancer/keep-process.ts";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import type { ControllerLog } from "../controller-log.ts";
import { authorityBackend, authorityFiles, rootsFile } from "./authority-config.ts";
import type { AuthorityModel } from "./authority-model.ts";

export interface AuthorityDeps extends ProcessDeps {
  readonly log: ControllerLog;
  /** The sandbox's folder. */
  readonly folder: string;
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
  const start = createStarter(
    { run, container, now },
    { backend: authorityBackend, program: "authority" },
  );
  let trusted = "";

  const write = async (authority: AuthorityModel) => {
    for (const [path, text] of authorityFiles(authority)) {
      if (written.get(path) === text) continue;
      await writeAtomically(join(folder, "balancer", path), text);
      written.set(path, text);
      log.info("certificate authority set", { path, text });
    }
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
    if (await start(rows)) {
      // A new process has new roots.
      trusted = "";
      log.info("certificate authority started");
    }
    await trust(rootsFile(authority.weather));
  };
}
