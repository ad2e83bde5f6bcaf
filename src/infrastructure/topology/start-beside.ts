import { CommandError } from "../../errors/command-error.ts";
import { throwUnlessSucceeded } from "../../release/end/finish.ts";
import { addressQuestion } from "../../release/observe/address.ts";
import { planFirst } from "../../release/plan/plan-release.ts";
import { executeUnrecorded } from "../../release/run/execute.ts";
import type { Session } from "../../release/session.ts";
import { topologyText } from "../../stack/topology-text.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { topologyOf } from "../../state/stack-record.ts";

/**
 * Starts the release that serves on the parts of the session too, and waits until they answer with it. Both topologies follow the same
 * pointers, so nothing restarts.
 * Throws CommandError (1) when they do not. Their instances are stopped then, and the present parts serve on.
 */
export async function startBeside(session: Session, record: ReleaseRecord): Promise<void> {
  const { config, door, stack } = session;
  const { instances, health } = config;
  const seconds = instances.bootTimeoutSeconds + health.timeoutSeconds;
  const plan = planFirst(record, instances.min, seconds);
  const { colour } = record;
  // A run before this one may have begun with another release.
  await door.setWeights({ blue: colour === "blue" ? 100 : 0, green: colour === "green" ? 100 : 0 });
  const ending = await executeUnrecorded(session, {
    plan,
    record,
    probe: null,
    address: addressQuestion(config, stack),
  });
  if (ending.outcome === "succeeded" && !ending.stuck) return;
  if (ending.outcome === "cancelled") throwUnlessSucceeded(session, plan, ending);
  const { failure } = ending;
  const place = topologyText(topologyOf(stack.outputs));
  throw new CommandError(`${record.version} does not serve on ${place}.`, {
    ...(failure === null
      ? {}
      : { where: failure.where, why: failure.cause, detail: failure.detail }),
    next: `${record.version} serves where it did. infer-deploy up tries again; to go back, set topology back in infer-deploy.yml and run infer-deploy up, which deletes what was built`,
  });
}
