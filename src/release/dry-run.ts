import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import type { DryRunDocument } from "../views/dry-run.ts";
import { planLines } from "./plan/plan-lines.ts";
import { readJournal } from "../state/journal.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { clear, prepare, type Intent } from "./clearance.ts";
import { containerSettings } from "./plan/new-record.ts";
import { existingImage, type ImageRequest } from "./resolve-image.ts";
import { isSame } from "./plan/rollback-target.ts";
import { readServing } from "./observe/serving.ts";

/** What a release would do, and what speaks against it. Reads only. */
export async function describeRelease(
  deps: Pick<Deps, "clock">,
  target: Target,
  stack: StackRecord,
  request: ImageRequest,
  intent: Omit<Intent, "who">,
): Promise<DryRunDocument> {
  const isBuilt = request.build && request.fromImage === undefined;
  const [serving, journal, image] = await Promise.all([
    readServing(target, stack),
    readJournal(target.store),
    isBuilt ? undefined : existingImage(target, stack, request),
  ]);
  const { objections, alarms } = await clear(target, stack, serving, intent);
  const version = image?.version ?? request.version ?? "the new version";
  const content = {
    version,
    digest: image?.digest ?? "",
    context_hash: "",
    container: containerSettings(target.config, stack),
  };
  const { plan, record } = prepare(deps, target, stack, serving, {
    intent: { ...intent, who: "" },
    content,
    alarms,
  });
  const isUnfinished = journal !== undefined && journal.outcome === null;
  const steps = isSame(content, serving.active)
    ? []
    : [
        ...(isUnfinished
          ? [`put right release ${journal.release}, which was left at the step "${journal.step}"`]
          : []),
        ...(isBuilt
          ? ["build the image", `push it${request.version === undefined ? "" : ` as ${version}`}`]
          : []),
        ...planLines(plan),
      ];
  return {
    schema_version: 1,
    name: stack.name,
    environment: stack.environment,
    region: stack.region,
    release: record.release,
    version: image?.version ?? request.version ?? null,
    digest: image?.digest ?? null,
    serving: serving.active.version,
    strategy: plan.strategy,
    alarms,
    steps,
    objections: objections.map(({ what, next }) => ({ what, next })),
  };
}
