/** The strategies that a release can be asked for. Without imports, because `--help` lists them. */
export const releaseStrategies = ["blue-green", "canary", "linear", "rolling"] as const;
