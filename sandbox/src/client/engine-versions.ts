/** The Docker engines that instances can have, by the version that `sandbox start --engine` takes. The first one is the default. */
export const engineVersions = ["20.10", "26"] as const;

export type EngineVersion = (typeof engineVersions)[number];

export const [defaultEngine] = engineVersions;

export function isEngineVersion(text: string): text is EngineVersion {
  return engineVersions.some((version) => version === text);
}
