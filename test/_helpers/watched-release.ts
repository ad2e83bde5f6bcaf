import { type Load, versionsOf } from "./load.ts";
import type { ReleaseProject } from "./release-project.ts";
import type { RunningCli } from "./running-cli.ts";
import { eventually } from "./sandbox-home.ts";

/** Starts a release and resolves when it has all traffic and has answered some of the load; it would be watched for minutes. */
export async function startWatchedRelease(
  app: ReleaseProject,
  version: string,
  load: Load,
): Promise<RunningCli> {
  const release = app.startRelease(version, { args: ["--bake", "10m"] });
  await release.waitFor(new RegExp(`Give ${version} all traffic`));
  await eventually(
    async () => (await app.status()).rollout?.step,
    (step) => step === "bake",
  );
  // The step begins in the moment in which the traffic moves: the first request may come after it.
  await eventually(
    async () => versionsOf(load.samples),
    (seen) => seen.includes(version),
  );
  return release;
}
