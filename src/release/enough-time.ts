import type { Reporter } from "../report/reporter.ts";
import { durationText } from "../report/text.ts";
import type { Serving } from "./observe/serving.ts";
import { neededTime, timeObjection } from "./plan/needed-time.ts";
import { wantedInstances } from "./plan/plan-release.ts";
import type { Intent } from "./plan/prepare.ts";
import type { Session } from "./session.ts";
import { strategies } from "./strategy/strategies.ts";
import type { Objection } from "./strategy/strategy.ts";

/**
 * The objection to a release whose credentials end before its waits do: it could not be rolled back. They are renewed first if that helps.
 * Where they last for the waits, but not for slow instances, that is a warning.
 */
export async function checkTime(
  {
    config,
    credentials,
    reporter,
  }: Pick<Session, "config" | "credentials"> & { readonly reporter: Pick<Reporter, "notify"> },
  { fleet, active }: Pick<Serving, "active" | "fleet">,
  { settings, force }: Pick<Intent, "force" | "settings">,
): Promise<readonly Objection[]> {
  const stages = strategies[settings.strategy].stages(settings);
  const instances = wantedInstances(fleet, active, config.instances.min);
  const { bootTimeoutSeconds } = config.instances;
  const times = { ...config.health, bootTimeoutSeconds };
  const needed = neededTime(settings, stages, times, instances);
  const warn = (text: string): void => reporter.notify({ type: "warning", text });
  const left = await credentials.lasting(needed.most);
  if (left === undefined) {
    if (credentials.isTemporary() && needed.least > usualSeconds) {
      warn(
        `the AWS credentials are temporary, and nothing says when they end; the release needs them for at least ${durationText(needed.least)}. Set AWS_CREDENTIAL_EXPIRATION, and it rolls back in time`,
      );
    }
    return [];
  }
  if (left < needed.least && !force) {
    return [timeObjection(left, needed, credentials.renewal())];
  }
  if (left < needed.most) {
    warn(
      `the AWS credentials end in ${durationText(Math.floor(left))}; the release rolls back before that if it is not done. For new ones: ${credentials.renewal()}`,
    );
  }
  return [];
}

/** Half of the hour that most sessions last. */
const usualSeconds = 1800;
