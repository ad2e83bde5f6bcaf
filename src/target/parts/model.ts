import { bucketRegion, headObject, listKeys } from "../../aws/s3/model-objects.ts";
import { secretValueOf } from "../../aws/secrets/secret-value.ts";
import type { Deps } from "../../deps.ts";
import { createModel, type Model } from "../../model/model.ts";
import { secretPrefix, type Target } from "../target.ts";

/** The weights of a stack's releases. Asks nothing yet. */
export function openModel(
  deps: Pick<Deps, "fetchRegistry" | "interrupts">,
  { aws, config, placeOf }: Pick<Target, "aws" | "config" | "placeOf">,
): Model {
  const objects = {
    region: async (bucket: string) => bucketRegion(await aws.s3(), bucket),
    list: async (bucket: string, prefix: string) => listKeys(await aws.s3(), bucket, prefix),
    head: async (bucket: string, key: string, version?: string) =>
      headObject(await aws.s3(), bucket, key, version),
  };
  const token = async (): Promise<string | undefined> => {
    const name = config.model?.token ?? null;
    if (name === null) return undefined;
    return secretValueOf(await aws.secretsManager(), `${secretPrefix(config)}${name}`);
  };
  const { fetchRegistry: fetcher, interrupts } = deps;
  return createModel(
    { objects, fetch: fetcher, signal: interrupts.aborted, token },
    config,
    placeOf,
  );
}
