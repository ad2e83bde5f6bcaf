import { setTimeout as delay } from "node:timers/promises";
import type { ReleaseProject } from "./release-project.ts";
import type { RunningCli } from "./running-cli.ts";
import { eventually } from "./sandbox-home.ts";

/** Starts a release and resolves when it has all traffic; it would be watched for minutes. */
export async function startWatchedRelease(
  app: ReleaseProject,
  version: string,
): Promise<RunningCli> {
  const release = app.startRelease(version, { args: ["--bake", "10m"] });
  await release.waitFor(new RegExp(`Give ${version} all traffic`));
  await eventually(
    async () => (await app.status()).rollout?.step,
    (step) => step === "bake",
  );
  // The step begins in the moment in which the traffic moves: the first users' requests come after it.
  await delay(1000);
  return release;
}
