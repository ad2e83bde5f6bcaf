import { findImage } from "../aws/ecr/registry.ts";
import type { ReleaseConfig, ReleaseSettings } from "../config/schema/release.ts";
import { CommandError } from "../errors/command-error.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { clear } from "./clearance.ts";
import { explainBlockedProbe } from "./end/blocked-probe.ts";
import { protectImages, reportLeftBehind, throwUnlessSucceeded } from "./end/finish.ts";
import { checkTime } from "./enough-time.ts";
import { addressQuestion } from "./observe/address.ts";
import { isServing } from "./observe/judge.ts";
import { readServing, type Serving } from "./observe/serving.ts";
import { refuse } from "./plan/objections.ts";
import { prepare, type Intent, type Wish } from "./plan/prepare.ts";
import { recover } from "./recover.ts";
import type { Progress, Released } from "./release.ts";
import { execute } from "./run/execute.ts";
import { requireItsSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";

/**
 * Starts the serving version's containers again, without losing a request: with the same image, environment and secrets. To the stack that
 * is a release of what serves, so a killed restart is repaired as one, and instances that start meanwhile know what to run.
 * Call it with the lock held. Throws the same CommandErrors as a release.
 */
export async function restartVersion(
  session: Session,
  wish: Wish,
  progress: Progress,
): Promise<Released> {
  const { alarms, clock, config, stack } = session;
  const { outputs } = stack;
  const address = addressQuestion(config, stack);
  await recover(session, { probe: config.release.probe, address });
  const serving = await readServing(session, stack);
  const { active } = serving;
  await requireImage(session, active);
  await requireItsSecrets(session.secrets, active);
  await session.model.requireOf(active);
  const settings = restartSettings(wish.settings, serving, config.topology);
  const gentle: Intent = { ...wish, settings };
  const minimum = config.instances.min;
  const clearance = await clear(alarms, outputs, serving, gentle, minimum);
  refuse(clearance.objections, active.version);
  await checkTime(session, serving, gentle);

  const { record, plan } = prepare({
    ...{ outputs, serving, intent: gentle, content: active, minimum },
    ...{ alarms: clearance.alarms, now: clock.now() },
  });
  progress.record = record;
  const done = await execute(session, { plan, record, probe: settings.probe, address });
  progress.record = done.record;
  const left = reportLeftBehind(session, plan, done.ending);
  throwUnlessSucceeded(session, plan, await explainBlockedProbe(session, done.ending));
  await protectImages(session, [done.record]);
  return { record: done.record, changed: true, left };
}

/**
 * In place, a few instances at a time, while another one serves. With a single instance, on a single machine, and where no instance is healthy, the
 * idle colour takes over. The version has proven itself, so it is not watched.
 */
export function restartSettings(
  settings: ReleaseConfig,
  { active, fleet }: Pick<Serving, "active" | "fleet">,
  topology: "fleet" | "single",
): ReleaseSettings {
  const own = fleet.instances.filter(({ colour }) => colour === active.colour);
  const count = own.length;
  const serves = own.some((instance) => isServing(instance, active.deployment));
  const quick = { ...settings, bakeSeconds: 0, keepPreviousSeconds: leastKeepSeconds };
  if (topology === "single" || count < 2 || !serves) return { ...quick, strategy: "blue-green" };
  const batch = Math.min(settings.rolling.batch, count - 1);
  return { ...quick, strategy: "rolling", rolling: { ...settings.rolling, batch } };
}

/** Instances that start meanwhile have to pull it. */
async function requireImage(
  { ecr, stack }: Pick<Session, "ecr" | "stack">,
  { digest, image, version }: ReleaseRecord,
): Promise<void> {
  const found = await findImage(await ecr(), stack.outputs.repository_name, digest);
  if (found !== undefined) return;
  throw new CommandError(`The image of ${version} is no longer in the registry.`, {
    where: image,
    next: "release this version again from its sources",
  });
}

/** The old containers serve the same version, so nothing returns to them. */
const leastKeepSeconds = 60;
