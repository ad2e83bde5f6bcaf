import { existsSync, lstatSync, mkdirSync, realpathSync, statSync, type Stats } from "node:fs";
import { enableCompileCache } from "node:module";
import { dirname, isAbsolute, join } from "node:path";

/**
 * Has Node keep compiled code between runs. Node runs what it finds there, so it must be a folder that no other user can write to; without one,
 * nothing is kept and nothing is said.
 */
export function keepCompiledCode(runner: Pick<NodeJS.Process, "env" | "cwd" | "getuid">): void {
  const folder = codeFolder(runner);
  if (folder !== undefined) enableCompileCache(folder);
}

function codeFolder({
  env,
  cwd,
  getuid,
}: Parameters<typeof keepCompiledCode>[0]): string | undefined {
  const caches = env["XDG_CACHE_HOME"] || (env["HOME"] && join(env["HOME"], ".cache"));
  // The XDG Base Directory Specification says to ignore relative paths.
  if (getuid === undefined || !caches || !isAbsolute(caches)) return undefined;
  try {
    if (isInProject(realpathSync(dirname(caches)), cwd())) return undefined;
    makeFolder(caches);
    const base = realpathSync(caches);
    if (isInProject(base, cwd()) || !isOurPlace(statSync(base), getuid())) return undefined;
    let folder = base;
    for (const name of ["infer-deploy", "code"]) {
      folder = join(folder, name);
      makeFolder(folder);
      if (!isOursAlone(lstatSync(folder), getuid())) return undefined;
    }
    return folder;
  } catch {
    return undefined;
  }
}

/** Not its parents: a home that is not there is not made. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

/** There it would become part of the image. */
function isInProject(folder: string, cwd: string): boolean {
  if (folder === cwd || existsSync(join(folder, "infer-deploy.yml"))) return true;
  const parent = dirname(folder);
  return parent !== folder && isInProject(parent, cwd);
}

/** Whether no other user can replace the folder. */
function isOurPlace({ uid: owner, mode }: Stats, uid: number): boolean {
  const isSticky = (mode & 0o1000) !== 0;
  return (owner === uid || owner === 0) && ((mode & 0o002) === 0 || isSticky);
}

function isOursAlone(facts: Stats, uid: number): boolean {
  return facts.isDirectory() && facts.uid === uid && (facts.mode & 0o022) === 0;
}
