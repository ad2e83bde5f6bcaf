import { lstatSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

/** Owner, group and permission bits of a file, as `lstat` reports them. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/**
 * Whether only root can change the file: it and every folder above it belong to root, and no other user may write there. Links are
 * followed first. A program in such a place is as trusted as the system's own.
 */
export function isRootOwned(path: string, look: (path: string) => Ownership = lstatSync): boolean {
  try {
    return withParents(realpathSync(path)).every((one) => isRoots(look(one)));
  } catch {
    // It is gone, or a link leads nowhere.
    return false;
  }
}

function isRoots({ uid, gid, mode }: Ownership): boolean {
  const writers = gid === 0 ? 0o002 : 0o022;
  return uid === 0 && (mode & writers) === 0;
}

function withParents(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...withParents(parent)];
}
