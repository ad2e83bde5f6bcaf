/**
 * Takes the recorded checksums out of a `.terraform.lock.hcl` and leaves the versions. A provider that came
 * from a filesystem mirror is recorded with the checksum of one platform only, so the same file is refused on
 * another; without checksums `init` takes the same version there and records its own.
 */
export function withoutChecksums(lockFile: string): string {
  return lockFile.replaceAll(/^[ \t]*hashes[ \t]*=[ \t]*\[[^\]]*\][ \t]*\r?\n/gm, "");
}

/** The version that a lock file records for the provider `address`, such as `registry.terraform.io/hashicorp/aws`. */
export function lockedVersion(lockFile: string, address: string): string | undefined {
  const block = lockFile.split(/^provider /m).find((text) => text.startsWith(`"${address}"`));
  return /^[ \t]*version[ \t]*=[ \t]*"([^"]+)"/m.exec(block ?? "")?.[1];
}

/** A lock file with which `init` takes this version, and records the checksums of its package. */
export function lockFileFor(address: string, version: string): string {
  return `provider "${address}" {\n  version = "${version}"\n}\n`;
}
