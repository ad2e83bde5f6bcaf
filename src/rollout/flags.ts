import type { Config } from "../config/schema.ts";

export interface ReleaseSettingFlags {
  readonly strategy?: string | undefined;
  readonly bake?: string | undefined;
  readonly timeout?: string | undefined;
  readonly keepPrevious?: string | undefined;
  readonly canaryWeight?: string | undefined;
}

export function releaseSettings(
  settings: Config["release"],
  flags: ReleaseSettingFlags,
): Config["release"] {
  return {
    ...settings,
    ...(flags.strategy ? { strategy: flags.strategy as never } : {}),
    ...(flags.bake ? { bakeSeconds: Number.parseInt(flags.bake, 10) } : {}),
  };
}
