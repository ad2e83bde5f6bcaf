/**
 * Takes the recorded checksums out of a `.terraform.lock.hcl` and leaves the versions. A provider that came
 * from a filesystem mirror is recorded with the checksum of one platform only, so the same file is refused on
 * another; without checksums `init` takes the same version there and records its own.
 */
export function withoutChecksums(lockFile: string): string {
  return lockFile.replaceAll(/^[ \t]*hashes[ \t]*=[ \t]*\[[^\]]*\][ \t]*\r?\n/gm, "");
}
