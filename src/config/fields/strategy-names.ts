/** The strategies of a release. This file has no imports, because `--help` loads it. */
export const releaseStrategies = ["blue-green", "canary", "linear", "rolling", "recreate"] as const;

/** What `release.strategy` takes. `auto` is no strategy: each release chooses one. */
export const strategyChoices = [...releaseStrategies, "auto"] as const;
