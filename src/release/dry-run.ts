import type { ReleaseRecord } from "../state/release-record.ts";
import { readJournal } from "../state/journal.ts";
import type { RolloutPlan } from "../state/rollout-plan.ts";
import { clear, roomWarnings } from "./clearance.ts";
import { checkTime } from "./enough-time.ts";
import { readServing } from "./observe/serving.ts";
import { chooseStrategy } from "./plan/choose-strategy.ts";
import { containerSettings } from "./plan/container-settings.ts";
import { prepare, type Intent, type Wish } from "./plan/prepare.ts";
import { isSame } from "./plan/rollback-target.ts";
import { foreseenImage, isBuilt, isTaken, type ImageRequest } from "./image/resolve-image.ts";
import { forecastScan } from "./image/scan.ts";
import { newestSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import { strategies } from "./strategy/strategies.ts";
import type { Objection } from "./strategy/strategy.ts";

/** The steps of a release, and the objections to it. */
export interface Forecast {
  readonly plan: RolloutPlan;
  readonly active: ReleaseRecord;
  /** Why `auto` chose the strategy; null when the user chose. */
  readonly strategyReason: string | null;
  /** Null when the name depends on an image that is not built yet. */
  readonly version: string | null;
  readonly digest: string | null;
  readonly alarms: readonly string[];
  /** Empty when the version is already serving. */
  readonly steps: readonly string[];
  readonly objections: readonly Objection[];
  readonly warnings: readonly string[];
}

/** Reads only. */
export async function forecastRelease(
  session: Pick<
    Session,
    | "alarms"
    | "clock"
    | "config"
    | "credentials"
    | "door"
    | "ecr"
    | "fleet"
    | "model"
    | "referenced"
    | "reporter"
    | "roomFor"
    | "secrets"
    | "stack"
    | "store"
  >,
  request: ImageRequest,
  wish: Omit<Wish, "who">,
): Promise<Forecast> {
  const { config, stack, store } = session;
  const { outputs } = stack;
  const [serving, journal, image] = await Promise.all([
    readServing(session, stack),
    readJournal(store),
    foreseenImage(session, request),
  ]);
  const minimum = config.instances.min;
  const chosen = await chooseStrategy(wish.settings, { ...session, ...serving, minimum });
  const intent: Intent = { ...wish, settings: chosen.settings, who: "" };
  const clearance = await clear(session.alarms, outputs, serving, intent, minimum);
  const { objections, alarms, warnings } = clearance;
  const found = intent.force ? [] : await forecastScan(session, image?.digest);
  const version = image?.version ?? request.version ?? "the new version";
  const content = {
    version,
    digest: image?.digest ?? "",
    context_hash: "",
    container: containerSettings(
      config,
      outputs,
      await newestSecrets(session),
      await session.model.find(),
    ),
  };
  const now = session.clock.now();
  const { plan } = prepare({ outputs, serving, intent, content, alarms, minimum, now });
  const repair =
    journal !== undefined && journal.outcome === null
      ? [`repair release ${journal.release}, which was interrupted at the step "${journal.step}"`]
      : [];
  const name = request.version === undefined ? "" : ` as ${version}`;
  const build = isBuilt(session, request)
    ? ["build the image", `push it${name}`]
    : isTaken(session, request)
      ? [`copy ${config.image.ref} to the stack's repository${name}`]
      : [];
  return {
    plan,
    active: serving.active,
    strategyReason: chosen.reason,
    version: image?.version ?? request.version ?? null,
    digest: image?.digest ?? null,
    alarms,
    steps: isSame(content, serving.active)
      ? []
      : [...repair, ...build, ...strategies[plan.strategy].describe(plan)],
    objections: [...objections, ...(await checkTime(session, serving, intent)), ...found],
    warnings: [...warnings, ...(await roomWarnings(session, serving, intent))],
  };
}
