import type { StackInput } from "./stack-input.ts";

/**
 * Names of the secrets that instances may read: the configuration's, and those that it had before. A running release, or one that a rollback
 * returns to, may still need them.
 */
export function readableSecrets(
  { secrets }: Pick<StackInput, "secrets">,
  before: readonly string[] = [],
): readonly string[] {
  return [...new Set([...Object.keys(secrets), ...before])].toSorted();
}

/** What instances may read of models in S3, as BUCKET/PREFIX: the configuration's, and what it had before, as for secrets. */
export function readableModels(
  { model }: Pick<StackInput, "model">,
  before: readonly string[] = [],
): readonly string[] {
  const own = model?.from.kind === "s3" ? [`${model.from.bucket}/${model.from.prefix}`] : [];
  return [...new Set([...own, ...before])].toSorted();
}
