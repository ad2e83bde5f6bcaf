import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { forecastUp } from "../infrastructure/forecast.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { infrastructureDeps } from "../target/infrastructure-deps.ts";
import { openTarget } from "../target/open-target.ts";
import { planDocument, planScreen } from "../views/plan.ts";

export interface PlanFlags {
  readonly detailedExitcode: boolean;
  readonly refreshAmi: boolean;
}

/** What `up` would change, in the infrastructure and as a release. Exits with 2 for changes when asked to. */
export async function plan(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: PlanFlags,
): Promise<number> {
  const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
  const forecast = await forecastUp(infrastructureDeps(deps, target, flags), own);
  const findings = { ...forecast, config: target.config };
  const document = planDocument(findings);
  deps.out(flags.json ? jsonText(document) : planScreen(findings));
  return document.has_changes && own.detailedExitcode ? exitCodes.changes : exitCodes.done;
}
