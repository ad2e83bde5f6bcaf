import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";

/**
 * The target of a rollback: the newest good release before the serving one, or the newest good release of a version.
 * `records`: newest first. Throws CommandError (1) when there is none, (64) when the version is unknown.
 */
export function rollbackTarget(
  records: readonly ReleaseRecord[],
  active: ReleaseRecord,
  version: string | undefined,
): ReleaseRecord {
  const good = records.filter((record) => record.outcome === "succeeded");
  if (version === undefined) {
    const left = takenBack(good);
    const target = good.find(
      (record) =>
        record.release < active.release && !left.has(record.release) && !isSame(record, active),
    );
    if (target === undefined) {
      throw new CommandError("There is no earlier good release to roll back to.", {
        why: `${active.version} is the only good release`,
        next: "infer-deploy releases",
      });
    }
    return target;
  }
  // A user may still ask for a release that was rolled back, by its name.
  const target = [...good, ...records.filter(wasGood)].find((record) => record.version === version);
  if (target === undefined) {
    const known = [...new Set([...good, ...records.filter(wasGood)].map((one) => one.version))];
    throw new CommandError(`No good release has the version "${version}".`, {
      exitCode: exitCodes.usage,
      why: `the good ones are ${known.join(", ")}`,
      next: "infer-deploy releases",
    });
  }
  return target;
}

/** Whether version, image and settings are the same, so that a release would change nothing. */
export function isSame(
  one: Pick<ReleaseRecord, "version" | "digest" | "container">,
  other: Pick<ReleaseRecord, "version" | "digest" | "container">,
): boolean {
  return (
    one.version === other.version &&
    one.digest === other.digest &&
    stableText(one.container) === stableText(other.container)
  );
}

/** The releases that rollbacks replaced, including those whose rollback was killed before it could write that on their record. */
function takenBack(good: readonly ReleaseRecord[]): ReadonlySet<number> {
  return new Set(
    good.flatMap(({ kind, replaces }) =>
      kind === "rollback" && replaces !== null ? [replaces.release] : [],
    ),
  );
}

/** It served until a later rollback replaced it, and did not fail by itself. */
function wasGood(record: ReleaseRecord): boolean {
  return (
    record.outcome === "rolled-back" && record.finished !== null && record.taken_back_by !== null
  );
}

/** JSON with sorted keys, because the order of environment variables does not matter. */
function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
